import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_WEIGHTS, type PlanPerson } from '../planner/problem.ts';
import { DAY_MS, HOUR_MS } from '../time/interval.ts';
import { burdenHours, burdenOf } from './burden.ts';
import { closeLedger } from './ledger.ts';
import { fairnessOf, spreadOf } from './measures.ts';

const MONDAY = Date.UTC(2026, 2, 23);
const FOREVER = { periodMs: 90 * DAY_MS, halfLifeMs: null };

function person(id: string, timeZone: string, change: Partial<PlanPerson> = {}): PlanPerson {
  return {
    id,
    timeZone,
    workingHours: [{ days: [1, 2, 3, 4, 5], fromMinute: 540, toMinute: 1020, timeZone, holidays: null }],
    sleep: { fromMinute: 1380, toMinute: 420 },
    weekend: [6, 7],
    holidays: null,
    share: 1,
    joined: null,
    left: null,
    shadowUntil: null,
    unavailable: [],
    busy: [],
    prefers: [],
    carried: 0,
    ...change,
  };
}

describe('burdenOf', () => {
  const window = { start: MONDAY, end: MONDAY + 14 * DAY_MS };
  const of = { window, weights: DEFAULT_WEIGHTS };
  const shift = (who: string, from: number, hours: number, role = 'primary') => ({
    person: who,
    role,
    start: MONDAY + from * HOUR_MS,
    end: MONDAY + (from + hours) * HOUR_MS,
  });

  it('weighs hours by the local time of the person', () => {
    // A working day in London is an evening in Tokyo and a night in Los Angeles.
    const people = [
      person('amara', 'Europe/London'),
      person('kai', 'Asia/Tokyo'),
      person('lou', 'America/Los_Angeles'),
    ];
    const day = people.map(({ id }) => shift(id, 9, 4));
    const [london, angeles] = ['amara', 'lou'].map((id) =>
      burdenOf(day, people, of).find((one) => one.person === id),
    );
    expect(burdenHours(london?.burden ?? 0)).toBe(4);
    expect(london?.byClass).toMatchObject({ core: 4, night: 0 });
    expect(angeles?.byClass).toMatchObject({ core: 0, night: 4 });
    expect(burdenHours(angeles?.burden ?? 0)).toBe(12);
    expect(angeles?.nights).toBe(1);
  });

  it('counts a night of a clock change by its real hours', () => {
    const night = burdenOf([shift('amara', 6 * 24 - 1, 7)], [person('amara', 'Europe/London')], of)[0];
    // Saturday 23:00 to 07:00 on the night in which the clock goes forward.
    expect(night).toMatchObject({ hours: 7, nights: 1, weekends: 1 });
    expect(night?.byClass.weekendNight).toBe(7);
  });

  it('takes the night and the weekend from the person', () => {
    const early = person('amara', 'Europe/London', { sleep: { fromMinute: 1260, toMinute: 300 } });
    const days = person('kai', 'Europe/London', { sleep: { fromMinute: 480, toMinute: 960 } });
    const friday = person('noa', 'Europe/London', { weekend: [5, 6] });
    const lines = burdenOf(
      [shift('amara', 21, 12), shift('kai', 9, 4), shift('noa', 4 * 24 + 12, 48)],
      [early, days, friday],
      of,
    );
    expect(lines[0]).toMatchObject({ nights: 1, byClass: { night: 8 } });
    // Sleep across noon is one night.
    expect(lines[1]).toMatchObject({ nights: 1, byClass: { night: 4, core: 0 } });
    // Her Sunday is a day of the week, and that night the clock goes forward.
    expect(lines[2]).toMatchObject({ weekends: 1, byClass: { weekend: 11 + 16, waking: 6 } });
  });

  it('counts weekends, holidays and roles, and clips to the window', () => {
    const holidays = { id: 'x', source: 'test', dates: ['2026-03-27'] };
    const people = [person('amara', 'Europe/London', { holidays })];
    const week = [shift('amara', -24, 24), shift('amara', 0, 7 * 24), shift('amara', 0, 24, 'secondary')];
    const found = burdenOf(week, people, of)[0];
    expect(found).toMatchObject({ hours: 8 * 24, weekends: 1, holidays: 1 });
    expect(found?.byClass.holiday).toBe(16);
    const primary = burdenOf(week.slice(1, 2), people, of)[0];
    const both = burdenOf(week.slice(1), people, of)[0];
    expect(burdenHours((both?.burden ?? 0) - (primary?.burden ?? 0))).toBe((8 + 8 * 1.5 + 8 * 3) / 2);
  });
});

describe('closeLedger', () => {
  const loads = fc.uniqueArray(
    fc.record({
      person: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      burden: fc.integer({ min: 0, max: 5000 }),
      entitlement: fc.constantFrom(0.25, 0.5, 1),
    }),
    { selector: ({ person: id }) => id, minLength: 1 },
  );

  it('sums to nothing at every closing, with or without a half-life', () => {
    fc.assert(
      fc.property(
        fc.array(loads, { maxLength: 6 }),
        fc.constantFrom(null, 365 * DAY_MS),
        (periods, halfLifeMs) => {
          let accounts: readonly { person: string; balance: number }[] = [];
          for (const period of periods) {
            accounts = closeLedger(accounts, period, { periodMs: 90 * DAY_MS, halfLifeMs });
            expect(Math.abs(accounts.reduce((sum, { balance }) => sum + balance, 0))).toBeLessThan(1e-6);
          }
        },
      ),
    );
  });

  it('gives by share, keeps who is away, and starts newcomers at nothing', () => {
    const first = closeLedger(
      [],
      [
        { person: 'a', burden: 300, entitlement: 1 },
        { person: 'b', burden: 0, entitlement: 0.5 },
      ],
      FOREVER,
    );
    expect(first).toEqual([
      { person: 'a', balance: 100 },
      { person: 'b', balance: -100 },
    ]);
    const second = closeLedger(
      first,
      [
        { person: 'a', burden: 60, entitlement: 1 },
        { person: 'c', burden: 60, entitlement: 1 },
      ],
      FOREVER,
    );
    expect(second).toEqual([...first, { person: 'c', balance: 0 }]);
  });

  it('forgets half of a balance in a half-life', () => {
    const accounts = [
      { person: 'a', balance: 100 },
      { person: 'b', balance: -100 },
    ];
    const after = (periodMs: number) => closeLedger(accounts, [], { periodMs, halfLifeMs: 100 })[0]?.balance;
    expect(after(100)).toBeCloseTo(50, 10);
    expect(after(250)).toBeCloseTo(100 * 2 ** -2.5, 9);
  });
});

describe('measures', () => {
  it('are nothing for equal loads', () => {
    expect(spreadOf([5, 5, 5])).toEqual({ range: 0, variationPercent: 0, gini: 0 });
    expect(spreadOf([])).toEqual({ range: 0, variationPercent: 0, gini: 0 });
  });

  it('tell spread between regions from spread within', () => {
    const load = (level: number, region: string) => ({ level, restDays: level / 2, region });
    const found = fairnessOf([load(10, 'x'), load(10, 'x'), load(20, 'y'), load(20, 'y')]);
    expect(found).toMatchObject({ range: 10, withinPercent: 0, restDayWithinPercent: 0 });
    expect(found.variationPercent).toBeCloseTo(100 / 3, 6);
    expect(fairnessOf([load(10, 'x'), load(20, 'x')]).withinPercent).toBeCloseTo(100 / 3, 6);
    expect(spreadOf([0, 0, 0, 12]).gini).toBeCloseTo(0.75, 6);
  });
});
