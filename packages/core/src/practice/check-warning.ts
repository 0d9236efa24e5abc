import type { PersonId, ScheduleId, ZoneName } from '../schedule/schedule.ts';
import type { Instant, Interval } from '../time/interval.ts';
import { showInstant } from '../time/show.ts';

/** Something that is allowed but not wise, or that a configuration calls an error. `message` says it all. */
export interface CheckWarning {
  /** Stable, such as `coverage/gap`. */
  readonly code: string;
  readonly level: 'warning' | 'error';
  readonly schedule: ScheduleId | null;
  readonly role: string | null;
  readonly person: PersonId | null;
  /** When it first happens; null where it is about all of the time. */
  readonly at: Instant | null;
  readonly message: string;
  /** Where it happens, each time, in order and as far as MAX_STRETCHES; left out where it is about no hours of its own. */
  readonly stretches?: readonly Interval[];
}

/** More stretches of one warning are not listed. */
export const MAX_STRETCHES = 200;

/** How messages name people and tell times. */
export interface Saying {
  readonly nameOf: (person: PersonId) => string;
  /** The zone that times are told in; null for that of the schedule or person. */
  readonly zone: ZoneName | null;
}

/** `Mon 30 Nov 2026 09:00 (Europe/London)`. */
export function sayWhen(at: Instant, zone: ZoneName): string {
  return `${showInstant(at, zone)} (${zone})`;
}

/** `once` or `3 times`. */
export function sayOften(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
