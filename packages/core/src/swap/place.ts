import type { PersonId, Rotation, Schedule } from '../schedule/schedule.ts';
import type { Interval } from '../time/interval.ts';

/**
 * How near somebody is to a role of a schedule: in a roster of the role; in another roster of the schedule, or of its
 * team; or neither.
 */
export type Place = 'roster' | 'team' | 'outside';

/** Everybody whom the rotations of a schedule name that are in force in a window: all of them, or those of a role. */
export function peopleInForce(
  schedule: Schedule,
  of: { readonly role?: string; readonly window: Interval },
): PersonId[] {
  const { role, window } = of;
  const inForce = schedule.rotations.filter(
    (rotation) =>
      (role === undefined || rotation.role === role) &&
      (rotation.effectiveFrom ?? window.start) < window.end &&
      (rotation.effectiveUntil ?? window.end) > window.start,
  );
  return [...new Set(inForce.flatMap(peopleOf))].sort();
}

/** Where a person stands to a stretch of a role; `team` are the members of the schedule's team. */
export function placeOf(
  schedule: Schedule,
  stretch: Interval & { readonly role: string },
  who: { readonly person: PersonId; readonly team: readonly PersonId[] },
): Place {
  if (peopleInForce(schedule, { role: stretch.role, window: stretch }).includes(who.person)) return 'roster';
  if (who.team.includes(who.person)) return 'team';
  return peopleInForce(schedule, { window: stretch }).includes(who.person) ? 'team' : 'outside';
}

function peopleOf({ strategy }: Rotation): readonly PersonId[] {
  switch (strategy.kind) {
    case 'in_order':
      return strategy.roster.flat();
    case 'fixed':
      return strategy.turns.flatMap((turn) => turn.people);
    case 'fair':
      return strategy.roster;
  }
}
