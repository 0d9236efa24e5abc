import type { Config } from '@watchbill/config';
import type { Explanation, PlanFile, PlanFileUnit } from '@watchbill/core';
import {
  asOrderShows,
  BURDEN_UNIT,
  explainUnit,
  holdersOf,
  makePlan,
  parseInstant,
  planProblemOf,
} from '@watchbill/core';
import { resolveWithin } from '../input/resolve-within.ts';

/**
 * Why a turn of a plan is held by whom it is: what it would cost each person with all the rest as planned. The
 * configuration has the plan in it. Null for a turn that the configuration does not ask for any more.
 */
export function explainTurn(config: Config, plan: PlanFile, unit: string): Explanation | null {
  const holders = holdersOf(plan);
  // The turn itself is open, so that nobody is preferred for having it already.
  holders.delete(unit);
  const [start, end] = [parseInstant(plan.from), parseInstant(plan.to)];
  if (start === null || end === null || start >= end) return null;
  const places = new Set(plan.asFair);
  const asked = resolveWithin(() =>
    planProblemOf({
      schedules: config.schedules,
      people: config.people,
      horizon: { start, end },
      previous: holders,
      carried: new Map(plan.people.map(({ person, carried }) => [person, carried * BURDEN_UNIT])),
      weights: plan.weights ?? undefined,
      seed: plan.seed,
    }),
  );
  const problems = asOrderShows(asked, config.schedules, places);
  const problem = problems.find(({ units }) => units.some(({ id }) => id === unit));
  if (problem === undefined) return null;
  const planned = resolveWithin(() => makePlan(problem));
  return explainUnit(planned, unit);
}

/** The turns of a plan that run at an instant in a schedule, seat by seat. */
export function turnsAt(plan: PlanFile, schedule: string, at: number): PlanFileUnit[] {
  return plan.units.filter(
    (unit) =>
      unit.schedule === schedule &&
      unit.intervals.some(({ start, end }) => {
        const [from, to] = [parseInstant(start), parseInstant(end)];
        return from !== null && to !== null && from <= at && at < to;
      }),
  );
}
