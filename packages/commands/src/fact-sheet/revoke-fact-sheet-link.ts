import { findFactSheetLink, revokeFactSheetLinkRow } from '@watchbill/database';
import { refuseUnlessManager } from '../access/caller.ts';
import type { CommandResult } from '../command.ts';
import { type CommandContext, done, refuse, runCommand } from '../run-command.ts';

/** Ends a link of a fact sheet at once. Ending it twice is the same as once. Refuses one that is not the schedule's. */
export function revokeFactSheetLink(
  context: CommandContext,
  input: { readonly schedule: string; readonly link: string },
): Promise<CommandResult<{ readonly id: string }>> {
  return runCommand(context, { name: 'revokeFactSheetLink', input }, async (tx) => {
    const found = await findFactSheetLink(tx, input.link);
    if (found === null || found.schedule !== input.schedule) {
      return refuse('not_found', 'fact-sheet/link-not-found', {
        message: 'There is no such link to the fact sheet of this schedule.',
      });
    }
    const refused = await refuseUnlessManager(tx, context.caller, input.schedule);
    if (refused !== null) return refused;
    await revokeFactSheetLinkRow(tx, found.id);
    return done({ id: found.id });
  });
}
