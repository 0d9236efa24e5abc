import type { Instant, PlanProblem } from '@watchbill/core';
import type { PlannedTurnRow } from '@watchbill/database';

/** What a plan says for each of its units, by schedule and start. */
export function turnsOf(
  problems: readonly Pick<PlanProblem, 'units'>[],
  assignment: Readonly<Record<string, string | null>>,
): PlannedTurnRow[] {
  return problems
    .flatMap((problem) => problem.units)
    .map(({ id, schedule, rotation, seat, intervals }) => ({
      ...{ unit: id, schedule, rotation, seat, intervals },
      startsAt: intervals[0]?.start ?? 0,
      endsAt: intervals.at(-1)?.end ?? 0,
      person: assignment[id] ?? null,
    }))
    .sort((a, b) => a.startsAt - b.startsAt || (a.unit < b.unit ? -1 : 1));
}

export interface TurnDecision {
  /** Later turns that stand are dropped, and those that nobody holds. */
  readonly dropAfter: Instant;
  readonly kept: readonly PlannedTurnRow[];
  readonly added: readonly PlannedTurnRow[];
}

/** The turns that a plan says nothing new of: others stand them as a whole or in parts, and so they stay whole. */
export function leftTurns(
  problems: readonly Pick<PlanProblem, 'units'>[],
  assignment: Readonly<Record<string, string | null>>,
): Set<string> {
  const units = problems.flatMap((problem) => problem.units);
  const planned = new Set(units.filter((unit) => !unit.pinned).map((unit) => unit.id));
  return new Set(Object.keys(assignment).filter((id) => !planned.has(id)));
}

/**
 * Which turns count after a plan of a schedule is published: those that have begun stay as they are, the plan's take
 * the place of all later ones. A turn of the plan that has begun counts only where nobody stands.
 */
export function decideTurns(
  existing: readonly PlannedTurnRow[],
  made: readonly PlannedTurnRow[],
  at: { readonly now: Instant; readonly countsFrom: Instant; readonly left?: ReadonlySet<string> },
): TurnDecision {
  const dropAfter = Math.max(at.now, at.countsFrom);
  const kept = existing.filter(({ unit, person, startsAt, endsAt }) => {
    if (person !== null && at.left?.has(unit)) return true;
    return startsAt <= dropAfter && (person !== null || endsAt <= dropAfter);
  });
  const known = new Set(kept.map((turn) => turn.unit));
  const taken = (turn: PlannedTurnRow) =>
    kept.some(
      (other) =>
        other.rotation === turn.rotation &&
        other.seat === turn.seat &&
        other.startsAt < turn.endsAt &&
        other.endsAt > Math.max(at.now, turn.startsAt),
    );
  const added = made.filter(
    (turn) => turn.endsAt > at.now && !known.has(turn.unit) && (turn.startsAt > dropAfter || !taken(turn)),
  );
  return { dropAfter, kept, added };
}
