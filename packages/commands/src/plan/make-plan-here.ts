import {
  audit,
  type Explanation,
  explainUnit,
  makePlan,
  type PlanOptions,
  type PlanProblem,
  planJson,
} from '@watchbill/core';
import { provePlans } from '@watchbill/solver';
import { type PlanOutcome, type PlanProgress, provingStep, searchStep, TZDATA } from './planner.ts';

/**
 * Makes a plan in this thread, which is blocked meanwhile: for a worker thread, the command line and tests. An exact
 * solver, in a thread of its own, sees to what is open. Rejects with a RangeError for a problem that is too large.
 */
export async function makePlanHere(
  problems: readonly PlanProblem[],
  progress: PlanProgress = () => undefined,
  { effort }: Pick<PlanOptions, 'effort'> = {},
): Promise<PlanOutcome> {
  const planned = problems.map((problem, index) => {
    const of = { index, count: problems.length };
    return makePlan(problem, { effort, progress: (stage, done) => progress(searchStep(stage, done, of)) });
  });
  const proven = await provePlans(planned, {
    tzdata: TZDATA,
    progress: (_, done) => progress(provingStep(done)),
  });
  for (const { problem, plan } of proven.planned) {
    const [broken] = audit(problem, plan.assignment);
    if (broken !== undefined) throw new Error(`The plan breaks a rule: ${JSON.stringify(broken)}`);
  }
  const { file } = proven;
  return {
    file: planJson(file),
    assignment: Object.fromEntries(proven.planned.flatMap(({ plan }) => [...plan.assignment])),
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
