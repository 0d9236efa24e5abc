import type { Config } from '@watchbill/config';
import type { Explanation, Instant, PlannedTurn, Schedule } from '@watchbill/core';
import {
  asOrderShows,
  DAY_MS,
  explainUnit,
  FIRST_INSTANT,
  LAST_INSTANT,
  makePlan,
  planProblemOf,
  rotationPlace,
} from '@watchbill/core';
import { resolveWithin } from '../input/resolve-within.ts';
import { heldInOrder, schedulesAsFair } from './make-plan-file.ts';

/** How far before and after a turn of an order the load of its people counts for its price. */
export const ORDER_WEEKS = 13;
const AROUND_MS = ORDER_WEEKS * 7 * DAY_MS;

/** A turn of a rotation in order, and what it would weigh for each of its people if the planner gave it out. */
export interface OrderTurn {
  readonly turn: PlannedTurn;
  readonly explanation: Explanation;
}

/**
 * The turn of an in-order rotation at an instant that a person stands, weighed as a plan would weigh it, with all other
 * turns as the order has them. Null where the person stands no turn of the rotation then.
 */
export function explainOrder(
  config: Config,
  of: { readonly schedule: Schedule; readonly rotation: string; readonly person: string },
  at: Instant,
): OrderTurn | null {
  const { schedule, rotation, person } = of;
  const horizon = {
    start: Math.max(FIRST_INSTANT, at - AROUND_MS),
    end: Math.min(LAST_INSTANT, at + AROUND_MS),
  };
  const sharing = new Set(
    schedule.rotations.flatMap(({ id, strategy }) =>
      strategy.kind === 'in_order' ? [rotationPlace(schedule.id, id)] : [],
    ),
  );
  const others = config.schedules.map((one) => (one.id === schedule.id ? schedule : one));
  return resolveWithin(() => {
    const schedules = schedulesAsFair(others, sharing, horizon);
    const own = schedules.find(({ id }) => id === schedule.id)?.rotations.find(({ id }) => id === rotation);
    if (own?.strategy.kind !== 'fair') return null;
    const turn = own.strategy.turns.find(
      (one) => one.person === person && one.intervals.some(({ start, end }) => start <= at && at < end),
    );
    if (turn === undefined) return null;
    const problems = asOrderShows(
      planProblemOf({ schedules, people: config.people, horizon, only: [schedule.id] }),
      schedules,
      sharing,
    );
    const problem = problems.find(({ units }) => units.some(({ id }) => id === turn.unit));
    if (problem === undefined) return null;
    const planned = makePlan(heldInOrder(problem, schedules, turn.unit), { certify: false });
    const explanation = explainUnit(planned, turn.unit);
    return explanation === null ? null : { turn, explanation };
  });
}
