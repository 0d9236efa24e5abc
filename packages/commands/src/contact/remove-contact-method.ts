import { lockContactMethod, removeContactMethodRow } from '@watchbill/database';
import { ownOrManager } from '../access/caller.ts';
import type { CommandResult } from '../command.ts';
import { type CommandContext, done, runCommand } from '../run-command.ts';
import { unknownMethod } from './contact-code.ts';

/** Takes a way to reach a person away, and the rules that name it. */
export function removeContactMethod(
  context: CommandContext,
  input: { readonly contactMethod: string },
): Promise<CommandResult<{ readonly id: string }>> {
  return runCommand(context, { name: 'removeContactMethod', input }, async (tx) => {
    const row = await lockContactMethod(tx, input.contactMethod);
    if (row === null) return unknownMethod();
    const refused = await ownOrManager(tx, context.caller, { person: row.person, schedule: null });
    if (refused !== null) return refused;
    await removeContactMethodRow(tx, row.id);
    return done({ id: row.id }, row);
  });
}
