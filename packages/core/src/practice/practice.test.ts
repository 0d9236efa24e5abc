import { describe, expect, it } from 'vitest';
import type { SleepHours } from '../people/person.ts';
import { parseInstant } from '../time/format.ts';
import { DAY_MS, HOUR_MS } from '../time/interval.ts';
import type { DutyPerson, DutyStretch } from './duty.ts';
import { handoffsOf } from './handoff-hours.ts';
import { checkPractice, type PracticeInput } from './practice.ts';
import { type NightHours, type PracticeLimit, RULE_PACKS, type RulePack } from './rule-packs.ts';

const at = (text: string): number => parseInstant(text) as number;
const WINDOW = { start: at('2026-03-02T00:00:00Z'), end: at('2026-06-29T00:00:00Z') };
const SLEEP: SleepHours = { fromMinute: 1380, toMinute: 420 };
const NIGHT: NightHours = { fromMinute: 0, toMinute: 360, moreThanMinutes: 60 };

function person(change: Partial<DutyPerson> = {}): DutyPerson {
  const timeZone = 'UTC';
  const hours = { days: [1, 2, 3, 4, 5] as const, fromMinute: 540, toMinute: 1020, timeZone, holidays: null };
  const rest = { sleep: SLEEP, weekend: [6, 7] as const, holidays: null };
  return { id: 'amara', timeZone, workingHours: hours, ...rest, ...change };
}

function stretch(start: string, end: string, turn: string | null = null): DutyStretch {
  return { person: 'amara', start: at(`2026-${start}:00Z`), end: at(`2026-${end}:00Z`), turn };
}

function packOf(limit: PracticeLimit): RulePack {
  return { id: 'own', title: 'Own', note: null, rules: [{ id: limit.kind, limit, source: 'test' }] };
}

function report(limit: PracticeLimit, stretches: readonly DutyStretch[], more: Partial<PracticeInput> = {}) {
  return checkPractice(packOf(limit), {
    window: WINDOW,
    people: [person()],
    stretches,
    past: [],
    holidayNames: () => null,
    pages: null,
    handoffs: [],
    notice: [],
    ...more,
  });
}

function check(limit: PracticeLimit, stretches: readonly DutyStretch[], more: Partial<PracticeInput> = {}) {
  return report(limit, stretches, more).findings.map(({ measured, times, at: when }) => [
    measured,
    times,
    when,
  ]);
}

/** Nights from 22:00 to 06:00 on some days of March. */
function nights(...days: number[]): DutyStretch[] {
  return days.map((day) => {
    const start = Date.UTC(2026, 2, day, 22);
    return { person: 'amara', start, end: start + 8 * HOUR_MS, turn: null };
  });
}

describe('rest', () => {
  it('is asked for between turns, not between the parts of one', () => {
    const turns = [
      stretch('03-02T17:00', '03-03T09:00', 'a'),
      stretch('03-03T17:00', '03-04T09:00', 'a'),
      stretch('03-04T17:00', '03-05T09:00', 'b'),
    ];
    expect(check({ kind: 'rest', hours: 11 }, turns)).toEqual([[8, 1, at('2026-03-04T17:00:00Z')]]);
    expect(check({ kind: 'rest', hours: 8 }, turns)).toEqual([]);
  });

  it('has one long enough break in seven days', () => {
    const limit: PracticeLimit = { kind: 'free-stretch', hours: 35, inDays: 7 };
    expect(check(limit, [stretch('03-02T09:00', '03-09T09:00')])).toEqual([
      [0, 1, at('2026-03-02T09:00:00Z')],
    ]);
    // Five nights and a free weekend.
    const week = [2, 3, 4, 5, 6].map((day) => stretch(`03-0${day}T17:00`, `03-0${day + 1}T09:00`));
    expect(check(limit, week)).toEqual([]);
  });

  it('is longer after a night, and after several', () => {
    const day = stretch('03-03T18:00', '03-03T20:00');
    const after: PracticeLimit = { kind: 'rest-after-night', hours: 14, night: NIGHT, endsAfterMinute: 120 };
    expect(check(after, [...nights(2), day])).toEqual([[12, 1, at('2026-03-03T18:00:00Z')]]);
    expect(check({ ...after, hours: 12 }, [...nights(2), day])).toEqual([]);
    // It ends at two: no night to rest from, and an hour of it is too little for one.
    const early = stretch('03-02T20:00', '03-03T02:00');
    expect(check(after, [early, { ...day, start: early.end + HOUR_MS }])).toEqual([]);

    const series: PracticeLimit = { kind: 'rest-after-nights', hours: 46, night: NIGHT, nights: 3 };
    expect(check(series, nights(2, 3, 4, 6))).toEqual([[40, 1, at('2026-03-06T22:00:00Z')]]);
    expect(check(series, nights(2, 3, 5, 6))).toEqual([]);
    expect(check(series, nights(2, 3, 4, 7))).toEqual([]);
  });

  it('ends a night shift after ten hours', () => {
    const limit: PracticeLimit = { kind: 'night-length', hours: 10, night: NIGHT };
    const long = stretch('03-02T18:00', '03-03T06:00');
    expect(check(limit, [...nights(10), long])).toEqual([[12, 1, long.start]]);
    expect(check(limit, [stretch('03-02T08:00', '03-03T01:00')])).toEqual([]);
  });
});

describe('days, nights and weekends', () => {
  it('take a week from Monday to Monday for seven days', () => {
    const week = [stretch('03-02T09:00', '03-09T09:00')];
    const first = at('2026-03-02T00:00:00Z');
    expect(check({ kind: 'days-in-a-row', days: 7 }, week)).toEqual([]);
    expect(check({ kind: 'days-in-a-row', days: 6 }, week)).toEqual([[7, 1, first]]);
    expect(check({ kind: 'nights-in-a-row', nights: 6, night: 'own' }, week)).toEqual([[7, 1, first]]);
    expect(check({ kind: 'nights-in-a-row', nights: 7, night: 'own' }, week)).toEqual([]);
  });

  it('go by the sleep and the weekend of the person', () => {
    const late = stretch('03-04T20:00', '03-04T23:00');
    const limit: PracticeLimit = { kind: 'nights-in-a-row', nights: 0, night: 'own' };
    expect(check(limit, [late])).toEqual([]);
    const people = [person({ sleep: { fromMinute: 1320, toMinute: 360 } })];
    expect(check(limit, [late], { people })).toHaveLength(1);
    const fridays = [6, 13].map((day) =>
      stretch(`03-${String(day).padStart(2, '0')}T09:00`, `03-${String(day).padStart(2, '0')}T12:00`),
    );
    const weekends: PracticeLimit = { kind: 'weekends-in-a-row', weekends: 1 };
    expect(check(weekends, fridays)).toEqual([]);
    expect(check(weekends, fridays, { people: [person({ weekend: [5, 6] })] })).toEqual([
      [2, 1, at('2026-03-06T00:00:00Z')],
    ]);
  });

  it('are counted in periods', () => {
    const three = [0, 1, 2].map((k) => {
      const start = at('2026-03-02T09:00:00Z') + k * 14 * DAY_MS;
      return { person: 'amara', start, end: start + 7 * DAY_MS, turn: null };
    });
    expect(check({ kind: 'days-in-period', days: 14, inDays: 28 }, three)).toEqual([]);
    expect(check({ kind: 'days-in-period', days: 13, inDays: 28 }, three)).toHaveLength(1);
    expect(check({ kind: 'nights-in-period', nights: 13, inDays: 28, night: NIGHT }, three)).toHaveLength(1);
    expect(check({ kind: 'nights-in-period', nights: 21, inDays: 119, night: NIGHT }, three)).toEqual([]);
    expect(check({ kind: 'weekends', weekends: 2, of: 4 }, three)).toEqual([]);
    expect(check({ kind: 'weekends', weekends: 1, of: 4 }, three)).toHaveLength(1);
    expect(check({ kind: 'weekends-in-a-row', weekends: 1 }, three)).toEqual([]);
    expect(check({ kind: 'sundays', sundays: 2, inDays: 364 }, three)).toEqual([
      [3, 1, at('2026-03-08T00:00:00Z')],
    ]);
    const blocks: PracticeLimit = { kind: 'free-blocks', blocks: 2, daysEach: 2, inDays: 28 };
    expect(check(blocks, three)).toEqual([]);
    const long = [stretch('03-02T09:00', '03-28T09:00')];
    expect(check(blocks, long)).toEqual([[1, 1, at('2026-03-02T00:00:00Z')]]);
  });
});

describe('hours', () => {
  it('count once where stretches overlap', () => {
    const half = [
      { person: 'amara', ...WINDOW, end: (WINDOW.start + WINDOW.end) / 2, turn: null },
      stretch('03-03T00:00', '03-04T00:00'),
    ];
    expect(check({ kind: 'share-of-time', percent: 25 }, half)).toEqual([[50, 1, null]]);
  });

  it('are a mean of weeks, which a shorter window cannot tell', () => {
    const limit: PracticeLimit = { kind: 'week-hours', hours: 48, inDays: 28, fromNights: null };
    const week = stretch('03-09T09:00', '03-16T09:00');
    expect(check(limit, [week])).toEqual([]);
    const twice = [week, stretch('03-30T09:00', '04-04T09:00')];
    expect(check(limit, twice)).toEqual([[72, 1, at('2026-03-08T00:00:00Z')]]);
    const window = { start: WINDOW.start, end: WINDOW.start + 27 * DAY_MS };
    expect(report(limit, twice, { window })).toMatchObject({
      findings: [],
      notKnown: [{ reason: 'window-too-short' }],
    });
    const fromNights = { nights: 13, night: NIGHT };
    expect(check({ ...limit, fromNights }, twice)).toEqual([]);
    expect(check({ ...limit, fromNights: { ...fromNights, nights: 12 } }, twice)).toHaveLength(1);
  });

  it('of work are fewer beside many nights', () => {
    const limit: PracticeLimit = { kind: 'night-weeks', nights: 3, inDays: 112, night: NIGHT, workHours: 40 };
    expect(check(limit, nights(2, 9, 16))).toEqual([]);
    const days = [1, 2, 3, 4, 5] as const;
    const long = { days, fromMinute: 480, toMinute: 1020, timeZone: 'UTC', holidays: null };
    const people = [person({ workingHours: long })];
    expect(check(limit, nights(2, 9, 16), { people })).toEqual([[45, 1, at('2026-03-02T00:00:00Z')]]);
    expect(check(limit, nights(2, 9), { people })).toEqual([]);
  });

  it('have few pages, where anybody has counted them', () => {
    const limit: PracticeLimit = { kind: 'pages-per-shift', pages: 2, inHours: 12 };
    const own = [stretch('03-02T09:00', '03-09T09:00')];
    expect(report(limit, own).notKnown).toMatchObject([{ reason: 'no-pages' }]);
    const page = (text: string) => ({ person: 'amara', at: at(`2026-03-${text}:00Z`) });
    const calm = [
      page('02T10:00'),
      page('02T11:00'),
      page('02T22:00'),
      { ...page('02T11:30'), person: 'benji' },
    ];
    expect(check(limit, own, { pages: calm })).toEqual([]);
    // One storm of four, and three on another day.
    const storm = ['02T10:00', '02T11:00', '02T12:00', '02T21:00', '05T01:00', '05T02:00', '05T13:00'].map(
      page,
    );
    expect(check(limit, own, { pages: storm })).toEqual([[4, 1, at('2026-03-02T10:00:00Z')]]);
    expect(check(limit, own, { pages: [...storm, page('05T03:00')] })).toEqual([
      [4, 2, at('2026-03-02T10:00:00Z')],
    ]);
  });
});

describe('holidays', () => {
  const holidays = {
    id: 'XX',
    source: 'test',
    dates: ['2025-04-18', '2025-05-01', '2025-12-25', '2026-03-03', '2026-04-03', '2026-05-01'],
  };
  const people = [person({ holidays })];
  const days = ['03-03', '04-03', '05-01'].map((day) => stretch(`${day}T09:00`, `${day}T10:00`));

  it('are not all one person’s', () => {
    expect(check({ kind: 'every-holiday', atLeast: 3 }, days, { people })).toEqual([[3, 1, null]]);
    expect(check({ kind: 'every-holiday', atLeast: 3 }, days.slice(1), { people })).toEqual([]);
  });

  it('are not the same as the year before, by name or by date', () => {
    const limit: PracticeLimit = { kind: 'same-holiday' };
    expect(report(limit, days, { people }).notKnown).toMatchObject([{ reason: 'no-past' }]);
    const past = ['2025-04-18', '2025-12-25'].map((day) => {
      const start = at(`${day}T09:00:00Z`);
      return { person: 'amara', start, end: start + HOUR_MS, turn: null };
    });
    // Good Friday moves: only its name tells that it is the same.
    expect(check(limit, days, { people, past })).toEqual([]);
    const names = new Map([
      ['2025-04-18', 'Good Friday'],
      ['2026-04-03', 'Good Friday'],
    ]);
    const holidayNames = (_: string, date: string) => names.get(date) ?? null;
    const { findings } = report(limit, days, { people, past, holidayNames });
    expect(findings).toMatchObject([
      { measured: 1, about: 'Good Friday', at: at('2026-04-03T00:00:00Z'), person: 'amara' },
    ]);
    const may = [
      { person: 'amara', start: at('2025-05-01T09:00:00Z'), end: at('2025-05-01T10:00:00Z'), turn: null },
    ];
    expect(check(limit, days, { people, past: may })).toEqual([[1, 1, at('2026-05-01T00:00:00Z')]]);
    const others = may.map((one) => ({ ...one, person: 'benji' }));
    expect(check(limit, days, { people, past: others })).toEqual([]);
  });
});

describe('schedules', () => {
  it('tell people ahead', () => {
    const notice = [
      { schedule: 'a', publishedDays: 14, frozenDays: 7 },
      { schedule: 'b', publishedDays: 28, frozenDays: 0 },
    ];
    expect(check({ kind: 'published-ahead', days: 15 }, [], { notice })).toEqual([[14, 1, null]]);
    expect(check({ kind: 'told-ahead', days: 2 }, [], { notice })).toEqual([[0, 1, null]]);
  });

  it('hand over in the working hours of both', () => {
    const shift = (who: string, start: string, end: string, override: string | null = null) => ({
      person: who,
      start: at(`2026-${start}:00Z`),
      end: at(`2026-${end}:00Z`),
      role: 'primary',
      seat: 'r/0',
      rotation: override === null ? 'r' : null,
      override,
    });
    const handoffs = handoffsOf('s', [
      shift('amara', '03-02T09:00', '03-02T17:00'),
      shift('benji', '03-02T17:00', '03-03T09:00'),
      shift('amara', '03-03T09:00', '03-03T21:00'),
      shift('benji', '03-03T21:00', '03-03T22:00'),
      // An override in between, a person who stays, and a gap are no handoffs.
      shift('amara', '03-03T22:00', '03-03T23:00', 'o'),
      shift('cleo', '03-04T02:00', '03-04T03:00'),
      shift('cleo', '03-04T03:00', '03-04T04:00'),
      shift('dev', '03-04T06:00', '03-04T07:00'),
    ]);
    expect(handoffs.map(({ at: when }) => new Date(when).toISOString().slice(8, 16))).toEqual([
      '02T17:00',
      '03T09:00',
      '03T21:00',
    ]);
    const people = ['amara', 'benji', 'cleo'].map((id) => person({ id }));
    const limit: PracticeLimit = { kind: 'handoff-hours' };
    expect(report(limit, [], { handoffs, people }).findings).toMatchObject([
      { schedule: 's', person: null, measured: 1, of: 3, at: at('2026-03-03T21:00:00Z') },
    ]);
    // Somebody whose hours nobody knows is in nobody's way.
    expect(check(limit, [], { handoffs, people: [] })).toEqual([]);
  });
});

it('has packs that name the source of every number, and no rule twice', () => {
  expect(RULE_PACKS.map(({ id }) => id)).toEqual(['goodPractice', 'eu', 'de', 'fr', 'nl', 'nlNight']);
  for (const { rules } of RULE_PACKS) {
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    for (const { source } of rules) expect(source.length).toBeGreaterThan(10);
  }
});
