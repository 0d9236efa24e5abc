import { readNames, type SlackPreferences, saveSlackPreferences } from '@watchbill/database';
import { ownOrManager } from '../access/caller.ts';
import type { CommandResult } from '../command.ts';
import { type CommandContext, done, refuse, runCommand } from '../run-command.ts';

const MAX_REMINDERS = 8;
const MAX_REMINDER_MINUTES = 60 * 24 * 28;

export interface SetSlackPreferencesInput extends SlackPreferences {
  readonly person: string;
}

/** Keeps what a person wants to hear by direct message. */
export function setSlackPreferences(
  context: CommandContext,
  input: SetSlackPreferencesInput,
): Promise<CommandResult<SlackPreferences>> {
  return runCommand(context, { name: 'setSlackPreferences', input }, async (tx) => {
    const { person, reminderMinutes, shiftChanges } = input;
    if (!(await readNames(tx, [person])).has(person)) {
      return refuse('not_found', 'person/not-found', { message: `There is no person "${person}".` });
    }
    const refused = await ownOrManager(tx, context.caller, { person, schedule: null });
    if (refused !== null) return refused;
    const minutes = reminderMinutes === null ? null : [...new Set(reminderMinutes)].sort((a, b) => b - a);
    const wrong = (minutes ?? []).some(
      (value) => !Number.isInteger(value) || value < 1 || value > MAX_REMINDER_MINUTES,
    );
    if (wrong || (minutes?.length ?? 0) > MAX_REMINDERS) {
      return refuse('invalid', 'slack/reminders', {
        message: `Up to ${MAX_REMINDERS} reminders, each 1 to ${MAX_REMINDER_MINUTES} minutes before the shift.`,
      });
    }
    const chosen = { reminderMinutes: minutes, shiftChanges };
    await saveSlackPreferences(tx, person, chosen);
    return done(chosen);
  });
}
