import { findAccount, insertSession, newId, type Queryable } from '@watchbill/database';
import { hashSecret } from '../access/secret.ts';
import type { CommandResult } from '../command.ts';
import { type CommandContext, type CommandOutcome, done, refuse, runCommand } from '../run-command.ts';
import { newSessionSecret, SESSION_LIFE_MS } from './account-secret.ts';

/** From where somebody signs in, for the list of their sessions. */
export interface SignInPlace {
  readonly userAgent: string;
  readonly address: string;
}

/** A session just begun. `secret` goes into the cookie and is stored nowhere. */
export interface BegunSession {
  readonly id: string;
  readonly account: string;
  readonly secret: string;
}

const USER_AGENT_LIMIT = 300;
const ADDRESS_LIMIT = 64;

/** Begins a session of an account whose holder has just proved who they are. */
export function startSession(
  context: CommandContext,
  input: { readonly account: string; readonly place: SignInPlace },
): Promise<CommandResult<BegunSession>> {
  return runCommand(context, { name: 'startSession', input, remember: withoutSecret }, (tx) =>
    beginSession(tx, input),
  );
}

/** A session as it is remembered: the secret is the cookie's alone. */
export function withoutSecret(begun: BegunSession): BegunSession {
  return { ...begun, secret: '' };
}

/** The same within another command's transaction. */
export async function beginSession(
  tx: Queryable,
  { account, place }: { readonly account: string; readonly place: SignInPlace },
): Promise<CommandOutcome<BegunSession>> {
  const row = await findAccount(tx, account);
  if (row === null || row.disabledAt !== null) {
    return refuse('forbidden', 'account/disabled', {
      message: 'This account may not sign in. Ask an admin to enable it.',
    });
  }
  const secret = newSessionSecret();
  const id = newId('ses');
  await insertSession(tx, {
    id,
    hash: hashSecret(secret),
    account,
    expiresAt: Date.now() + SESSION_LIFE_MS,
    userAgent: place.userAgent.slice(0, USER_AGENT_LIMIT),
    address: place.address.slice(0, ADDRESS_LIMIT),
  });
  return done({ id, account, secret });
}
