import { audit, DEFAULT_RULES, explainUnit, makePlan, type PlanProblem, repairPlan } from '@watchbill/core';
import { describe, expect, it } from 'vitest';
import { exactSolver } from '../support/exact-solver.ts';
import { bestCost, costOf } from '../support/plan-oracle.ts';
import { DAY_MS, HOUR_MS, planPerson, planProblem, planUnit, randomOf } from '../support/plan-problems.ts';

const FRIDAY = Date.UTC(2026, 2, 13);
const ROUNDING = 1e-9;
const ZONES = ['America/New_York', 'Europe/London', 'Asia/Tokyo'];
const WEEKENDS = [
  [6, 7],
  [6, 7],
  [5, 6],
  [7, 1],
] as const;

function pick<T>(random: () => number, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)] as T;
}

/** Five to eight turns around weekends, a week apart, for two to four people of several zones and weekends. */
function weekendProblem(seed: number): PlanProblem {
  const random = randomOf(seed);
  const count = 2 + Math.floor(random() * 3);
  const people = Array.from({ length: count }, (_, i) => {
    const away = FRIDAY + Math.floor(random() * 40) * DAY_MS;
    return planPerson(`p${i}`, pick(random, ZONES), {
      weekend: pick(random, WEEKENDS),
      carried: Math.round((random() - 0.5) * 900),
      unavailable: random() < 0.5 ? [{ start: away, end: away + 6 * DAY_MS }] : [],
    });
  });
  const rules = { ...DEFAULT_RULES, maxConsecutiveWeekends: pick(random, [1, 2]) };
  const from = FRIDAY + pick(random, [9, 17.25, 23.75, 0]) * HOUR_MS;
  const length = pick(random, [1, 2, 3]) * DAY_MS;
  const units = Array.from({ length: 5 + Math.floor(random() * 4) }, (_, week) => {
    const start = from + week * 7 * DAY_MS;
    return planUnit('primary', { start, end: start + length }, { rules });
  });
  const horizon = { start: FRIDAY, end: FRIDAY + 9 * 7 * DAY_MS };
  return planProblem({ horizon, people, units });
}

describe('weekends in a row', () => {
  it('stay within the rule, and the plans are the best of all', () => {
    const worse: string[] = [];
    let [gaps, refusals] = [0, 0];
    for (let seed = 1; seed <= 120; seed += 1) {
      const problem = weekendProblem(seed);
      const planned = makePlan(problem);
      expect(audit(problem, planned.plan.assignment)).toEqual([]);
      const best = bestCost(problem);
      const found = costOf(problem, planned.plan.assignment);
      if (found[0] !== best[0] || found[2] > best[2] * (1 + ROUNDING)) {
        worse.push(`seed ${seed}: ${found} instead of ${best}`);
      }
      for (const { id } of problem.units) {
        const why = explainUnit(planned, id);
        if (why?.assigned === null) gaps += 1;
        for (const { rule } of why?.refused ?? []) if (rule === 'consecutive-weekends') refusals += 1;
      }
    }
    expect(worse).toEqual([]);
    // The rule is tight in these problems, and named where it keeps somebody away.
    expect(gaps).toBeGreaterThan(5);
    expect(refusals).toBeGreaterThan(100);
  });

  it('are named, with the change that would help, where a gap cannot be avoided', async () => {
    const people = [planPerson('p0', 'UTC'), planPerson('p1', 'UTC', { left: FRIDAY })];
    const rules = { ...DEFAULT_RULES, maxConsecutiveWeekends: 1 };
    const units = [0, 7].map((day) => {
      const start = FRIDAY + day * DAY_MS;
      return planUnit('primary', { start, end: start + 3 * DAY_MS }, { rules });
    });
    const problem = planProblem({
      horizon: { start: FRIDAY, end: FRIDAY + 14 * DAY_MS },
      people,
      units,
    });
    const { reports } = await repairPlan(makePlan(problem), await exactSolver());
    expect(reports.map(({ clashing }) => clashing)).toEqual([['consecutive-weekends', 'membership']]);
    expect(reports[0]?.relaxations[0]).toMatchObject({ rule: 'maxConsecutiveWeekends', to: 2, fills: 'all' });
    expect(reports[0]?.words).toContain('up to 2 weekends in a row instead of 1');
  });
});

describe('handoffs that are no quarters of an hour', () => {
  it('count days, nights and weekends as the audit does', () => {
    for (let seed = 1; seed <= 16; seed += 1) {
      const random = randomOf(seed);
      const people = Array.from({ length: 4 }, (_, i) =>
        planPerson(`p${i}`, pick(random, ZONES), {
          sleep: pick(random, [
            { fromMinute: 1380, toMinute: 420 },
            { fromMinute: 480, toMinute: 900 },
            { fromMinute: 0, toMinute: 480 },
          ]),
        }),
      );
      const rules = {
        ...DEFAULT_RULES,
        maxConsecutiveDays: 3,
        maxConsecutiveNights: 2,
        maxConsecutiveWeekends: 1,
      };
      const from = FRIDAY + Math.floor(random() * 1440) * 60_000;
      const step = pick(random, [8, 12, 24]) * HOUR_MS;
      const units = Array.from({ length: 18 }, (_, k) => {
        const start = from + k * step;
        return planUnit('primary', { start, end: start + step - pick(random, [0, 60_000]) }, { rules });
      });
      const problem = planProblem({
        horizon: { start: FRIDAY, end: FRIDAY + 30 * DAY_MS },
        people,
        units,
      });
      expect(audit(problem, makePlan(problem, { certify: false }).plan.assignment)).toEqual([]);
    }
  });
});
