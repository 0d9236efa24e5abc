import type { FairStrategy, PlannedTurn, RotationId, Schedule } from '../schedule/schedule.ts';
import type { Instant, Interval } from '../time/interval.ts';
import type { Turn } from './turn.ts';

/** The staffed stretches of a plan in order of start, with the latest end up to each. */
interface PlannedIndex {
  readonly turns: readonly Turn[];
  readonly latestEnd: readonly Instant[];
}

const known = new WeakMap<FairStrategy, PlannedIndex>();

function indexOf(strategy: FairStrategy): PlannedIndex {
  const found = known.get(strategy);
  if (found !== undefined) return found;
  const turns = strategy.turns
    .flatMap(({ intervals, seat, person }) =>
      person === null ? [] : intervals.map(({ start, end }) => ({ start, end, people: [person], seat })),
    )
    .sort((a, b) => a.start - b.start || a.seat - b.seat);
  let latest = Number.NEGATIVE_INFINITY;
  const latestEnd = turns.map(({ end }) => {
    latest = Math.max(latest, end);
    return latest;
  });
  const made = { turns, latestEnd };
  known.set(strategy, made);
  return made;
}

/** The planned stretches with somebody that touch `span`, whole, in order of start. */
export function plannedIn(strategy: FairStrategy, span: Interval): Turn[] {
  const { turns, latestEnd } = indexOf(strategy);
  let low = 0;
  let high = turns.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((latestEnd[middle] as number) <= span.start) low = middle + 1;
    else high = middle;
  }
  const result: Turn[] = [];
  for (let k = low; k < turns.length; k += 1) {
    const turn = turns[k] as Turn;
    if (turn.start >= span.end) break;
    if (turn.end > span.start) result.push(turn);
  }
  return result;
}

/**
 * The schedule with a plan in its fair rotations: what the map says of a rotation takes the place of what it had.
 * Rotations that the map does not name, or that are not fair, stay as they are.
 */
export function withPlan(
  schedule: Schedule,
  plannedTurnsByRotation: ReadonlyMap<RotationId, readonly PlannedTurn[]>,
): Schedule {
  const rotations = schedule.rotations.map((rotation) => {
    const turns = plannedTurnsByRotation.get(rotation.id);
    if (turns === undefined || rotation.strategy.kind !== 'fair') return rotation;
    return { ...rotation, strategy: { ...rotation.strategy, turns } };
  });
  return { ...schedule, rotations };
}
