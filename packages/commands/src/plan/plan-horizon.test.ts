import { DAY_MS, makeSchedule, parseInstant, type Schedule } from '@watchbill/core';
import { expect, it } from 'vitest';
import { fairGroup } from './fair-group.ts';
import { LEDGER_PERIOD_MS, ledgerPeriodOf, planEnd, planStart } from './plan-horizon.ts';

const at = (text: string): number => parseInstant(text) ?? Number.NaN;

function fair(id: string, roster: readonly string[], more: object = {}): Schedule {
  const rotation = {
    id: 'r',
    strategy: 'fair',
    roster,
    cadence: { every: 1, unit: 'week' },
    start: '2026-11-02T09:00',
  };
  const made = makeSchedule({ id, timeZone: 'UTC', rotations: [{ ...rotation, ...more }] } as never, {
    people: new Set(roster),
    teamMembers: null,
    holidayCalendar: () => null,
  });
  if (!made.ok) throw new Error(JSON.stringify(made.problems));
  return made.value;
}

it('a period of the ledger begins on a Monday, holds its instant, and the next one follows', () => {
  for (const text of ['1970-01-05T00:00:00Z', '2026-11-30T12:00:00Z', '2031-02-03T23:59:59Z']) {
    const { start, end } = ledgerPeriodOf(at(text));
    expect(new Date(start).toISOString()).toMatch(/T00:00:00.000Z$/);
    expect(new Date(start).getUTCDay()).toBe(1);
    expect(start <= at(text) && at(text) < end).toBe(true);
    expect(ledgerPeriodOf(end)).toEqual({ start: end, end: end + LEDGER_PERIOD_MS });
  }
});

it('a plan reaches a week at most beyond what is wanted, and its end moves once a week', () => {
  const schedules = [fair('a', ['ann'], { publishAheadDays: 10 })];
  const horizonMs = 20 * DAY_MS;
  const now = at('2026-11-30T12:00:00Z');
  const ends = Array.from({ length: 14 }, (_, day) =>
    planEnd(schedules, { now: now + day * DAY_MS, horizonMs }),
  );
  expect(new Set(ends).size).toBe(3);
  ends.forEach((end, day) => {
    const over = end - (now + (day + 30) * DAY_MS);
    expect(over >= 0 && over < 7 * DAY_MS).toBe(true);
  });
});

it('the first plan begins with the turn that runs, a later one where burden is not counted yet', () => {
  const now = at('2026-12-02T12:00:00Z');
  const schedule = fair('a', ['ann']);
  expect(planStart([{ schedule, since: null }], now)).toBe(at('2026-11-30T09:00:00Z'));
  expect(planStart([{ schedule, since: at('2026-11-16T00:00:00Z') }], now)).toBe(at('2026-11-16T00:00:00Z'));
});

it('schedules that share people, directly or not, are one group', () => {
  const all = [
    fair('d', ['eve']),
    fair('c', ['cleo', 'dev']),
    fair('b', ['ben', 'cleo']),
    fair('a', ['ann', 'ben']),
  ];
  expect(fairGroup(all, 'c').map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  expect(fairGroup(all, 'd').map(({ id }) => id)).toEqual(['d']);
  expect(fairGroup(all, 'none')).toEqual([]);
});
