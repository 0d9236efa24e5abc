import { deleteIntakeRow, lockIntake, usesOfIntake } from '@watchbill/database';
import type { CommandResult } from '../command.ts';
import { useWords } from '../policy/use-words.ts';
import { type CommandContext, done, refuse, runCommand } from '../run-command.ts';
import { noIntake } from './read-intake.ts';

/**
 * Closes a door for good: its keys work no more, and what was kept of its senders goes. Refuses while a page of it is
 * open, because nobody could resolve that from outside any more; pages that are over stay.
 */
export function deleteIntake(
  context: CommandContext,
  input: { readonly intake: string },
): Promise<CommandResult<{ readonly id: string }>> {
  return runCommand(context, { name: 'deleteIntake', input }, async (tx) => {
    const before = await lockIntake(tx, input.intake);
    if (before === null) return noIntake();
    const used = useWords(await usesOfIntake(tx, before.id));
    if (used !== null) {
      const message = `The intake "${before.name}" is in use: ${used} Disable it first, and nothing new comes in.`;
      return refuse('conflict', 'intake/in-use', { message });
    }
    await deleteIntakeRow(tx, before.id);
    return done({ id: before.id }, { intake: before });
  });
}
