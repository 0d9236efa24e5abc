import { DEFAULT_WEIGHTS, type Explanation, type Instant, type PlanProblem } from '@watchbill/core';
import { findPlan, plansInForce, type Queryable } from '@watchbill/database';
import { type CoveredPart, type RunningTurn, runningTurns } from './covered-parts.ts';
import type { PlannerThread } from './start-planner.ts';

export interface ExplainedTurn extends Explanation {
  readonly rotation: string;
  readonly role: string;
  readonly start: Instant;
  readonly end: Instant;
  /** The parts that others stand by overrides, such as swaps. */
  readonly covered: readonly CoveredPart[];
}

/**
 * Why those who are planned at an instant in a role are, by the plan in force, and who stands it for them. Empty where
 * it plans nobody. A turn that others stand as a whole has no prices: the plan has no part in it any more.
 */
export async function explainTurns(
  queryable: Queryable,
  want: { readonly schedule: string; readonly at: Instant; readonly role: string | null },
  thread: Pick<PlannerThread, 'explain'>,
): Promise<ExplainedTurn[]> {
  const [inForce] = await plansInForce(queryable, [want.schedule]);
  const plan = inForce === undefined ? null : await findPlan(queryable, want.schedule, inForce.version);
  if (plan === null) return [];
  const problems = plan.problem as readonly PlanProblem[];
  const isAsked = (role: string): boolean => want.role === null || role === want.role;
  const met = problems
    .flatMap((problem) => problem.units)
    .filter(
      ({ schedule, role, intervals }) =>
        schedule === want.schedule &&
        isAsked(role) &&
        intervals.some(({ start, end }) => start <= want.at && end > want.at),
    );
  const running = await runningTurns(queryable, want, {
    people: problems.flatMap(({ people }) => people),
    weights: problems[0]?.weights ?? DEFAULT_WEIGHTS,
  });
  const units = met.map((unit) => unit.id);
  const left = running.filter(({ turn, role, covered }) => {
    return covered.length > 0 && role !== null && isAsked(role) && !units.includes(turn.unit);
  });
  if (met.length + left.length === 0) return [];
  const explained =
    met.length === 0 ? [] : await thread.explain({ problems, assignment: plan.assignment, units });
  const byId = new Map(met.map((unit) => [unit.id, unit]));
  const coveredBy = new Map(running.map(({ turn, covered }) => [turn.unit, covered.map(partOf)]));
  const priced = explained.flatMap((explanation): ExplainedTurn[] => {
    const unit = byId.get(explanation.unit);
    if (unit === undefined) return [];
    const { rotation, role, intervals } = unit;
    const start = intervals[0]?.start ?? want.at;
    const covered = coveredBy.get(unit.id) ?? [];
    return [{ ...explanation, rotation, role, start, end: intervals.at(-1)?.end ?? want.at, covered }];
  });
  return [...priced, ...left.map(leftTurn)];
}

/** A turn that others stand: the plan knows its holder, and nothing of it is there to weigh. */
function leftTurn({ turn, role, covered }: RunningTurn): ExplainedTurn {
  const { unit, rotation, startsAt, endsAt, person } = turn;
  const priceless = { unit, assigned: person, candidates: [], refused: [] };
  return {
    ...priceless,
    rotation,
    role: role ?? '',
    start: startsAt,
    end: endsAt,
    covered: covered.map(partOf),
  };
}

function partOf({ start, end, person, override, burden, spared }: CoveredPart): CoveredPart {
  return { start, end, person, override, burden, spared };
}
