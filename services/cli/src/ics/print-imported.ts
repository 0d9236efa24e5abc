import { formatErrors, MAX_TEXT_LENGTH, parseConfig, printConfig } from '@watchbill/config';
import type { Interval, Schedule } from '@watchbill/core';
import { DAY_MS, normalise, resolveTimeline } from '@watchbill/core';
import { BadInput } from '../input/bad-input.ts';
import type { Imported } from './import-calendar.ts';
import type { CalendarTurn } from './lay-turns.ts';

/**
 * The text of the imported file. It is read back and resolved before anybody sees it: throws BadInput when it
 * could not be read again, and an Error when its timeline is not the calendar's.
 */
export function printImported({ config, report }: Imported, file: string): string {
  const text = printConfig(config);
  if (text.length > MAX_TEXT_LENGTH) {
    throw new BadInput(
      `${file}: ${report.turns.length.toLocaleString('en-GB')} turns are more than a configuration holds. ` +
        'Leave out the oldest with --from, or export a shorter stretch of the calendar.',
    );
  }
  const parsed = parseConfig(text, { file: 'the imported file' });
  if (!parsed.ok) {
    const turns = report.turns.length.toLocaleString('en-GB');
    throw new BadInput(
      `${file}: its ${turns} turns do not make a valid file.\n${formatErrors(parsed.errors)}`,
    );
  }
  const [schedule] = parsed.config.schedules;
  if (schedule === undefined || !givesBack(schedule, report.turns)) {
    throw new Error('the timeline of the imported file differs from the calendar');
  }
  return text;
}

/** Whether the timeline of a schedule has each person on call exactly when the turns say. */
function givesBack(schedule: Schedule, turns: readonly CalendarTurn[]): boolean {
  const first = turns.reduce((earliest, { start }) => Math.min(earliest, start), Number.POSITIVE_INFINITY);
  const last = turns.reduce((latest, { end }) => Math.max(latest, end), 0);
  const { shifts } = resolveTimeline(schedule, { start: first - DAY_MS, end: last + DAY_MS });
  const resolved = stretchesByPerson(
    shifts.map(({ start, end, person }) => ({ start, end, people: [person] })),
  );
  return JSON.stringify(resolved) === JSON.stringify(stretchesByPerson(turns));
}

function stretchesByPerson(turns: readonly CalendarTurn[]): [string, Interval[]][] {
  const byPerson = new Map<string, Interval[]>();
  for (const { start, end, people } of turns) {
    for (const person of people) {
      const stretches = byPerson.get(person);
      if (stretches === undefined) byPerson.set(person, [{ start, end }]);
      else stretches.push({ start, end });
    }
  }
  const sorted = [...byPerson].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([person, stretches]) => [person, normalise(stretches)]);
}
