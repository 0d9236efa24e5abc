import {
  type CheckInput,
  checkSchedules,
  choosePack,
  type DayName,
  makePerson,
  makeSchedule,
  type Person,
  RULE_PACKS,
  resolveTimeline,
  type Schedule,
  staffOf,
  toWall,
  weekdayOf,
} from '@watchbill/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const DAY_MS = 86_400_000;
const QUARTER_MS = 900_000;
const WEEKS = 8;
const ZONES = ['UTC', 'Europe/London', 'America/New_York', 'Asia/Tokyo', 'Australia/Lord_Howe'];
const DAYS: readonly DayName[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const IDS = ['amara', 'benji', 'cleo'];
const PACKS = RULE_PACKS.map((pack) => choosePack(pack, 'warn'));
const two = (value: number) => String(value).padStart(2, '0');
const clock = (quarter: number) => `${two(Math.floor(quarter / 4) % 24)}:${two((quarter % 4) * 15)}`;

/** Rotations in order over the weeks around the clock changes of 2026, and people of all kinds. */
const world = fc
  .record({
    start: fc.integer({ min: 0, max: 300 }).map((day) => Date.UTC(2026, 0, 5) + day * DAY_MS),
    people: fc.tuple(
      ...IDS.map((id) =>
        fc.record({
          id: fc.constant(id),
          timeZone: fc.constantFrom(...ZONES),
          from: fc.nat(95),
          length: fc.integer({ min: 1, max: 48 }),
          weekend: fc.subarray([...DAYS], { minLength: 1, maxLength: 3 }),
        }),
      ),
    ),
    rotations: fc.array(
      fc.record({
        roster: fc.shuffledSubarray(IDS, { minLength: 1 }),
        every: fc.integer({ min: 1, max: 5 }),
        unit: fc.constantFrom('day' as const, 'week' as const),
        start: fc.nat(95),
        hours: fc.constantFrom('all' as const, 'core' as const, 'non-core' as const),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  })
  .map(({ start, people, rotations }) => ({
    start,
    people: people.map(({ from, length, ...one }) =>
      personOf({
        ...one,
        name: one.id,
        sleep: { from: clock(from), to: clock(from + length) },
      }),
    ),
    schedule: scheduleOf(
      rotations.map(({ start: quarter, every, unit, ...rotation }, k) => ({
        ...rotation,
        id: `r${k}`,
        cadence: { every, unit },
        start: `2026-01-05T${clock(quarter)}`,
      })),
    ),
  }));

function personOf(draft: Parameters<typeof makePerson>[0]): Person {
  const made = makePerson(draft, { holidayCalendar: () => null });
  if (!made.ok) throw new Error(JSON.stringify(made.problems));
  return made.value;
}

function scheduleOf(rotations: Parameters<typeof makeSchedule>[0]['rotations']): Schedule {
  const coreHours = { days: DAYS.slice(0, 5), from: '09:00', to: '17:00' };
  const made = makeSchedule(
    { id: 's', timeZone: 'Europe/London', coreHours, rotations },
    { people: IDS, teamMembers: null, holidayCalendar: () => null },
  );
  if (!made.ok) throw new Error(JSON.stringify(made.problems));
  return made.value;
}

interface World {
  readonly start: number;
  readonly people: readonly Person[];
  readonly schedule: Schedule;
}

function check({ start, people, schedule }: World, more: Partial<CheckInput> = {}) {
  const window = { start, end: start + 13 * 7 * DAY_MS };
  const { shifts, gaps } = resolveTimeline(schedule, window);
  return checkSchedules({
    weeks: WEEKS,
    schedules: [{ schedule, window, shifts, gaps, past: [], packs: [] }],
    beside: [],
    people,
    crews: [{ team: null, members: staffOf(schedule), schedules: [{ schedule, shifts, isWaiting: false }] }],
    packs: PACKS,
    holidayNames: () => null,
    pages: null,
    saying: { nameOf: (id) => id, zone: null },
    ...more,
  });
}

/** The local days, nights and weekends of which a person stands a part, quarter by quarter. */
function touchedBy({ start, schedule }: World, person: Person) {
  const end = start + WEEKS * 7 * DAY_MS;
  const { fromMinute, toMinute } = person.sleep;
  const [nights, weekends, first] = [new Set<number>(), new Set<number>(), dayAt(start, person)];
  for (const shift of resolveTimeline(schedule, { start, end }).shifts) {
    if (shift.person !== person.id) continue;
    for (let at = shift.start; at < shift.end; at += QUARTER_MS) {
      const day = dayAt(at, person);
      const minute = Math.floor((toWall(at, person.timeZone) - day * DAY_MS) / 60_000);
      const asleep =
        fromMinute < toMinute
          ? minute >= fromMinute && minute < toMinute
          : minute >= fromMinute || minute < toMinute;
      const early = fromMinute < toMinute ? fromMinute < 720 : minute < fromMinute;
      if (asleep && (early ? day - 1 : day) >= first) nights.add(early ? day - 1 : day);
      if (person.weekend.includes(weekdayOf(day))) weekends.add(weekOf(day, person));
    }
  }
  return { nights, weekends };
}

function dayAt(at: number, { timeZone }: Person): number {
  return Math.floor(toWall(at, timeZone) / DAY_MS);
}

/** Weeks that begin with the longest run of days off. */
function weekOf(day: number, { weekend }: Person): number {
  const isOff = (weekday: number) => weekend.some((one) => one === ((weekday - 1) % 7) + 1);
  const runs = weekend.map((first) => {
    let length = 1;
    while (length < 7 && isOff(first + length)) length += 1;
    return { first, length };
  });
  const longest = Math.max(...runs.map(({ length }) => length));
  const [best] = runs.filter(({ length }) => length === longest);
  return Math.floor((day - 3 - (best?.first ?? 1)) / 7);
}

function longest(days: ReadonlySet<number>): number {
  return [...days].reduce((most, day) => {
    let length = 0;
    while (days.has(day + length)) length += 1;
    return Math.max(most, length);
  }, 0);
}

describe('rules of practice', () => {
  it('count nights and weekends as somebody with a clock would', () => {
    fc.assert(
      fc.property(world, (one) => {
        const { warnings } = check(one);
        for (const person of one.people) {
          const { nights, weekends } = touchedBy(one, person);
          const said = (rule: string) =>
            warnings.find(
              ({ code, person: who }) => code === `practice/goodPractice/${rule}` && who === person.id,
            )?.message;
          const [inNights, inWeekends] = [longest(nights), longest(weekends)];
          if (inNights > 4) expect(said('nights-in-a-row')).toContain(` ${inNights} nights in a row`);
          else expect(said('nights-in-a-row')).toBeUndefined();
          if (inWeekends > 2) expect(said('weekends-in-a-row')).toContain(` ${inWeekends} weekends in a row`);
          else expect(said('weekends-in-a-row')).toBeUndefined();
        }
      }),
      { numRuns: 60 },
    );
  });

  it('find no less when somebody stands more elsewhere', () => {
    const seat = { role: 'primary', seat: 'x/0', rotation: null, override: 'x', schedule: 'other' };
    const more = fc.array(fc.record({ day: fc.nat(50), hours: fc.integer({ min: 1, max: 60 }) }), {
      maxLength: 4,
    });
    // Rest between turns can become longer where a shift fills the hours between two.
    const counted = /-in-a-row|-in-period|share-of-time|weekends|sundays|free-blocks|week-hours/;
    fc.assert(
      fc.property(world, more, (one, extra) => {
        const beside = extra.map(({ day, hours }) => {
          const start = one.start + day * DAY_MS;
          return { ...seat, person: 'amara', start, end: start + hours * 3_600_000 };
        });
        const codes = (input: Partial<CheckInput>) =>
          check(one, input)
            .warnings.filter(({ code }) => counted.test(code))
            .map(({ code, person }) => `${code} ${person}`);
        const after = new Set(codes({ beside }));
        expect(codes({}).filter((code) => !after.has(code))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('say the same whatever the order of people and shifts', () => {
    fc.assert(
      fc.property(world, (one) => {
        const sorted = (input: World) =>
          check(input)
            .warnings.map(({ code, person, at, message }) => `${code} ${person} ${at} ${message}`)
            .sort();
        expect(sorted({ ...one, people: [...one.people].reverse() })).toEqual(sorted(one));
      }),
      { numRuns: 30 },
    );
  });
});

describe('taking part', () => {
  it('accounts for every hour that somebody stands, and asks of each only what others do', () => {
    fc.assert(
      fc.property(world, (one) => {
        const { participation } = check(one);
        const [crew] = participation;
        const window = { start: one.start, end: one.start + WEEKS * 7 * DAY_MS };
        const { shifts } = resolveTimeline(one.schedule, window);
        const people = crew?.people ?? [];
        for (const { person, coreHours, nonCoreHours, missing } of people) {
          const quarters = new Set<number>();
          for (const shift of shifts) {
            if (shift.person !== person) continue;
            for (let at = shift.start; at < shift.end; at += QUARTER_MS) quarters.add(at);
          }
          expect(coreHours + nonCoreHours).toBeCloseTo(quarters.size / 4, 6);
          const parts = missing.map(({ part }) => part);
          expect(parts.includes('core')).toBe(coreHours === 0 && people.some((other) => other.coreHours > 0));
          expect(parts.includes('non-core')).toBe(
            nonCoreHours === 0 && people.some((other) => other.nonCoreHours > 0),
          );
        }
      }),
      { numRuns: 60 },
    );
  });
});
