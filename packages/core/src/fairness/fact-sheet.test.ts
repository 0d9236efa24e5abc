import { describe, expect, it } from 'vitest';
import { makeSchedule } from '../schedule/make-schedule.ts';
import { HOUR_MS } from '../time/interval.ts';
import { expectedPages, factSheetOf, withFirstNames } from './fact-sheet.ts';
import { factSheetMarkdown, factsOf } from './fact-sheet-text.ts';

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
const title = { name: 'Payments', description: null };
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
    expect(sheet.quarter).toEqual({ hours: 1092, nights: 45.5, weekends: 6.5, holidays: 0 });
    expect(sheet.coreWindows).toEqual([
      { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:00', timeZone: 'UTC' },
    ]);
    expect(sheet.people[0]).toMatchObject({ hours: 1092, nights: 45.5, weekends: 6.5, holidays: 0 });
  });

  it('says so where nobody stands', () => {
    const sheet = factSheetOf({ schedule, window, names, stood: [] });
    expect(sheet).toMatchObject({ oneWeekIn: null, quarter: null, people: [] });
    expect(factSheetMarkdown(sheet, title)).not.toContain('one week in');
  });

  it('refuses an empty window', () => {
    expect(() => factSheetOf({ schedule, window: { start: MONDAY, end: MONDAY }, names, stood })).toThrow(
      RangeError,
    );
  });

  it('writes names so that they cannot break the table', () => {
    expect(factSheetMarkdown(factSheetOf({ schedule, window, names, stood }), title)).toContain(
      '| B\\|enji | 1092 | 45.5 | 6.5 | 0 |',
    );
  });

  it('tells whole names only where it is allowed to', () => {
    const mailed = new Map([...names, ['benji', 'benji@example.com']]);
    const sheet = factSheetOf({ schedule, window, names: mailed, stood });
    expect(factSheetMarkdown(sheet, title)).toContain('| Amara Okafor | 1092 |');
    const shared = factSheetMarkdown(withFirstNames(sheet), title);
    expect(shared).toContain('| Amara | 1092 |');
    expect(shared).toContain('Who takes part: Amara, benji\n');
    expect(`${shared}${JSON.stringify(withFirstNames(sheet))}`).not.toMatch(/Okafor|example/);
  });

  it('says how many pages to expect and how fast to answer', () => {
    const at = (text: string) => Date.parse(`2026-01-${text}:00Z`);
    const times = [at('05T10:00'), at('05T09:00'), at('05T17:00'), at('10T12:00')];
    const pages = expectedPages(schedule, window, times);
    expect(pages).toEqual({ perWeek: 2, outsideCorePerWeek: 1, weeks: 2 });
    expect(expectedPages(schedule, { start: MONDAY, end: MONDAY + 24 * HOUR_MS }, times)).toBeNull();
    const words = (answerMs: number | null) =>
      factsOf(factSheetOf({ schedule, window, names, stood, pages, answerMs })).map(({ text }) => text);
    expect(words(300_000)).toContain('Within 5 minutes; then somebody else is called.');
    expect(words(300_000)).toContain('About 2 a week, 1 of them outside core hours, by the last 2 weeks.');
    expect(words(null).join()).not.toContain('Within');
  });
});
