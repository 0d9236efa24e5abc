import {
  audit,
  DEFAULT_RULES,
  makePlan,
  makeSchedule,
  PLAN_LIMITS,
  planFileOf,
  planProblemOf,
} from '@watchbill/core';
import { describe, expect, it } from 'vitest';
import { DAY_MS, planPerson, planProblem, planUnit, sizedProblem } from '../support/plan-problems.ts';

const START = Date.UTC(2026, 0, 5);
const WEEK = { start: START, end: START + 7 * DAY_MS };

function days(count: number, change: object = {}) {
  return Array.from({ length: count }, (_, k) => {
    const start = START + k * DAY_MS;
    return planUnit('primary', { start, end: start + DAY_MS }, change);
  });
}

function gapsOf(problem: Parameters<typeof makePlan>[0]) {
  const planned = makePlan(problem);
  expect(audit(problem, planned.plan.assignment)).toEqual([]);
  return planFileOf(planned, { tzdata: 'test' }).gaps;
}

describe('what cannot be planned ends in a clear report', () => {
  it('with nobody at all', () => {
    const gaps = gapsOf(planProblem({ horizon: WEEK, people: [], units: days(7) }));
    expect(gaps).toHaveLength(7);
    expect(gaps[0]).toMatchObject({ proof: 'unavoidable', refused: [] });
  });

  it('with nobody in the roster who is known', () => {
    const people = ['a', 'b'].map((id) => planPerson(id, 'UTC'));
    const gaps = gapsOf(planProblem({ horizon: WEEK, people, units: days(7, { eligible: ['zed'] }) }));
    expect(gaps.map(({ refused }) => refused.map(({ rule }) => rule))).toEqual(
      Array(7).fill(['not-eligible', 'not-eligible']),
    );
  });

  it('with somebody on leave for the whole of the year', () => {
    const year = { start: START, end: START + 364 * DAY_MS };
    const people = [planPerson('a', 'UTC', { unavailable: [year] }), planPerson('b', 'UTC')];
    const rules = { ...DEFAULT_RULES, restHours: 0 };
    const planned = makePlan(planProblem({ horizon: year, people, units: days(364, { rules }) }));
    expect(new Set(planned.plan.assignment.values())).toEqual(new Set(['b']));
  });

  it('with everybody on leave', () => {
    const people = ['a', 'b'].map((id) => planPerson(id, 'UTC', { unavailable: [WEEK] }));
    const gaps = gapsOf(planProblem({ horizon: WEEK, people, units: days(7) }));
    expect(gaps[6]?.refused.map(({ rule }) => rule)).toEqual(['absent', 'absent']);
  });

  it('with rules that leave nobody any turn', () => {
    const people = ['a', 'b'].map((id) => planPerson(id, 'UTC'));
    const rules = { ...DEFAULT_RULES, maxHoursIn7Days: 1, maxSharePercent: 0 };
    const gaps = gapsOf(planProblem({ horizon: WEEK, people, units: days(7, { rules }) }));
    expect(gaps).toHaveLength(7);
    expect(gaps[0]?.refused.map(({ rule }) => rule)).toEqual(['hours-in-7-days', 'hours-in-7-days']);
  });

  it('with ten thousand people, for a quarter of weeks', () => {
    const people = Array.from({ length: PLAN_LIMITS.people }, (_, i) => planPerson(`p${i}`, 'UTC'));
    const units = Array.from({ length: 13 }, (_, k) => {
      const start = START + k * 7 * DAY_MS;
      return planUnit('primary', { start, end: start + 7 * DAY_MS });
    });
    const horizon = { start: START, end: START + 91 * DAY_MS };
    const { plan } = makePlan(planProblem({ horizon, people, units }), { certify: false });
    expect(new Set(plan.assignment.values()).size).toBe(13);
    expect([...plan.assignment.values()]).not.toContain(null);
  });

  it('beyond the limits, saying which and what to do', () => {
    const { people, units } = sizedProblem('L');
    const horizon = { start: START, end: START + 364 * DAY_MS };
    const crowd = Array.from({ length: 100 }, (_, k) =>
      people.map((one) => ({ ...one, id: `${one.id}-${k}` })),
    );
    const tooLarge = () => makePlan(planProblem({ horizon, people: crowd.flat(), units }));
    expect(tooLarge).toThrow(/at most 10000 people, got 12000: plan a shorter stretch/);
    const wide = () => makePlan(planProblem({ horizon, people: crowd.slice(50).flat(), units }));
    expect(wide).toThrow(/6000 people and 2184 turns is too large/);
    const long = { start: START, end: START + 900 * DAY_MS };
    expect(() => makePlan(planProblem({ horizon: long, people, units: [] }))).toThrow(/at most 800 days/);
    expect(() => makePlan(planProblem({ horizon: { start: 5, end: 5 }, people, units: [] }))).toThrow(
      /must end after it starts/,
    );
  });

  it('with nothing to plan', () => {
    const people = [planPerson('a', 'UTC')];
    expect(makePlan(planProblem({ horizon: WEEK, people, units: [] })).plan.assignment.size).toBe(0);
    expect(() => planFileOf([], { tzdata: 'test' })).toThrow(/no fair rotation has a turn/);
  });

  it('with a horizon in the past: everything has begun, and stays', () => {
    const rotation = { id: 'r', strategy: 'fair', roster: ['a'], handoffs: ['09:00'] } as const;
    const made = makeSchedule(
      { id: 's', timeZone: 'UTC', rotations: [rotation] },
      { people: ['a'], teamMembers: null, holidayCalendar: () => null },
    );
    if (!made.ok) throw new Error('the schedule is sound');
    const [problem] = planProblemOf({
      schedules: [made.value],
      people: [],
      horizon: WEEK,
      now: WEEK.end + DAY_MS,
    });
    if (problem === undefined) throw new Error('there are turns');
    expect(problem.units.every(({ pinned }) => pinned)).toBe(true);
    const planned = makePlan(problem);
    expect([...planned.plan.assignment.values()]).toEqual(Array(7).fill(null));
    expect(planned.state.gaps).toBe(0);
  });
});
