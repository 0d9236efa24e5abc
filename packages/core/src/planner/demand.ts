import type { FairStrategy, Rotation, Schedule } from '../schedule/schedule.ts';
import { formatInstant } from '../time/format.ts';
import { clip, type Instant, type Interval } from '../time/interval.ts';
import { hoursIn } from '../timeline/hours.ts';
import { bareTurnsIn } from '../timeline/turns.ts';
import type { PlanUnit } from './problem.ts';

/** The id of one seat of one turn: what plans, explanations and events call it by. */
export function unitId(place: {
  readonly schedule: string;
  readonly rotation: string;
  readonly turnStart: Instant;
  readonly seat: number;
}): string {
  return `${place.schedule}/${place.rotation}@${formatInstant(place.turnStart)}#${place.seat}`;
}

/**
 * What a fair rotation needs people for: one unit for each seat of each turn that starts in `horizon`, with the
 * stretches of the turn in which its hours are in force, in order of start and seat. A turn that ends after the
 * horizon is whole; one without hours is left out. A rotation that is not fair needs nothing.
 * Throws a RangeError for a horizon that holds more than MAX_TURNS turns.
 */
export function demandOf(schedule: Schedule, rotation: Rotation, horizon: Interval): PlanUnit[] {
  const { strategy } = rotation;
  if (strategy.kind !== 'fair') return [];
  const from = Math.max(horizon.start, rotation.effectiveFrom ?? horizon.start);
  const until = Math.min(horizon.end, rotation.effectiveUntil ?? horizon.end);
  if (from >= until) return [];
  const turns = bareTurnsIn(rotation, strategy, { start: from, end: until })
    .map((turn) => ({
      turn,
      start: Math.max(turn.start, rotation.effectiveFrom ?? turn.start),
      end: Math.min(turn.end, rotation.effectiveUntil ?? turn.end),
    }))
    .filter(({ start }) => start >= horizon.start);
  const [first] = turns;
  const last = turns.at(-1);
  if (first === undefined || last === undefined) return [];
  const inForce = hoursIn(rotation.hours, schedule.coreHours, { start: first.start, end: last.end });
  return turns.flatMap(({ turn, start, end }) => {
    const intervals = clip(inForce, { start, end });
    return intervals.length === 0 ? [] : unitsOf({ schedule, rotation, strategy }, turn, intervals);
  });
}

function unitsOf(
  of: { readonly schedule: Schedule; readonly rotation: Rotation; readonly strategy: FairStrategy },
  turn: Interval,
  intervals: readonly Interval[],
): PlanUnit[] {
  const { schedule, rotation, strategy } = of;
  return Array.from({ length: strategy.seats }, (_, seat) => ({
    id: unitId({ schedule: schedule.id, rotation: rotation.id, turnStart: turn.start, seat }),
    schedule: schedule.id,
    rotation: rotation.id,
    role: rotation.role,
    seat,
    intervals,
    eligible: strategy.roster,
    previous: null,
    frozen: false,
    pinned: false,
    rules: strategy.rules,
  }));
}
