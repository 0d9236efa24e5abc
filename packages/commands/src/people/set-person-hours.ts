import { type DayName, makePerson, type PersonDraft, type Problem } from '@watchbill/core';
import { clockNow, lockConfiguration, readPeople, savePeople } from '@watchbill/database';
import { ownOrManager } from '../access/caller.ts';
import type { CommandResult } from '../command.ts';
import { requestReplans } from '../plan/request-replans.ts';
import { type CommandContext, type CommandOutcome, done, refuse, runCommand } from '../run-command.ts';

export interface PersonHoursInput {
  readonly person: string;
  /** An IANA name. */
  readonly timeZone: string;
  /** The person's own core hours, in that zone. `from` and `to` are `HH:mm`; `to <= from` ends the next day. */
  readonly workingHours: { readonly days: readonly DayName[]; readonly from: string; readonly to: string };
}

export interface PersonHours {
  readonly person: string;
  /** Schedules that are planned again because of it. */
  readonly replanned: readonly string[];
}

/**
 * Changes where a person lives and when they work, as an applied configuration would: the next one that names them
 * says it anew. Plans are made again where they stand in a fair rotation, since burden is weighed by local time.
 */
export function setPersonHours(
  context: CommandContext,
  input: PersonHoursInput,
): Promise<CommandResult<PersonHours>> {
  return runCommand(context, { name: 'setPersonHours', input }, async (tx) => {
    const { person } = input;
    await lockConfiguration(tx);
    const [row] = await readPeople(tx, [person]);
    if (row === undefined) {
      return refuse('not_found', 'person/not-found', { message: `There is no person "${person}".` });
    }
    const refused = await ownOrManager(tx, context.caller, { person, schedule: null });
    if (refused !== null) return refused;
    const draft = draftWith(row.definition as PersonDraft, input);
    // Holidays are not looked at here: they stay as they were when the configuration was checked.
    const made = makePerson(draft, { holidayCalendar: (id) => ({ id, source: 'unread', dates: [] }) });
    if (!made.ok) return refuseHours(made.problems);
    const now = await clockNow(tx);
    await savePeople(tx, [{ ...row, timeZone: input.timeZone, definition: draft }], now);
    const touched = { people: [person], schedules: [] };
    return done({ person, replanned: await requestReplans(tx, touched, { reason: 'people', now }) });
  });
}

function draftWith(draft: PersonDraft, { timeZone, workingHours }: PersonHoursInput): PersonDraft {
  const { timeZone: _zone, ...kept } = draft.workingHours ?? { from: '', to: '' };
  return { ...draft, timeZone, workingHours: { ...kept, ...workingHours } };
}

function refuseHours(problems: readonly Problem[]): CommandOutcome<never> {
  return refuse('invalid', problems[0]?.code ?? 'person/invalid', {
    message: problems.map((problem) => problem.message).join(' '),
    problems,
  });
}
