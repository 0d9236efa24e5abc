import type { Instant } from '@watchbill/core';
import type { Queryable } from '../connection.ts';
import { toTimestamp } from '../instants.ts';
import { statement } from '../statement.ts';

/** A shift as stored, with its whole extent. */
export interface StoredShiftRow {
  readonly id: string;
  readonly schedule: string;
  readonly role: string;
  readonly seat: string;
  readonly person: string;
  readonly rotation: string | null;
  readonly override: string | null;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  readonly status: 'active' | 'cancelled';
}

/** A shift of an answer to "who is on call": one that holds at the instant, or the next one of its role. */
export interface OnCallRow extends StoredShiftRow {
  readonly now: boolean;
}

const SHIFT = `s.id, s.schedule_id AS schedule, s.role, s.seat, s.person, s.rotation, s.override,
  s.starts_at AS "startsAt", s.ends_at AS "endsAt", s.status`;

const WITHIN = statement(
  'reads.shifts.within',
  `SELECT ${SHIFT} FROM shifts s
   WHERE s.schedule_id = $1 AND s.status = 'active'
     AND s.ends_at > $2::timestamptz AND s.starts_at < $3::timestamptz
   ORDER BY s.starts_at, s.role, s.person LIMIT $4`,
);

/*
 * Flat in the number of schedules and of stored shifts: the shifts at the instant come from the index behind the
 * exclusion constraint; the roles from a walk over an index that touches one row for each role; the next shifts
 * from the same index.
 */
const ON_CALL = statement(
  'reads.shifts.on_call',
  `WITH RECURSIVE wanted AS (SELECT unnest($1::text[]) AS schedule_id),
   roles AS (
     SELECT w.schedule_id, (SELECT min(role) FROM shifts
       WHERE schedule_id = w.schedule_id AND status = 'active') AS role
     FROM wanted w
     UNION ALL
     SELECT r.schedule_id, (SELECT min(role) FROM shifts
       WHERE schedule_id = r.schedule_id AND status = 'active' AND role > r.role)
     FROM roles r WHERE r.role IS NOT NULL
   )
   SELECT ${SHIFT}, true AS now FROM wanted w
   CROSS JOIN LATERAL (
     SELECT * FROM shifts WHERE schedule_id = w.schedule_id AND status = 'active'
       AND tstzrange(starts_at, ends_at) @> $2::timestamptz
   ) s
   UNION ALL
   SELECT ${SHIFT}, false FROM roles r
   CROSS JOIN LATERAL (
     SELECT starts_at FROM shifts WHERE schedule_id = r.schedule_id AND role = r.role AND status = 'active'
       AND starts_at > $2::timestamptz ORDER BY starts_at LIMIT 1
   ) first
   CROSS JOIN LATERAL (
     SELECT * FROM shifts WHERE schedule_id = r.schedule_id AND role = r.role AND status = 'active'
       AND starts_at = first.starts_at
   ) s
   WHERE r.role IS NOT NULL
   ORDER BY schedule, role, person, "startsAt"`,
);
const OF_PERSON = statement(
  'reads.shifts.of_person',
  `SELECT ${SHIFT} FROM shifts s
   WHERE s.person = $1 AND s.status = 'active' AND s.ends_at > $2::timestamptz
     AND s.starts_at < $3::timestamptz AND (s.ends_at, s.id) > ($4::timestamptz, $5::text)
   ORDER BY s.ends_at, s.id LIMIT $6`,
);

/** The active shifts that touch `[from, to)`, by start, role and person; at most `limit`. */
export function shiftsWithin(
  queryable: Queryable,
  window: {
    readonly schedule: string;
    readonly from: Instant;
    readonly to: Instant;
    readonly limit: number;
  },
): Promise<StoredShiftRow[]> {
  const { schedule, from, to, limit } = window;
  return queryable.query<StoredShiftRow>(WITHIN, [schedule, toTimestamp(from), toTimestamp(to), limit]);
}

/**
 * Who is on call at an instant in these schedules, by role and person, and per role the shifts that start next.
 * Only stored shifts are seen: the horizon is the caller's business.
 */
export function onCallRows(
  queryable: Queryable,
  schedules: readonly string[],
  at: Instant,
): Promise<OnCallRow[]> {
  return queryable.query<OnCallRow>(ON_CALL, [schedules, toTimestamp(at)]);
}

/** The active shifts of a person that touch `[from, to)`, by end and id, after the place `after`. */
export function pageShiftsOfPerson(
  queryable: Queryable,
  page: {
    readonly person: string;
    readonly from: Instant;
    readonly to: Instant;
    readonly after: { readonly endsAt: Instant; readonly id: string };
    readonly limit: number;
  },
): Promise<StoredShiftRow[]> {
  const { person, from, to, after, limit } = page;
  const values = [person, toTimestamp(from), toTimestamp(to), toTimestamp(after.endsAt), after.id, limit];
  return queryable.query<StoredShiftRow>(OF_PERSON, values);
}
