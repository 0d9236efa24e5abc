import {
  countIntakesLocked,
  type IntakeKind,
  type IntakeRow,
  type IntakeSettings,
  insertIntake,
  insertIntakeKey,
  newId,
} from '@watchbill/database';
import { hashSecret } from '../access/secret.ts';
import type { CommandResult } from '../command.ts';
import { type CommandContext, done, refuse, runCommand } from '../run-command.ts';
import { newIntakeKey } from './intake-key.ts';
import { targetProblem } from './intake-target.ts';
import { readIntake } from './read-intake.ts';

/** How many intakes there may be. */
export const MAX_INTAKES = 2_000;

export interface CreateIntakeInput {
  readonly name: string;
  readonly kind: IntakeKind;
  /** Whom its pages call: either an escalation policy or a schedule. */
  readonly policy?: string | null | undefined;
  readonly schedule?: string | null | undefined;
  readonly settings?: IntakeSettings | undefined;
  /** With which the sender signs what it sends; without it the key alone is asked for. */
  readonly signingSecret?: string | null | undefined;
}

/** An intake with a new key. `key` is null where the answer is a stored one: it is shown once. */
export interface IssuedIntake {
  readonly intake: IntakeRow;
  readonly key: string | null;
}

/** Makes a door for one program's signals. Refuses a policy or schedule that is not there. */
export function createIntake(
  context: CommandContext,
  input: CreateIntakeInput,
): Promise<CommandResult<IssuedIntake>> {
  const { name, kind, settings = {}, signingSecret = null } = input;
  const target = { policy: input.policy ?? null, schedule: input.schedule ?? null };
  const call = {
    name: 'createIntake',
    // Of the secret only its hash, for comparing: what is compared is stored.
    input: { name, kind, ...target, settings, signed: hashOrNull(signingSecret) },
    remember: (issued: IssuedIntake) => ({ ...issued, key: null }),
  };
  return runCommand(context, call, async (tx) => {
    const wrong = await targetProblem(tx, target);
    if (wrong !== null) return { ok: false, error: wrong };
    if ((await countIntakesLocked(tx)) >= MAX_INTAKES) {
      const message = `There are ${MAX_INTAKES} intakes already, as many as there may be.`;
      return refuse('limit', 'limit/intakes', { message });
    }
    const id = newId('int');
    const key = newIntakeKey();
    await insertIntake(tx, { id, name, kind, ...target, settings, signingSecret, createdBy: context.actor });
    await insertIntakeKey(tx, id, hashSecret(key));
    return done({ intake: await readIntake(tx, id), key });
  });
}

function hashOrNull(secret: string | null): string | null {
  return secret === null ? null : hashSecret(secret).toString('hex');
}
