import type { Instant } from '@watchbill/core';
import { columns } from '../columns.ts';
import type { Queryable, Transaction } from '../connection.ts';
import { toTimestamp } from '../instants.ts';
import { statement } from '../statement.ts';

/** A schedule as commands need it, with when its next boundary is due. */
export interface ScheduleRow {
  readonly id: string;
  readonly team: string | null;
  readonly timeZone: string;
  readonly revision: number;
  readonly horizonUntil: Instant | null;
  readonly retiredAt: Instant | null;
  readonly nextDueAt: Instant | null;
}

const COLUMNS = `s.id, s.team, s.time_zone AS "timeZone", s.revision, s.horizon_until AS "horizonUntil",
  s.retired_at AS "retiredAt", c.next_due_at AS "nextDueAt"`;

const READ = statement(
  'schedules.read',
  `SELECT ${COLUMNS} FROM schedules s LEFT JOIN schedule_cursors c ON c.schedule_id = s.id
   WHERE s.id = ANY($1::text[]) ORDER BY s.id`,
);
const LOCK = statement(
  'schedules.lock',
  'SELECT id FROM schedules WHERE id = ANY($1::text[]) ORDER BY id FOR UPDATE',
);
const LOCK_CURSORS = statement(
  'schedules.lock-cursors',
  'SELECT schedule_id FROM schedule_cursors WHERE schedule_id = ANY($1::text[]) ORDER BY schedule_id FOR UPDATE',
);
const LOCK_SHORT = statement(
  'schedules.lock-short',
  `SELECT id FROM schedules
   WHERE retired_at IS NULL AND (horizon_until IS NULL OR horizon_until < $1::timestamptz)
     AND ($2::text IS NULL OR id = $2) AND id > $3
   ORDER BY id LIMIT $4 FOR UPDATE SKIP LOCKED`,
);
const SAVE = statement(
  'schedules.save',
  `INSERT INTO schedules (id, team, time_zone, revision, created_at, updated_at)
   SELECT id, team, time_zone, revision, $5::timestamptz, $5::timestamptz
   FROM unnest($1::text[], $2::text[], $3::text[], $4::int[]) AS row (id, team, time_zone, revision)
   ON CONFLICT (id) DO UPDATE SET team = excluded.team, time_zone = excluded.time_zone,
     revision = excluded.revision, updated_at = excluded.updated_at, retired_at = NULL`,
);
const SAVE_CURSORS = statement(
  'schedules.save-cursors',
  `INSERT INTO schedule_cursors (schedule_id) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING`,
);
const SET_HORIZON = statement(
  'schedules.set-horizon',
  `UPDATE schedules s SET horizon_until = row.until, updated_at = $3::timestamptz
   FROM unnest($1::text[], $2::timestamptz[]) AS row (id, until)
   WHERE s.id = row.id AND s.horizon_until IS DISTINCT FROM row.until`,
);
const RETIRE = statement(
  'schedules.retire',
  'UPDATE schedules SET retired_at = $2::timestamptz, updated_at = $2::timestamptz WHERE id = $1',
);

/** Schedules by id, in the order of ids; unknown ids are left out. */
export function readSchedules(queryable: Queryable, ids: readonly string[]): Promise<ScheduleRow[]> {
  return queryable.query<ScheduleRow>(READ, [ids]);
}

/**
 * Locks schedules for a change, then their cursors, so that nothing of them is applied or fired meanwhile, and reads
 * them. Always in the order of ids, and schedules before cursors: two commands never wait for each other.
 */
export async function lockSchedules(tx: Transaction, ids: readonly string[]): Promise<ScheduleRow[]> {
  await tx.query(LOCK, [ids]);
  await tx.query(LOCK_CURSORS, [ids]);
  return readSchedules(tx, ids);
}

/** Locks schedules only, not their cursors: for applying what has fired, while more may fire. */
export async function lockSchedulesToApply(tx: Transaction, ids: readonly string[]): Promise<void> {
  await tx.query(LOCK, [ids]);
}

/**
 * Locks and reads up to `limit` schedules whose stored shifts end before `before`, after the id `after`, and skips
 * those that another transaction holds. Retired ones are left alone.
 */
export async function lockShortHorizons(
  tx: Transaction,
  want: {
    readonly before: Instant;
    readonly schedule: string | null;
    readonly after: string;
    readonly limit: number;
  },
): Promise<ScheduleRow[]> {
  const values = [toTimestamp(want.before), want.schedule, want.after, want.limit];
  const rows = await tx.query<{ id: string }>(LOCK_SHORT, values);
  const ids = rows.map((row) => row.id);
  if (ids.length === 0) return [];
  await tx.query(LOCK_CURSORS, [ids]);
  return readSchedules(tx, ids);
}

/** Inserts or updates schedules with their cursors; a retired one is back in use. */
export async function saveSchedules(
  tx: Transaction,
  rows: readonly Pick<ScheduleRow, 'id' | 'team' | 'timeZone' | 'revision'>[],
  now: Instant,
): Promise<void> {
  if (rows.length === 0) return;
  const values = columns(rows, [(r) => r.id, (r) => r.team, (r) => r.timeZone, (r) => r.revision]);
  await tx.query(SAVE, [...values, toTimestamp(now)]);
  await tx.query(SAVE_CURSORS, [rows.map((row) => row.id)]);
}

/** Notes until when the shifts of schedules are stored. */
export async function setHorizons(
  tx: Transaction,
  rows: readonly { readonly id: string; readonly until: Instant }[],
  now: Instant,
): Promise<void> {
  if (rows.length === 0) return;
  const values = columns(rows, [(row) => row.id, (row) => toTimestamp(row.until)]);
  await tx.query(SET_HORIZON, [...values, toTimestamp(now)]);
}

export async function markRetired(tx: Transaction, id: string, now: Instant): Promise<void> {
  await tx.query(RETIRE, [id, toTimestamp(now)]);
}
