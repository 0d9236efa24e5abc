import { createHash, randomInt } from 'node:crypto';
import {
  countConnectAttempt,
  countConnectCodes,
  dropConnectCodes,
  insertConnectCode,
  isoInstant,
  lockSlackLinks,
  readNames,
  type SlackAccount,
  saveSlackLink,
  takeConnectCode,
} from '@watchbill/database';
import { ownOrManager } from '../access/caller.ts';
import type { CommandResult } from '../command.ts';
import { type CommandContext, done, refuse, runCommand } from '../run-command.ts';
import type { LinkedPerson } from './link-person.ts';

/** How long a code is good, in ms of real time. */
export const CONNECT_CODE_MS = 15 * 60_000;
/** How many good codes a person may have at once. */
export const MAX_CONNECT_CODES = 3;
/** How many codes an account may try within the life of one. */
export const MAX_CONNECT_ATTEMPTS = 5;

/** Without letters and digits that look alike. */
const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const GROUP_LENGTH = 4;

export interface IssuedConnectCode {
  readonly person: string;
  /** `ABCD-2345`; null where the answer is a stored one: the code itself is stored nowhere. */
  readonly code: string | null;
  readonly expiresAt: string;
}

/** Makes a one-time code with which a person links their account: they type it after `/oncall connect`. */
export function createConnectCode(
  context: CommandContext,
  input: { readonly person: string },
): Promise<CommandResult<IssuedConnectCode>> {
  const call = {
    name: 'createConnectCode',
    input,
    remember: (issued: IssuedConnectCode) => ({ ...issued, code: null }),
  };
  return runCommand(context, call, async (tx) => {
    const { person } = input;
    if (!(await readNames(tx, [person])).has(person)) {
      return refuse('not_found', 'person/not-found', { message: `There is no person "${person}".` });
    }
    const refused = await ownOrManager(tx, context.caller, { person, schedule: null });
    if (refused !== null) return refused;
    if ((await countConnectCodes(tx, person)) >= MAX_CONNECT_CODES) {
      return refuse('limit', 'slack/too-many-codes', {
        message: `There are ${MAX_CONNECT_CODES} good codes for ${person} already. Use one, or wait 15 minutes.`,
      });
    }
    const code = newCode();
    const stored = { hash: hashOf(code), person, createdBy: context.actor, forMs: CONNECT_CODE_MS };
    const expiresAt = await insertConnectCode(tx, stored);
    return done({ person, code, expiresAt: isoInstant(expiresAt) });
  });
}

/** Links an account by a code. Each try counts, also a wrong one, so that codes cannot be guessed. */
export async function redeemConnectCode(
  context: CommandContext,
  input: SlackAccount & { readonly code: string },
): Promise<CommandResult<LinkedPerson>> {
  const { workspace, slackUser, code } = input;
  // Outside the transaction, which a refusal rolls back.
  const attempts = await countConnectAttempt(context.database, { workspace, slackUser }, CONNECT_CODE_MS);
  if (attempts > MAX_CONNECT_ATTEMPTS) {
    return refuse('limit', 'slack/too-many-tries', {
      message: `That were ${MAX_CONNECT_ATTEMPTS} tries. Wait 15 minutes and ask for a new code.`,
    });
  }
  return runCommand(context, { name: 'redeemConnectCode', input: { workspace, slackUser } }, async (tx) => {
    const person = await takeConnectCode(tx, hashOf(code));
    const name = person === null ? undefined : (await readNames(tx, [person])).get(person);
    if (person === null || name === undefined) {
      return refuse('not_found', 'slack/no-such-code', {
        message: 'This code is not good, or its 15 minutes are over. Ask for a new one.',
      });
    }
    await lockSlackLinks(tx, workspace);
    await saveSlackLink(tx, { workspace, slackUser, person, origin: 'code' });
    await dropConnectCodes(tx, person);
    return done({ workspace, slackUser, person, name });
  });
}

function newCode(): string {
  const group = () =>
    Array.from({ length: GROUP_LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');
  return `${group()}-${group()}`;
}

/** The same hash however the code was typed: small letters, blanks, without the dash. */
function hashOf(code: string): Buffer {
  const plain = code.toUpperCase().replace(/[^0-9A-Z]/g, '');
  return createHash('sha256').update(`watchbill.slack.${plain}`).digest();
}
