import type { Instant } from '@watchbill/core';
import {
  countLiveFactSheetLinks,
  findScheduleSummary,
  insertFactSheetLink,
  isoInstant,
  newId,
} from '@watchbill/database';
import { refuseUnlessManager } from '../access/caller.ts';
import { hashSecret } from '../access/secret.ts';
import type { CommandResult } from '../command.ts';
import { type CommandContext, done, refuse, runCommand } from '../run-command.ts';
import { newFactSheetSecret } from './fact-sheet-secret.ts';

/** How many links of one schedule may work at once. */
export const MAX_FACT_SHEET_LINKS = 100;

export interface CreateFactSheetLinkInput {
  readonly schedule: string;
  /** False: whoever has the link sees first names only. */
  readonly fullNames: boolean;
  /** Real time; null: until it is revoked. */
  readonly expiresAt: Instant | null;
}

/** A link just made. `secret` is null where the answer is a stored one: the secret itself is stored nowhere. */
export interface IssuedFactSheetLink {
  readonly id: string;
  readonly schedule: string;
  readonly fullNames: boolean;
  readonly expiresAt: string | null;
  readonly secret: string | null;
}

/**
 * Makes a secret address at which anybody reads the fact sheet of a schedule. Refuses whoever does not manage it, a
 * schedule that is unknown or retired, a time that is past, and more than `MAX_FACT_SHEET_LINKS`.
 */
export function createFactSheetLink(
  context: CommandContext,
  input: CreateFactSheetLinkInput,
): Promise<CommandResult<IssuedFactSheetLink>> {
  const { schedule, fullNames, expiresAt } = input;
  const call = {
    name: 'createFactSheetLink',
    input: { schedule, fullNames, expiresAt },
    remember: (issued: IssuedFactSheetLink) => ({ ...issued, secret: null }),
  };
  return runCommand(context, call, async (tx) => {
    const row = await findScheduleSummary(tx, schedule);
    if (row === null || row.retiredAt !== null) {
      return refuse('not_found', 'schedule/not-found', { message: 'There is no schedule with this id.' });
    }
    const refused = await refuseUnlessManager(tx, context.caller, schedule);
    if (refused !== null) return refused;
    if (expiresAt !== null && expiresAt <= Date.now()) {
      return refuse('invalid', 'fact-sheet/expired', {
        message: 'expiresAt is past; choose a time to come.',
      });
    }
    if ((await countLiveFactSheetLinks(tx, schedule)) >= MAX_FACT_SHEET_LINKS) {
      const message = `There are ${MAX_FACT_SHEET_LINKS} links to this fact sheet. Revoke those that nobody uses.`;
      return refuse('limit', 'limit/fact-sheet-links', { message });
    }
    const id = newId('fsl');
    const secret = newFactSheetSecret();
    await insertFactSheetLink(tx, {
      ...{ id, schedule, fullNames, expiresAt },
      ...{ hash: hashSecret(secret), createdBy: context.actor },
    });
    const until = expiresAt === null ? null : isoInstant(expiresAt);
    return done({ id, schedule, fullNames, expiresAt: until, secret });
  });
}
