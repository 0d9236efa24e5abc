import type { Instant } from '@watchbill/core';
import { countValidTokens, insertToken, isoInstant, newId } from '@watchbill/database';
import type { CommandResult } from '../command.ts';
import { type CommandContext, done, refuse, runCommand } from '../run-command.ts';
import { hasScope, type Scope } from './scopes.ts';
import { hashSecret, newTokenSecret } from './secret.ts';

/** How many tokens may be valid at once. */
export const MAX_TOKENS = 10_000;

export interface CreateTokenInput {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Real time; null: for ever. */
  readonly expiresAt: Instant | null;
  /** What whoever asks may do themselves: nobody gives away more than they have. */
  readonly grantedBy: readonly string[];
}

/** A token just made. `token` is null where the answer is a stored one: the token itself is stored nowhere. */
export interface IssuedToken {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expiresAt: string | null;
  readonly token: string | null;
}

/** Makes a bearer token. Refuses scopes that the maker lacks, a time that is past, and more than `MAX_TOKENS`. */
export function createToken(
  context: CommandContext,
  input: CreateTokenInput,
): Promise<CommandResult<IssuedToken>> {
  const { name, expiresAt } = input;
  const scopes = [...new Set(input.scopes)].sort();
  const call = {
    name: 'createToken',
    input: { name, scopes, expiresAt },
    remember: (issued: IssuedToken) => ({ ...issued, token: null }),
  };
  return runCommand(context, call, async (tx) => {
    const beyond = scopes.filter((scope) => !hasScope(input.grantedBy, scope));
    if (beyond.length > 0) {
      const message = `Your own token does not have ${beyond.join(', ')}, so it cannot give that away.`;
      return refuse('forbidden', 'token/beyond-own-scopes', { message });
    }
    if (expiresAt !== null && expiresAt <= Date.now()) {
      return refuse('invalid', 'token/expired', { message: 'expiresAt is past; choose a time to come.' });
    }
    if ((await countValidTokens(tx)) >= MAX_TOKENS) {
      const message = `There are ${MAX_TOKENS} valid tokens already. Revoke those that nobody uses.`;
      return refuse('limit', 'limit/tokens', { message });
    }
    const id = newId('tok');
    const token = newTokenSecret();
    await insertToken(tx, { id, name, hash: hashSecret(token), scopes, createdBy: context.actor, expiresAt });
    return done({ id, name, scopes, expiresAt: expiresAt === null ? null : isoInstant(expiresAt), token });
  });
}
