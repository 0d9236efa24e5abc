import type { Instant, Override } from '@watchbill/core';
import { columns } from '../columns.ts';
import type { Queryable, Transaction } from '../connection.ts';
import { toTimestamp } from '../instants.ts';
import { statement } from '../statement.ts';

/** An override of a schedule, as stored. */
export interface OverrideRow extends Override {
  readonly schedule: string;
  readonly origin: 'file' | 'api';
  readonly reason: string | null;
  readonly createdBy: string;
  readonly cancelledAt: Instant | null;
}

const COLUMNS = `schedule_id AS schedule, id, origin, role, kind, starts_at AS start, ends_at AS end, people, replaces,
  reason, created_by AS "createdBy", cancelled_at AS "cancelledAt"`;

const LIVE = statement(
  'overrides.live',
  `SELECT ${COLUMNS} FROM overrides
   WHERE schedule_id = ANY($1::text[]) AND cancelled_at IS NULL AND (ends_at > $2::timestamptz OR origin = 'file')
   ORDER BY sequence`,
);
const FIND = statement(
  'overrides.find',
  `SELECT ${COLUMNS} FROM overrides WHERE schedule_id = $1 AND id = $2`,
);
const TAKEN = statement(
  'overrides.taken',
  `SELECT schedule_id AS schedule, id FROM overrides WHERE schedule_id = ANY($1::text[]) AND origin = 'api'
   AND (schedule_id, id) IN (SELECT * FROM unnest($2::text[], $3::text[]))`,
);
const SAVE = statement(
  'overrides.save',
  `INSERT INTO overrides (schedule_id, id, origin, role, kind, starts_at, ends_at, people, replaces, reason,
     created_by, created_at)
   SELECT schedule_id, id, origin, role, kind, starts_at, ends_at,
     ARRAY(SELECT jsonb_array_elements_text(people)), replaces, reason, created_by, $12::timestamptz
   FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[],
       $8::jsonb[], $9::text[], $10::text[], $11::text[]) WITH ORDINALITY
     AS row (schedule_id, id, origin, role, kind, starts_at, ends_at, people, replaces, reason, created_by, place)
   ORDER BY place
   ON CONFLICT (schedule_id, id) DO UPDATE SET sequence = DEFAULT, role = excluded.role, kind = excluded.kind,
     starts_at = excluded.starts_at, ends_at = excluded.ends_at, people = excluded.people,
     replaces = excluded.replaces, reason = excluded.reason, created_by = excluded.created_by,
     created_at = excluded.created_at, cancelled_at = NULL`,
);
const CANCEL = statement(
  'overrides.cancel',
  `UPDATE overrides SET cancelled_at = $3::timestamptz
   WHERE cancelled_at IS NULL AND (schedule_id, id) IN (SELECT * FROM unnest($1::text[], $2::text[]))`,
);

/**
 * The overrides of schedules that are not cancelled and end after `after`, and all of the file whenever they end, in
 * the order of creation.
 */
export function liveOverrides(
  queryable: Queryable,
  schedules: readonly string[],
  after: Instant,
): Promise<OverrideRow[]> {
  return queryable.query<OverrideRow>(LIVE, [schedules, toTimestamp(after)]);
}

export async function findOverride(
  queryable: Queryable,
  schedule: string,
  id: string,
): Promise<OverrideRow | null> {
  const [row] = await queryable.query<OverrideRow>(FIND, [schedule, id]);
  return row ?? null;
}

/** Which of these ids belong to overrides that were not made by the file, cancelled or not. */
export function overridesNotOfFile(
  queryable: Queryable,
  keys: readonly { readonly schedule: string; readonly id: string }[],
): Promise<{ schedule: string; id: string }[]> {
  if (keys.length === 0) return Promise.resolve([]);
  const schedules = [...new Set(keys.map((key) => key.schedule))];
  const values = columns(keys, [(key) => key.schedule, (key) => key.id]);
  return queryable.query<{ schedule: string; id: string }>(TAKEN, [schedules, ...values]);
}

/** Writes overrides in their order, which is the order of creation; one with the same id is made anew. */
export async function saveOverrides(
  tx: Transaction,
  rows: readonly OverrideRow[],
  now: Instant,
): Promise<void> {
  if (rows.length === 0) return;
  const values = columns(rows, [
    (row) => row.schedule,
    (row) => row.id,
    (row) => row.origin,
    (row) => row.role,
    (row) => row.kind,
    (row) => toTimestamp(row.start),
    (row) => toTimestamp(row.end),
    (row) => JSON.stringify(row.people),
    (row) => row.replaces,
    (row) => row.reason,
    (row) => row.createdBy,
  ]);
  await tx.query(SAVE, [...values, toTimestamp(now)]);
}

/** Cancels overrides that are not cancelled yet. */
export async function cancelOverrides(
  tx: Transaction,
  keys: readonly { readonly schedule: string; readonly id: string }[],
  now: Instant,
): Promise<void> {
  if (keys.length === 0) return;
  const values = columns(keys, [(key) => key.schedule, (key) => key.id]);
  await tx.query(CANCEL, [...values, toTimestamp(now)]);
}
