import { formatInstant, makeSchedule, type OverrideDraft, type Schedule } from '@watchbill/core';

const HOUR = 3_600_000;
const PEOPLE = ['ana', 'ben', 'cyd', 'dan', 'eve', 'fay', 'gus', 'hal'];
const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri'] as const;

/** The year that all resolvers are asked for. */
export const YEAR = { start: Date.UTC(2026, 0, 1), end: Date.UTC(2027, 0, 1) };

/**
 * A year of one role in New York: a weekly layer round the clock, under a daily one on weekdays 09–17 and a daily
 * one on weekends 09–21; eight people; overrides spread evenly, half of them for a named person.
 */
export function scheduleYear(overrides: number, id = 'year'): Schedule {
  const step = (YEAR.end - YEAR.start) / Math.max(1, overrides);
  const drafts = Array.from({ length: overrides }, (_, i): OverrideDraft => {
    const start = YEAR.start + Math.round((i * step) / HOUR) * HOUR + 12 * HOUR;
    const person = PEOPLE[i % PEOPLE.length] ?? 'ana';
    const replaces = PEOPLE[(i * 3 + 1) % PEOPLE.length] ?? 'ben';
    const when = { from: formatInstant(start), to: formatInstant(start + 8 * HOUR) };
    return i % 2 === 0 ? { ...when, person } : { ...when, person, replaces };
  });
  const start = '2026-01-05T09:00';
  const shared = { strategy: 'in_order', roster: PEOPLE, start } as const;
  const made = makeSchedule(
    {
      id,
      timeZone: 'America/New_York',
      rotations: [
        { ...shared, id: 'weekly', layer: 0, cadence: { every: 1, unit: 'week' } },
        {
          ...shared,
          id: 'weekdays',
          layer: 1,
          cadence: { every: 1, unit: 'day' },
          hours: [{ days: WEEKDAYS, from: '09:00', to: '17:00' }],
        },
        {
          ...shared,
          id: 'weekends',
          layer: 1,
          cadence: { every: 1, unit: 'day' },
          hours: [{ days: ['sat', 'sun'], from: '09:00', to: '21:00' }],
        },
      ],
      overrides: drafts,
    },
    { people: PEOPLE, teamMembers: null, holidayCalendar: () => null },
  );
  if (!made.ok) throw new Error(JSON.stringify(made.problems));
  return made.value;
}
