import { describe, expect, it } from 'vitest';
import { makeSchedule } from '../schedule/make-schedule.ts';
import { HOUR_MS } from '../time/interval.ts';
import { factSheetMarkdown, factSheetOf } from './fact-sheet.ts';

const WEEK_MS = 7 * 24 * HOUR_MS;
const MONDAY = Date.parse('2026-01-05T00:00:00Z');
const made = makeSchedule(
  {
    id: 'payments',
    timeZone: 'UTC',
    coreHours: { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:00' },
    rotations: [
      {
        id: 'week',
        roster: ['amara', 'benji'],
        cadence: { every: 1, unit: 'week' },
        start: '2026-01-05T00:00',
      },
    ],
  },
  { people: ['amara', 'benji'], teamMembers: null, holidayCalendar: () => null },
);
if (!made.ok) throw new Error('the schedule is valid');
const schedule = made.value;
const names = new Map([
  ['amara', 'Amara Okafor'],
  ['benji', 'B|enji'],
]);
const figures = { nights: 7, weekends: 1, holidays: 0 };

describe('factSheetOf', () => {
  const window = { start: MONDAY, end: MONDAY + 2 * WEEK_MS };
  const stood = [
    { person: 'benji', hours: 168, ...figures },
    { person: 'amara', hours: 168, ...figures },
    { person: 'cleo', hours: 0, nights: 0, weekends: 0, holidays: 0 },
  ];

  it('gives a week’s hours by part, and a quarter of each who takes part', () => {
    const sheet = factSheetOf({ schedule, window, names, stood });
    expect(sheet).toMatchObject({ coveredHours: 168, coreHours: 40, nonCoreHours: 128, oneWeekIn: 2 });
    expect(sheet.people.map(({ firstName }) => firstName)).toEqual(['Amara', 'B|enji']);
    expect(sheet.people[0]).toMatchObject({ hours: 1092, nights: 45.5, weekends: 6.5, holidays: 0 });
  });

  it('says so where nobody stands', () => {
    const sheet = factSheetOf({ schedule, window, names, stood: [] });
    expect(sheet).toMatchObject({ oneWeekIn: null, people: [] });
    expect(factSheetMarkdown(sheet, 'Payments')).not.toContain('one week in');
  });

  it('refuses an empty window', () => {
    expect(() => factSheetOf({ schedule, window: { start: MONDAY, end: MONDAY }, names, stood })).toThrow(
      RangeError,
    );
  });

  it('writes names so that they cannot break the table', () => {
    expect(factSheetMarkdown(factSheetOf({ schedule, window, names, stood }), 'Payments')).toContain(
      '| B\\|enji | 1092 | 45.5 | 6.5 | 0 |',
    );
  });
});
