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

/**
 * A shift of an answer to "who is on call". `now`: holds at the instant. `next`: starts at the next instant at which
 * somebody comes on call in its role who is not on call there now. `first`: only says when the role changes at the
 * earliest. `roles` is the order of the schedule's roles as its newest revision has it.
 */
export interface OnCallRow extends StoredShiftRow {
  readonly kind: 'now' | 'next' | 'first';
  readonly roles: readonly string[] | null;
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
 * exclusion constraint; the roles from a walk over an index that touches one row for each role; the shifts after the
 * instant from the same index.
 */
/** More than ever stand one role at once. The limits also keep the planner from joining all shifts with all. */
const SEATS_MOST = 1_000;
const ON_CALL = statement(
  'reads.shifts.on_call',
  `WITH RECURSIVE wanted AS (
     SELECT w.id AS schedule_id, (SELECT definition -> 'roles' FROM schedule_revisions
       WHERE schedule_id = w.id ORDER BY revision DESC LIMIT 1) AS roles
     FROM unnest($1::text[]) AS w (id)
   ),
   walk AS (
     SELECT w.schedule_id, w.roles, (SELECT min(role) FROM shifts
       WHERE schedule_id = w.schedule_id AND status = 'active') AS role
     FROM wanted w
     UNION ALL
     SELECT r.schedule_id, r.roles, (SELECT min(role) FROM shifts
       WHERE schedule_id = r.schedule_id AND status = 'active' AND role > r.role)
     FROM walk r WHERE r.role IS NOT NULL
   ),
   current AS MATERIALIZED (
     SELECT ${SHIFT}, w.roles FROM wanted w
     JOIN shifts s ON s.schedule_id = w.schedule_id AND s.status = 'active'
       AND tstzrange(s.starts_at, s.ends_at) @> $2::timestamptz
   ),
   first AS MATERIALIZED (
     SELECT ${SHIFT}, r.roles FROM walk r
     CROSS JOIN LATERAL (
       SELECT * FROM shifts WHERE schedule_id = r.schedule_id AND role = r.role AND status = 'active'
         AND starts_at > $2::timestamptz ORDER BY starts_at LIMIT 1
     ) s
     WHERE r.role IS NOT NULL
   ),
   upcoming AS MATERIALIZED (
     SELECT f.schedule, f.role, f.roles, u.starts_at FROM first f
     CROSS JOIN LATERAL (
       SELECT starts_at FROM shifts n WHERE n.schedule_id = f.schedule AND n.role = f.role AND n.status = 'active'
         AND n.starts_at >= f."startsAt"
         AND NOT EXISTS (SELECT FROM current c
           WHERE c.schedule = f.schedule AND c.role = f.role AND c.person = n.person)
       ORDER BY n.starts_at LIMIT 1
     ) u
   )
   SELECT *, 'now' AS kind FROM current
   UNION ALL
   SELECT *, 'first' FROM first
   UNION ALL
   SELECT ${SHIFT}, u.roles, 'next' FROM upcoming u
   CROSS JOIN LATERAL (
     SELECT * FROM shifts WHERE schedule_id = u.schedule AND role = u.role AND status = 'active'
       AND starts_at = u.starts_at ORDER BY id LIMIT ${SEATS_MOST}
   ) s
   WHERE NOT EXISTS (SELECT FROM current c
     WHERE c.schedule = u.schedule AND c.role = u.role AND c.person = s.person)
   ORDER BY schedule, role, person, "startsAt"`,
);
const OF_PERSON = statement(
  'reads.shifts.of_person',
  `SELECT ${SHIFT} FROM shifts s
   WHERE s.person = $1 AND s.status = 'active' AND s.ends_at > $2::timestamptz
     AND s.starts_at < $3::timestamptz AND (s.ends_at, s.id) > ($4::timestamptz, $5::text)
   ORDER BY s.ends_at, s.id LIMIT $6`,
);
const FIND = statement('reads.shifts.find', `SELECT ${SHIFT} FROM shifts s WHERE s.id = $1`);

/** One shift, active or cancelled; null when there is none. */
export async function findStoredShift(queryable: Queryable, id: string): Promise<StoredShiftRow | null> {
  const [row] = await queryable.query<StoredShiftRow>(FIND, [id]);
  return row ?? null;
}

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
 * Who is on call at an instant in these schedules, and who comes next, by schedule, role and person. Only stored
 * shifts are seen: the horizon is the caller's business.
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
