import { insertIntakeChange, type NewIntakeChange, newId } from '@watchbill/database';
import type { CommandResult } from '../command.ts';
import { type CommandContext, done, runCommand } from '../run-command.ts';

/** So many changes of an intake are kept; the oldest go. */
export const MAX_CHANGES = 500;

/** Keeps what a sender says has changed, as context for the pages of its intake. Nobody is told. */
export function recordChange(
  context: CommandContext,
  input: Omit<NewIntakeChange, 'id'>,
): Promise<CommandResult<{ readonly id: string }>> {
  return runCommand(context, { name: 'recordChange', input, audited: false }, async (tx) => {
    const id = newId('chg');
    await insertIntakeChange(tx, { ...input, id }, MAX_CHANGES);
    return done({ id });
  });
}
