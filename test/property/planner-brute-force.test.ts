import { audit, makePlan, type PlanProblem } from '@watchbill/core';
import { describe, expect, it } from 'vitest';
import { bestCost, costOf } from '../support/plan-oracle.ts';
import { DAY_MS, randomOf, tinyProblem } from '../support/plan-problems.ts';

const INSTANCES = 300;
const LARGER = 30;
/** Sums of doubles in another order. */
const ROUNDING = 1e-9;

/** The published plan of a tiny problem, with somebody away now who was not, and perhaps a frozen day. */
function disturbed(seed: number): PlanProblem {
  const problem = tinyProblem(seed, 9);
  const published = makePlan({
    ...problem,
    people: problem.people.map((one) => ({ ...one, unavailable: [] })),
  });
  const random = randomOf(seed + 1000);
  const frozenUntil = problem.horizon.start + Math.floor(random() * 3) * DAY_MS;
  const units = problem.units.map((unit) => ({
    ...unit,
    previous: published.plan.assignment.get(unit.id) ?? null,
    frozen: (unit.intervals[0]?.start ?? 0) < frozenUntil,
  }));
  const from = problem.horizon.start + Math.floor(random() * 4) * DAY_MS;
  const ill = Math.floor(random() * problem.people.length);
  const people = problem.people.map((one, i) =>
    i === ill ? { ...one, unavailable: [{ start: from, end: from + 2 * DAY_MS }] } : one,
  );
  return { ...problem, people, units, keepPrevious: true };
}

describe('on tiny, tight problems', () => {
  it(`${INSTANCES} plans are the best of all`, () => {
    const worse: string[] = [];
    for (let seed = 1; seed <= INSTANCES; seed += 1) {
      const problem = tinyProblem(seed, 10);
      const { plan, state } = makePlan(problem);
      expect(audit(problem, plan.assignment)).toEqual([]);
      const best = bestCost(problem);
      const found = costOf(problem, plan.assignment);
      // What the search believes is what the definition says.
      expect(state.gaps).toBe(found[0]);
      expect(Math.abs(plan.value / found[2] - 1)).toBeLessThan(ROUNDING);
      if (plan.bound !== null) expect(plan.bound).toBeLessThanOrEqual(plan.value * (1 + ROUNDING));
      if (found[0] !== best[0] || found[2] > best[2] * (1 + ROUNDING)) {
        worse.push(`seed ${seed}: ${found} instead of ${best}`);
      }
    }
    expect(worse).toEqual([]);
  });

  it(`${LARGER} plans of 14 units, more than are solved outright, are the best of all`, () => {
    const worse: string[] = [];
    for (let seed = 1; seed <= LARGER; seed += 1) {
      const problem = tinyProblem(seed * 13, 14);
      const { plan } = makePlan(problem, { certify: false });
      const best = bestCost(problem);
      const found = costOf(problem, plan.assignment);
      if (found[0] !== best[0] || found[2] > best[2] * (1 + ROUNDING)) {
        worse.push(`seed ${seed}: ${found} instead of ${best}`);
      }
    }
    expect(worse).toEqual([]);
  });

  it('replans have the fewest gaps, then the fewest changes, then the fairest rest', () => {
    const worse: string[] = [];
    for (let seed = 1; seed <= INSTANCES / 2; seed += 1) {
      const problem = disturbed(seed);
      const { plan, state } = makePlan(problem);
      expect(audit(problem, plan.assignment)).toEqual([]);
      const best = bestCost(problem);
      const found = costOf(problem, plan.assignment);
      expect([state.gaps, state.changes]).toEqual([found[0], found[1]]);
      expect(plan.changes.length).toBeGreaterThanOrEqual(plan.forced);
      if (found[0] !== best[0] || found[1] !== best[1] || found[2] > best[2] * (1 + ROUNDING)) {
        worse.push(`seed ${seed}: ${found} instead of ${best}`);
      }
    }
    expect(worse).toEqual([]);
  });
});
