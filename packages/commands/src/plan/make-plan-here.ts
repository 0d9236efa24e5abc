import {
  audit,
  type Explanation,
  explainUnit,
  makePlan,
  type PlanProblem,
  planFileOf,
  planJson,
} from '@watchbill/core';
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

/** Why units of a stored plan are held by whom they are; those that no problem has are left out. */
export function explainHere(plan: {
  readonly problems: readonly PlanProblem[];
  readonly assignment: Readonly<Record<string, string | null>>;
  readonly units: readonly string[];
}): Explanation[] {
  return plan.problems.flatMap((problem) => {
    const wanted = plan.units.filter((id) => problem.units.some((unit) => unit.id === id));
    if (wanted.length === 0) return [];
    // A replan of what everybody holds already changes nothing: the state that the plan ended in.
    const units = problem.units.map((unit) => ({ ...unit, previous: plan.assignment[unit.id] ?? null }));
    const planned = makePlan({ ...problem, units, keepPrevious: true });
    return wanted.flatMap((unit) => explainUnit(planned, unit) ?? []);
  });
}
