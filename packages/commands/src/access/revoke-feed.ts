import { findFeed, revokeFeedRow } from '@watchbill/database';
import type { CommandResult } from '../command.ts';
import { type CommandContext, done, refuse, runCommand } from '../run-command.ts';
import { ownOrManager, refuseUnlessManager } from './caller.ts';

/** Ends a calendar address at once. Ending it twice is the same as once. Refuses an id that is not there. */
export function revokeFeed(
  context: CommandContext,
  input: { readonly feed: string },
): Promise<CommandResult<{ readonly id: string }>> {
  return runCommand(context, { name: 'revokeFeed', input }, async (tx) => {
    const found = await findFeed(tx, input.feed);
    if (found === null) {
      return refuse('not_found', 'feed/not-found', { message: 'There is no feed with this id.' });
    }
    const { person, schedule } = found;
    const refused =
      person === null
        ? await refuseUnlessManager(tx, context.caller, schedule ?? '')
        : await ownOrManager(tx, context.caller, { person, schedule: null });
    if (refused !== null) return refused;
    await revokeFeedRow(tx, found.id);
    return done({ id: found.id });
  });
}
