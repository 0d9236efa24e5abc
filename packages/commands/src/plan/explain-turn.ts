import type { Explanation, Instant, PlanProblem } from '@watchbill/core';
import { findPlan, plansInForce, type Queryable } from '@watchbill/database';
import type { PlannerThread } from './start-planner.ts';

export interface ExplainedTurn extends Explanation {
  readonly rotation: string;
  readonly role: string;
  readonly start: Instant;
  readonly end: Instant;
}

/** Why those who are planned at an instant in a role are; by the plan in force. Empty where it plans nobody. */
export async function explainTurns(
  queryable: Queryable,
  want: { readonly schedule: string; readonly at: Instant; readonly role: string | null },
  thread: Pick<PlannerThread, 'explain'>,
): Promise<ExplainedTurn[]> {
  const [inForce] = await plansInForce(queryable, [want.schedule]);
  const plan = inForce === undefined ? null : await findPlan(queryable, want.schedule, inForce.version);
  if (plan === null) return [];
  const problems = plan.problem as readonly PlanProblem[];
  const met = problems
    .flatMap((problem) => problem.units)
    .filter(
      ({ schedule, role, intervals }) =>
        schedule === want.schedule &&
        (want.role === null || role === want.role) &&
        intervals.some(({ start, end }) => start <= want.at && end > want.at),
    );
  if (met.length === 0) return [];
  const units = met.map((unit) => unit.id);
  const explained = await thread.explain({ problems, assignment: plan.assignment, units });
  const byId = new Map(met.map((unit) => [unit.id, unit]));
  return explained.flatMap((explanation) => {
    const unit = byId.get(explanation.unit);
    if (unit === undefined) return [];
    const { rotation, role, intervals } = unit;
    const start = intervals[0]?.start ?? want.at;
    return [{ ...explanation, rotation, role, start, end: intervals.at(-1)?.end ?? want.at }];
  });
}
