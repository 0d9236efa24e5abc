import { findToken, revokeTokenRow } from '@watchbill/database';
import type { CommandResult } from '../command.ts';
import { type CommandContext, done, refuse, runCommand } from '../run-command.ts';

/** Ends a token at once, in every process. Ending it twice is the same as once. Refuses an id that is not there. */
export function revokeToken(
  context: CommandContext,
  input: { readonly token: string },
): Promise<CommandResult<{ readonly id: string }>> {
  return runCommand(context, { name: 'revokeToken', input }, async (tx) => {
    const found = await findToken(tx, input.token);
    if (found === null) {
      return refuse('not_found', 'token/not-found', { message: 'There is no token with this id.' });
    }
    await revokeTokenRow(tx, found.id);
    return done({ id: found.id });
  });
}
