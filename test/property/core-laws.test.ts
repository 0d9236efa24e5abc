import {
  applyChanges,
  burdenOf,
  compareShifts,
  DEFAULT_WEIGHTS,
  diffTimelines,
  handoffs,
  hoursIn,
  intersect,
  loadOf,
  makePerson,
  normalise,
  onCallAt,
  planPersonOf,
  resolveTimeline,
  type Shift,
  toUtc,
  toWall,
  transitions,
  turnsIn,
  wholeShifts,
} from '@watchbill/core';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { cases, made, PEOPLE } from './core-arbitraries.ts';

const DAY = 86_400_000;
const QUARTER = 15 * 60_000;

/** The shifts with every one that spans `at` cut in two there. */
function cutAt(shifts: readonly Shift[], at: number): Shift[] {
  return shifts
    .flatMap((shift) =>
      shift.start < at && at < shift.end
        ? [
            { ...shift, end: at },
            { ...shift, start: at },
          ]
        : [shift],
    )
    .sort(compareShifts);
}

describe('laws of the timeline', () => {
  it('shifts and gaps tile the hours to be covered, and gaps touch no shift', () => {
    fc.assert(
      fc.property(cases(), ({ schedule, window }) => {
        const { shifts, gaps } = resolveTimeline(schedule, window);
        const covered = hoursIn(schedule.coverage, schedule.coreHours, window);
        for (const role of schedule.roles) {
          const staffed = normalise(shifts.filter((shift) => shift.role === role));
          const open = gaps.filter((gap) => gap.role === role);
          expect(intersect(staffed, open)).toEqual([]);
          expect(normalise([...intersect(staffed, covered), ...open])).toEqual(normalise(covered));
        }
      }),
      { numRuns: 120 },
    );
  });

  it('nobody is on call twice in a role, and no seat holds two people', () => {
    fc.assert(
      fc.property(cases({ maxOverrides: 12 }), ({ schedule, window }) => {
        const { shifts } = resolveTimeline(schedule, window);
        for (const key of ['seat', 'person'] as const) {
          const last = new Map<string, number>();
          for (const shift of shifts) {
            const name = `${shift.role} ${shift[key]}`;
            expect(shift.start).toBeGreaterThanOrEqual(last.get(name) ?? window.start);
            expect(shift.end).toBeGreaterThan(shift.start);
            last.set(name, shift.end);
          }
        }
        expect([...shifts].sort(compareShifts)).toEqual(shifts);
      }),
      { numRuns: 120 },
    );
  });

  it('of [a, c) is that of [a, b) and then of [b, c)', () => {
    fc.assert(
      fc.property(cases(), fc.double({ min: 0, max: 1, noNaN: true }), ({ schedule, window }, share) => {
        const quarters = Math.floor(((window.end - window.start) / QUARTER) * share);
        const cut = window.start + quarters * QUARTER;
        fc.pre(cut > window.start && cut < window.end);
        const whole = resolveTimeline(schedule, window);
        const first = resolveTimeline(schedule, { start: window.start, end: cut });
        const second = resolveTimeline(schedule, { start: cut, end: window.end });
        expect([...first.shifts, ...second.shifts].sort(compareShifts)).toEqual(cutAt(whole.shifts, cut));
        for (const role of schedule.roles) {
          const own = (gaps: typeof whole.gaps) => normalise(gaps.filter((gap) => gap.role === role));
          expect(own([...first.gaps, ...second.gaps])).toEqual(own(whole.gaps));
        }
      }),
      { numRuns: 120 },
    );
  });

  it('at an instant is who is on call then, with the ends that a wider window shows', () => {
    fc.assert(
      fc.property(cases(), fc.integer({ min: 0, max: 96 }), ({ schedule, window }, quarters) => {
        const at = window.start + quarters * QUARTER;
        const wide = { start: at - 70 * DAY, end: at + 70 * DAY };
        const touching = resolveTimeline(schedule, wide).shifts.filter(
          ({ start, end }) => start <= at && at < end,
        );
        const key = (seat: string, person: string, since: number | null, until: number | null) =>
          `${seat} ${person} ${since} ${until}`;
        const found = onCallAt(schedule, at).map(({ seat, person, since, until }) =>
          key(seat, person, since, until),
        );
        expect(found.sort()).toEqual(touching.map((s) => key(s.seat, s.person, s.start, s.end)).sort());
        const whole = wholeShifts(schedule, { start: at, end: at + 1 });
        expect(whole).toEqual(touching);
      }),
      { numRuns: 100 },
    );
  });

  it('does not depend on the order of rotations, but for that inside a layer', () => {
    fc.assert(
      fc.property(cases(), ({ draft, schedule, window }) => {
        const byLayer = [...draft.rotations].sort((a, b) => (a.layer ?? 0) - (b.layer ?? 0));
        const byRole = [...draft.rotations].sort((a, b) => (b.role ?? '').localeCompare(a.role ?? ''));
        const expected = resolveTimeline(schedule, window);
        for (const rotations of [byLayer, byRole]) {
          expect(resolveTimeline(made({ ...draft, rotations }), window)).toEqual(expected);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('is changed into another by their difference', () => {
    fc.assert(
      fc.property(cases(), cases(), ({ schedule, window }, other) => {
        const a = resolveTimeline(schedule, window);
        const b = resolveTimeline({ ...schedule, overrides: other.schedule.overrides }, window);
        const c = resolveTimeline(other.schedule, window);
        expect(applyChanges(a.shifts, diffTimelines(a, b))).toEqual(b.shifts);
        expect(applyChanges(a.shifts, diffTimelines(a, c))).toEqual(c.shifts);
        expect(diffTimelines(a, a)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

const YEARS = [
  ['America/New_York', 2026],
  ['Europe/Berlin', 2026],
  ['Australia/Lord_Howe', 2026],
  ['Africa/Cairo', 2026],
  ['Asia/Beirut', 2026],
  ['Pacific/Apia', 2011],
  ['Asia/Kolkata', 2026],
] as const;

function daily(timeZone: string, year: number, minutes: number, roster = PEOPLE) {
  const clock = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
  const start = `${year}-01-10T${clock}`;
  const cadence = { every: 1, unit: 'day' } as const;
  const schedule = made({ id: 's', timeZone, rotations: [{ id: 'r', roster, cadence, start }] });
  const [rotation] = schedule.rotations;
  if (rotation === undefined) throw new Error('no rotation');
  return { schedule, rotation };
}

describe('laws of handoffs', () => {
  it.each(YEARS)('keep their wall time in %s through %i', (zone, year) => {
    const span = { start: Date.UTC(year, 0, 1), end: Date.UTC(year + 1, 0, 1) };
    const gaps = transitions(zone, span).filter(({ before, after }) => after > before).length;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 95 }), (quarters) => {
        const { rotation } = daily(zone, year, quarters * 15);
        const after = Date.UTC(year, 0, 1);
        const found = handoffs(rotation, { after, until: Date.UTC(year + 1, 0, 1) });
        let moved = 0;
        let last = after;
        for (const instant of found) {
          expect(instant).toBeGreaterThan(last);
          last = instant;
          const inDay = ((toWall(instant, zone) % DAY) + DAY) % DAY;
          if (inDay === quarters * QUARTER) continue;
          // Only where the wall time is skipped, and then it is the first instant after the gap.
          moved += 1;
          const before = toWall(instant - 1, zone) + 1;
          expect(toWall(instant, zone)).toBeGreaterThan(before);
          expect(toUtc(before, zone, 'first')).toBe(instant);
        }
        expect(moved).toBeLessThanOrEqual(gaps);
      }),
      { numRuns: 30 },
    );
  });

  it.each(YEARS)('give each member of a full cycle the same number of turns in %s', (zone, year) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 95 }),
        fc.integer({ min: -200, max: 340 }),
        fc.subarray(PEOPLE, { minLength: 1 }),
        (quarters, day, roster) => {
          const { rotation } = daily(zone, year, quarters * 15, roster);
          const start = Date.UTC(year, 0, 1) + day * DAY;
          const turns = turnsIn(rotation, [], { start, end: start + 60 * DAY }).slice(0, roster.length * 5);
          for (const person of roster) {
            expect(turns.filter(({ people }) => people[0] === person)).toHaveLength(5);
          }
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('the current season', () => {
  it('changes nothing', async () => {
    const samples = fc.sample(cases(), { numRuns: 40, seed: 7 });
    const expected = samples.map(({ schedule, window }) => resolveTimeline(schedule, window));
    try {
      for (const month of [0, 3, 6, 9, 10]) {
        vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, month, 1, 5, 30) });
        // Fresh modules, so that every table of offsets is built in this season.
        vi.resetModules();
        const core = await import('@watchbill/core');
        expect(samples.map(({ schedule, window }) => core.resolveTimeline(schedule, window))).toEqual(
          expected,
        );
        expect(core.toUtc(Date.UTC(2026, 10, 1, 1, 30), 'America/New_York', 'first')).toBe(
          Date.UTC(2026, 10, 1, 5, 30),
        );
      }
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('the load of a person', () => {
  it('counts the nights that the planner counts', () => {
    const half = fc.integer({ min: 0, max: 47 });
    const stretch = fc.tuple(fc.integer({ min: 0, max: 2_000 }), fc.integer({ min: 1, max: 200 }));
    fc.assert(
      fc.property(half, fc.integer({ min: 2, max: 23 }), fc.array(stretch), (from, length, stretches) => {
        const sleep = { fromMinute: from * 30, toMinute: ((from + length) * 30) % 1_440 };
        const made = makePerson(
          { id: 'ann', name: 'Ann', timeZone: 'Australia/Lord_Howe' },
          { holidayCalendar: () => null },
        );
        if (!made.ok) throw new Error(JSON.stringify(made.problems));
        const ann = { ...made.value, sleep };
        const start = Date.UTC(2026, 2, 20);
        const shifts = stretches.map(([first, count]) => {
          return {
            ...{ person: 'ann', role: 'primary', start: start + first * QUARTER },
            end: start + (first + count) * QUARTER,
          };
        });
        const window = { start, end: start + 3_000 * QUARTER };
        const [burden] = burdenOf(shifts, [planPersonOf(ann, {})], { window, weights: DEFAULT_WEIGHTS });
        expect(loadOf(shifts, ann)).toMatchObject({ nights: burden?.nights, hours: burden?.hours });
      }),
      { numRuns: 30 },
    );
  });
});
