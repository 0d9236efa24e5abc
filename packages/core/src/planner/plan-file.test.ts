import { describe, expect, it } from 'vitest';
import { DEFAULT_SLEEP } from '../people/person.ts';
import { makeSchedule } from '../schedule/make-schedule.ts';
import { DAY_MS } from '../time/interval.ts';
import { withPlan } from '../timeline/planned-turns.ts';
import { resolveTimeline } from '../timeline/resolve.ts';
import { makePlan } from './plan.ts';
import { holdersOf, planFileOf, planJson, plannedTurnsOf } from './plan-file.ts';
import { planProblemOf } from './plan-problem.ts';
import { readPlan } from './read-plan.ts';

const MONDAY = Date.UTC(2026, 10, 30);
const HORIZON = { start: MONDAY, end: MONDAY + 5 * DAY_MS };
const IDS = ['amara', 'benji', 'cleo', 'dev'];

const PEOPLE = IDS.map((id) => ({
  id,
  name: id,
  email: null,
  timeZone: 'UTC',
  workingHours: {
    days: [1, 2, 3, 4, 5] as const,
    fromMinute: 540,
    toMinute: 1020,
    timeZone: 'UTC',
    holidays: null,
  },
  sleep: DEFAULT_SLEEP,
  weekend: [6, 7] as const,
  holidays: null,
  slack: null,
  share: 1,
  joinedOn: null,
  shadowUntilOn: null,
  leftOn: null,
  // Dev is away all the time.
  unavailable: id === 'dev' ? [{ ...HORIZON, end: HORIZON.end + DAY_MS, reason: null }] : [],
  unavailableFeed: null,
  prefers: [],
}));

function schedule(roster: readonly string[]) {
  const rotation = { id: 'r', strategy: 'fair', roster, handoffs: ['00:00'] } as const;
  const made = makeSchedule(
    { id: 's', timeZone: 'UTC', rotations: [rotation] },
    { people: IDS, teamMembers: null, holidayCalendar: () => null },
  );
  if (!made.ok) throw new Error(JSON.stringify(made.problems));
  return made.value;
}

function fileFor(roster: readonly string[]) {
  const problems = planProblemOf({ schedules: [schedule(roster)], people: PEOPLE, horizon: HORIZON });
  return planFileOf(
    problems.map((problem) => makePlan(problem)),
    { tzdata: '2026a' },
  );
}

describe('the file of a plan', () => {
  it('is read back as it was written, and stands on the timeline', () => {
    const file = fileFor(['amara', 'benji', 'cleo']);
    const read = readPlan(planJson(file));
    expect(read).toEqual({ ok: true, value: file });
    const turns = plannedTurnsOf(file).get('s');
    const planned = withPlan(schedule(IDS), turns ?? new Map());
    const { shifts, gaps } = resolveTimeline(planned, HORIZON);
    expect(gaps).toEqual([]);
    expect(shifts.map(({ person }) => person)).toEqual(file.units.map(({ person }) => person));
    expect(holdersOf(file).size).toBe(5);
  });

  it('has a line for each person whose deviations sum to nothing', () => {
    const { people } = fileFor(IDS);
    expect(people.map(({ person }) => person)).toEqual(IDS);
    const sum = people.reduce((all, { deviation }) => all + deviation, 0);
    expect(Math.abs(sum)).toBeLessThan(0.01);
    const hours = people.reduce((all, one) => all + one.hours, 0);
    expect(hours).toBe(5 * 24);
    for (const one of people) {
      expect(Object.values(one.byClass).reduce((all, part) => all + part, 0)).toBeCloseTo(one.hours);
    }
    expect(people.find(({ person }) => person === 'dev')).toMatchObject({ hours: 0, burden: 0, nights: 0 });
  });

  it('says of each gap what keeps each person from it', () => {
    const { gaps } = fileFor(['dev', 'amara']);
    expect(gaps).toHaveLength(2);
    expect(gaps[0]?.proof).toBe('not-proven');
    const rules = gaps[0]?.refused.map(({ person, rule }) => `${person} ${rule}`).sort();
    expect(rules).toEqual(['amara overlap-or-rest', 'dev absent']);
    expect(gaps[0]?.refused.find(({ person }) => person === 'amara')?.unit).toMatch(/^s\/r@2026-/);
  });
});

describe('readPlan', () => {
  const good = planJson(fileFor(['amara', 'benji', 'cleo']));
  const change = (edit: (plan: Record<string, unknown>) => void): string => {
    const plan = JSON.parse(good) as Record<string, unknown>;
    edit(plan);
    return JSON.stringify(plan);
  };

  it.each<[string, string, string]>([
    ['what is no JSON', 'plan', 'plan/no-json'],
    ['a list', '[]', 'plan/shape'],
    ['another version', change((plan) => Object.assign(plan, { version: 2 })), 'plan/version'],
    ['no units', change((plan) => Object.assign(plan, { units: 1 })), 'plan/shape'],
    ['a time that is none', change((plan) => Object.assign(plan, { from: 'now' })), 'time/invalid'],
    [
      'a stretch that ends before it starts',
      change(({ units }) => {
        const { intervals } = (units as { intervals: { start: string; end: string }[] }[])[0] ?? {};
        Object.assign(intervals?.[0] ?? {}, { end: '2026-01-01T00:00:00Z' });
      }),
      'time/empty-range',
    ],
    [
      'a unit twice',
      change(({ units }) => {
        (units as unknown[]).push((units as unknown[])[0]);
      }),
      'id/duplicate',
    ],
    [
      'two people on one seat',
      change(({ units }) => {
        (units as unknown[]).push({ ...(units as object[])[0], unit: 'other', person: 'zoe' });
      }),
      'plan/overlap',
    ],
    ['a seat too many', good.replace('"seat": 0', '"seat": 99'), 'plan/shape'],
  ])('refuses %s', (_, text, code) => {
    const read = readPlan(text);
    expect(read.ok ? [] : read.problems.map((problem) => problem.code)).toContain(code);
  });
});
