import { randomInt, timingSafeEqual } from 'node:crypto';
import {
  contactCode,
  countCodeTry,
  type Database,
  lockContactMethod,
  markContactVerified,
  setContactCode,
  type Transaction,
} from '@watchbill/database';
import { ownOrManager } from '../access/caller.ts';
import { hashSecret } from '../access/secret.ts';
import type { CommandError, CommandResult } from '../command.ts';
import { type CommandContext, done, refuse, runCommand } from '../run-command.ts';
import { askForCode } from './add-contact-method.ts';

export const CODE_LIFE_MS = 15 * 60_000;
/** Wrong codes before another one has to be sent: a million codes, five guesses. */
export const MAX_CODE_TRIES = 5;
/** Another code is sent this long after the last at the earliest: nobody's telephone is filled by a stranger. */
export const CODE_AGAIN_MS = 60_000;

type Refusal = { readonly ok: false; readonly error: CommandError };

/** Makes a code for a method that waits to be verified; what is stored is its hash. Null when none is wanted any more. */
export function issueContactCode(database: Database, contactMethod: string): Promise<string | null> {
  return database.transaction(async (tx) => {
    const code = String(randomInt(0, 1_000_000)).padStart(6, '0');
    const hash = hashSecret(`${contactMethod} ${code}`);
    const wanted = await setContactCode(tx, contactMethod, { hash, expiresAt: Date.now() + CODE_LIFE_MS });
    return wanted ? code : null;
  });
}

/** Sends another code to a method that waits to be verified. */
export function resendContactCode(
  context: CommandContext,
  input: { readonly contactMethod: string },
): Promise<CommandResult<{ readonly id: string }>> {
  return runCommand(context, { name: 'resendContactCode', input }, async (tx) => {
    const held = await holdUnverified(tx, context, input.contactMethod);
    if (held !== null) return held;
    const code = await contactCode(tx, input.contactMethod);
    const again = (code?.sentAt ?? 0) + CODE_AGAIN_MS - Date.now();
    if (again > 0) {
      const message = `A code was sent just now. Ask for another one in ${Math.ceil(again / 1000)} seconds.`;
      return refuse('limit', 'contact/code-too-soon', { message });
    }
    await askForCode(tx, input.contactMethod);
    return done({ id: input.contactMethod });
  });
}

/** Verifies a method by the code that was sent to it. A wrong code counts, also though the command refuses. */
export async function verifyContactMethod(
  context: CommandContext,
  input: { readonly contactMethod: string; readonly code: string },
): Promise<CommandResult<{ readonly id: string }>> {
  const { contactMethod } = input;
  const call = { name: 'verifyContactMethod', input: { contactMethod } };
  const result = await runCommand<{ readonly id: string }>(context, call, async (tx) => {
    const held = await holdUnverified(tx, context, contactMethod);
    if (held !== null) return held;
    const code = await contactCode(tx, contactMethod);
    if (code?.hash == null || (code.expiresAt ?? 0) <= Date.now() || code.tries >= MAX_CODE_TRIES) {
      const message = 'There is no code to compare with any more. Ask for another one.';
      return refuse('conflict', 'contact/no-code', { message });
    }
    const given = hashSecret(`${contactMethod} ${input.code.trim()}`);
    if (!timingSafeEqual(given, code.hash)) {
      return refuse('invalid', 'contact/wrong-code', { message: 'This is not the code that was sent.' });
    }
    await markContactVerified(tx, contactMethod);
    return done({ id: contactMethod });
  });
  // A refused command keeps nothing, and a guess has to be kept.
  if (!result.ok && result.error.reason === 'contact/wrong-code') {
    await countCodeTry(context.database, contactMethod);
  }
  return result;
}

async function holdUnverified(tx: Transaction, context: CommandContext, id: string): Promise<Refusal | null> {
  const row = await lockContactMethod(tx, id);
  if (row === null) return unknownMethod();
  const refused = await ownOrManager(tx, context.caller, { person: row.person, schedule: null });
  if (refused !== null) return refused;
  if (row.verifiedAt === null) return null;
  return refuse('conflict', 'contact/verified', { message: 'This way is verified already.' });
}

export function unknownMethod(): Refusal {
  return refuse('not_found', 'contact/not-found', { message: 'There is no such way to reach anybody.' });
}
