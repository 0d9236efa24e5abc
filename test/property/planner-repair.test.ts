import { audit, DEFAULT_RULES, makePlan, type PlanProblem, repairPlan } from '@watchbill/core';
import { describe, expect, it } from 'vitest';
import { exactSolver } from '../support/exact-solver.ts';
import { bestCost, costOf } from '../support/plan-oracle.ts';
import {
  DAY_MS,
  HOUR_MS,
  planPerson,
  planProblem,
  planUnit,
  sizedProblem,
  tinyProblem,
} from '../support/plan-problems.ts';

const exact = await exactSolver();
const MONDAY = Date.UTC(2026, 2, 2);

/** Days from Monday 00:00 UTC, one turn each. */
function days(count: number, change: object = {}) {
  return Array.from({ length: count }, (_, day) => {
    const start = MONDAY + day * DAY_MS;
    const rules = { ...DEFAULT_RULES, ...change };
    return planUnit('primary', { start, end: start + DAY_MS }, { rules });
  });
}

function daily(people: PlanProblem['people'], count: number, change: object = {}): PlanProblem {
  const horizon = { start: MONDAY, end: MONDAY + count * DAY_MS };
  return planProblem({ horizon, people, units: days(count, change) });
}

/** A plan as bad as can be: nobody on call. The repair has all to do. */
function unplanned(problem: PlanProblem) {
  const planned = makePlan({ ...problem, people: problem.people.map((one) => ({ ...one, left: 0 })) });
  return { ...makePlan(problem, { certify: false }), state: planned.state };
}

describe('the exact repair', () => {
  it('finds the least gaps of tiny problems by itself, and proves them', async () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const problem = tinyProblem(seed, 9);
      const { planned, unavoidable } = await repairPlan(unplanned(problem), exact);
      const best = bestCost(problem);
      expect(audit(problem, planned.plan.assignment)).toEqual([]);
      expect(costOf(problem, planned.plan.assignment)[0]).toBe(best[0]);
      const empty = [...planned.plan.assignment].filter(([, person]) => person === null);
      expect([...unavoidable].sort()).toEqual(empty.map(([id]) => id).sort());
    }
  });

  it('asks no solver about a plan without gaps', async () => {
    const people = ['a', 'b', 'c'].map((id) => planPerson(id, 'UTC'));
    const planned = makePlan(daily(people, 10));
    const before = exact.calls();
    const repaired = await repairPlan(planned, exact);
    expect(repaired).toMatchObject({ planned, reports: [], fewestChanges: 'proven' });
    expect(exact.calls()).toBe(before);
  });

  it('calls nothing unavoidable when the solver does not know', async () => {
    const people = ['a', 'b'].map((id) => planPerson(id, 'UTC'));
    const planned = makePlan(daily(people, 4, { restHours: 40 }));
    expect(planned.state.gaps).toBeGreaterThan(0);
    const repaired = await repairPlan(planned, () => Promise.resolve({ status: 'unknown', values: [] }));
    expect(repaired.unavoidable.size).toBe(0);
    expect(repaired.planned).toBe(planned);
  });

  it('names the rules that clash and the smallest change that would help', async () => {
    const people = ['a', 'b'].map((id) => planPerson(id, 'UTC'));
    const rest = await repairPlan(makePlan(daily(people, 6, { restHours: 25 })), exact);
    expect(rest.reports[0]).toMatchObject({ clashing: ['rest'] });
    expect(rest.reports[0]?.relaxations[0]).toMatchObject({
      rule: 'restHours',
      from: 25,
      to: 24,
      fills: 'all',
    });
    expect(rest.reports[0]?.words).toContain('a rest of 24 hours instead of 25');
    const week = await repairPlan(makePlan(daily(people, 7, { maxUnitsIn7Days: 3 })), exact);
    expect(week.reports[0]).toMatchObject({ clashing: ['units-in-7-days'] });
    expect(week.reports[0]?.words).toContain('up to 4 turns in seven days instead of 3');
  });

  it('names the absence that would close a gap if it ended a day earlier', async () => {
    const away = (from: number, to: number) => ({
      unavailable: [{ start: MONDAY + from * DAY_MS, end: MONDAY + to * DAY_MS }],
    });
    const people = [planPerson('a', 'UTC', away(0, 3)), planPerson('b', 'UTC', away(2, 6))];
    const { reports } = await repairPlan(makePlan(daily(people, 6, { restHours: 0 })), exact);
    expect(reports[0]?.clashing).toEqual(['absences']);
    expect(reports[0]?.relaxations.map(({ words }) => words)).toEqual([
      'an absence of a that ends a day earlier',
      'an absence of b that begins a day later',
    ]);
  });

  it('says so when there are simply too few people', async () => {
    const start = MONDAY;
    const interval = { start, end: start + 8 * HOUR_MS };
    const units = ['primary', 'secondary'].map((role) => planUnit(role, interval));
    const horizon = { start, end: start + DAY_MS };
    const { reports } = await repairPlan(
      makePlan(planProblem({ horizon, people: [planPerson('a', 'UTC')], units })),
      exact,
    );
    expect(reports).toMatchObject([{ clashing: [], relaxations: [] }]);
    expect(reports[0]?.words).toBe('There are too few people for the seats at the same time.');
  });

  it('takes back every change that is not needed', async () => {
    for (let seed = 1; seed <= 25; seed += 1) {
      const problem = disturbed(seed);
      // All units with somebody else, if there is anybody: the repair takes back what it may.
      const { planned, fewestChanges } = await repairPlan(unplanned(problem), exact);
      const best = bestCost(problem);
      expect(costOf(problem, planned.plan.assignment).slice(0, 2)).toEqual(best.slice(0, 2));
      expect(fewestChanges).toBe('proven');
    }
  });

  it('proves or fills the gaps of six people who share weeks', async () => {
    const planned = makePlan(sizedProblem('S', 7), { certify: false });
    expect(planned.state.gaps).toBeGreaterThan(0);
    const { planned: repaired, unavoidable } = await repairPlan(planned, exact);
    const empty = [...repaired.plan.assignment].filter(([, person]) => person === null);
    expect(audit(planned.problem, repaired.plan.assignment)).toEqual([]);
    expect([...unavoidable].sort()).toEqual(empty.map(([id]) => id).sort());
  });
});

function disturbed(seed: number): PlanProblem {
  const problem = tinyProblem(seed, 8);
  const first = makePlan(problem, { certify: false }).plan.assignment;
  const units = problem.units.map((unit, k) => ({
    ...unit,
    previous: first.get(unit.id) ?? null,
    frozen: k < 2,
  }));
  const people = problem.people.map((one, i) => (i === 0 ? { ...one, left: MONDAY + 23 * DAY_MS } : one));
  return { ...problem, people, units, keepPrevious: true };
}
