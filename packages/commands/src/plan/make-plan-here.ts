import { audit, makePlan, type PlanProblem, planFileOf, planJson } from '@watchbill/core';
import { type PlanOutcome, TZDATA } from './planner.ts';

/**
 * Makes a plan in this thread, which is blocked meanwhile: for a worker thread, the command line and tests. Throws a
 * RangeError for a problem that is too large.
 */
export function makePlanHere(problems: readonly PlanProblem[]): PlanOutcome {
  const planned = problems.map((problem) => makePlan(problem));
  for (const { problem, plan } of planned) {
    const [broken] = audit(problem, plan.assignment);
    if (broken !== undefined) throw new Error(`The plan breaks a rule: ${JSON.stringify(broken)}`);
  }
  const file = planFileOf(planned, { tzdata: TZDATA });
  return {
    file: planJson(file),
    assignment: Object.fromEntries(planned.flatMap(({ plan }) => [...plan.assignment])),
    changes: file.changes,
    value: file.value,
    bound: file.bound,
  };
}
