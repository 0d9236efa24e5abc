import { audit, DEFAULT_RULES, makePlan, type PlanProblem } from '@watchbill/core';
import { describe, expect, it } from 'vitest';
import { linearBound } from '../support/plan-bound.ts';
import { DAY_MS, HOUR_MS, planPerson, planProblem, planUnit, randomOf } from '../support/plan-problems.ts';

/** So far above a proven bound a plan may be. */
const CLOSE = 5e-4;
const START = Date.UTC(2027, 4, 3);

/** 6 to 10 people in one office, turns of 8 or 12 hours over four weeks, with leave, half-timers and a ledger. */
function officeProblem(seed: number): PlanProblem {
  const random = randomOf(seed * 31);
  const days = 28;
  const people = Array.from({ length: 6 + Math.floor(random() * 5) }, (_, i) => {
    const from = START + Math.floor(random() * days) * DAY_MS;
    const away = { start: from, end: from + (2 + Math.floor(random() * 8)) * DAY_MS };
    return planPerson(`p${i}`, 'Europe/London', {
      unavailable: random() < 0.4 ? [away] : [],
      share: random() < 0.2 ? 0.5 : 1,
      carried: Math.round((random() - 0.5) * 1200),
    });
  });
  const length = (random() < 0.5 ? 8 : 12) * HOUR_MS;
  const rules = { ...DEFAULT_RULES, restHours: 11 };
  const units = Array.from({ length: (days * DAY_MS) / length }, (_, k) => {
    const start = START + k * length;
    return planUnit('primary', { start, end: start + length }, { rules });
  });
  return planProblem({ horizon: { start: START, end: START + days * DAY_MS }, people, units });
}

describe('plans of middle size', () => {
  it.each([1, 2, 3, 4])('number %i is within 0.05 % of a bound that linear programs prove', async (seed) => {
    const problem = officeProblem(seed);
    const { plan, state } = makePlan(problem, { certify: false });
    expect([state.gaps, audit(problem, plan.assignment)]).toEqual([0, []]);
    const bound = await linearBound(problem, plan.value);
    const over = plan.value / bound - 1;
    expect(over).toBeGreaterThan(-1e-9);
    expect(over).toBeLessThan(CLOSE);
  });
});
