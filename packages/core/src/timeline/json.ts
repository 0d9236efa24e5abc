import type { OverrideId, PersonId, RotationId, ScheduleId } from '../schedule/schedule.ts';
import { formatInstant } from '../time/format.ts';
import type { Instant } from '../time/interval.ts';
import type { OnCall } from './at.ts';
import type { Timeline } from './timeline.ts';

/** The JSON that commands and the API print. Instants are ISO-8601 UTC with `Z`. This form is a public contract. */
export interface TimelineJson {
  readonly schedule: ScheduleId;
  readonly from: string;
  readonly to: string;
  readonly shifts: readonly ShiftJson[];
  readonly gaps: readonly { readonly start: string; readonly end: string; readonly role: string }[];
}

export interface ShiftJson {
  readonly start: string;
  readonly end: string;
  readonly person: PersonId;
  readonly role: string;
  readonly rotation: RotationId | null;
  readonly override: OverrideId | null;
}

export interface OnCallJson {
  readonly role: string;
  readonly person: PersonId;
  readonly since: string | null;
  readonly until: string | null;
  readonly rotation: RotationId | null;
  readonly override: OverrideId | null;
}

export interface WhoJson {
  readonly at: string;
  readonly schedules: readonly {
    readonly schedule: ScheduleId;
    readonly onCall: readonly OnCallJson[];
    readonly next: readonly OnCallJson[];
  }[];
}

export interface HandoffsJson {
  readonly schedule: ScheduleId;
  readonly rotation: RotationId;
  readonly handoffs: readonly string[];
}

/** A timeline as JSON: shifts by start, role, person; gaps by start, role. */
export function timelineJson({ schedule, from, to, shifts, gaps }: Timeline): TimelineJson {
  return {
    schedule,
    from: formatInstant(from),
    to: formatInstant(to),
    shifts: shifts.map(({ start, end, person, role, rotation, override }) => ({
      start: formatInstant(start),
      end: formatInstant(end),
      person,
      role,
      rotation,
      override,
    })),
    gaps: gaps.map(({ start, end, role }) => ({
      start: formatInstant(start),
      end: formatInstant(end),
      role,
    })),
  };
}

/** Who is on call and who is next in one schedule: what `onCallAt` and `nextOnCall` said. */
export interface WhoEntry {
  readonly schedule: ScheduleId;
  readonly onCall: readonly OnCall[];
  readonly next: readonly OnCall[];
}

/** Who is on call at an instant as JSON; roles in the order of each schedule. */
export function whoJson(at: Instant, entries: readonly WhoEntry[]): WhoJson {
  const schedules = entries.map(({ schedule, onCall, next }) => ({
    schedule,
    onCall: onCall.map(onCallJson),
    next: next.map(onCallJson),
  }));
  return { at: formatInstant(at), schedules };
}

function onCallJson({ role, person, since, until, rotation, override }: OnCall): OnCallJson {
  return {
    role,
    person,
    since: since === null ? null : formatInstant(since),
    until: until === null ? null : formatInstant(until),
    rotation,
    override,
  };
}

/** The handoffs of a rotation as JSON. */
export function handoffsJson(
  schedule: ScheduleId,
  rotation: RotationId,
  instants: readonly Instant[],
): HandoffsJson {
  return { schedule, rotation, handoffs: instants.map(formatInstant) };
}
