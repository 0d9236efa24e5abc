import type { OverrideId, PersonId, RotationId, ScheduleId } from '../schedule/schedule.ts';
import type { Instant } from '../time/interval.ts';

/**
 * A concrete stretch `[start, end)` with one person on one seat of one role.
 * Exactly one of `rotation` and `override` is set: where the person comes from.
 * `seat` names the place that can hold one person at a time (`<rotation>/<index in the group>`, or
 * `<override>/<index>`); it does not depend on the window asked for.
 */
export interface Shift {
  readonly start: Instant;
  readonly end: Instant;
  readonly person: PersonId;
  readonly role: string;
  readonly seat: string;
  readonly rotation: RotationId | null;
  readonly override: OverrideId | null;
}

/** A stretch of the hours to be covered in which a role has nobody. */
export interface Gap {
  readonly start: Instant;
  readonly end: Instant;
  readonly role: string;
}

/** The resolved truth over `[from, to)`: shifts sorted by start, role (by name), person; gaps by start, role. */
export interface Timeline {
  readonly schedule: ScheduleId;
  readonly from: Instant;
  readonly to: Instant;
  readonly shifts: readonly Shift[];
  readonly gaps: readonly Gap[];
}

/** One difference between two timelines of a schedule. `changed` keeps person, role and start or seat. */
export type ShiftChange =
  | { readonly kind: 'added'; readonly shift: Shift }
  | { readonly kind: 'removed'; readonly shift: Shift }
  | { readonly kind: 'changed'; readonly before: Shift; readonly after: Shift };
