import type { Gap, Instant } from '@watchbill/core';
import { columns } from '../columns.ts';
import type { Queryable, Transaction } from '../connection.ts';
import { toTimestamp } from '../instants.ts';
import { statement } from '../statement.ts';

export interface GapRow extends Gap {
  readonly id: string;
  readonly schedule: string;
}

const OPEN = statement(
  'gaps.open',
  `SELECT id, schedule_id AS schedule, role, starts_at AS start, ends_at AS end FROM gaps
   WHERE schedule_id = ANY($1::text[]) AND closed_at IS NULL AND ends_at > $2::timestamptz
   ORDER BY schedule_id, starts_at, role`,
);
const ADD = statement(
  'gaps.add',
  `INSERT INTO gaps (id, schedule_id, role, starts_at, ends_at, found_at)
   SELECT id, schedule_id, role, starts_at, ends_at, $6::timestamptz
   FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[])
     AS row (id, schedule_id, role, starts_at, ends_at)`,
);
const RESIZE = statement(
  'gaps.resize',
  `UPDATE gaps g SET ends_at = row.ends_at
   FROM unnest($1::text[], $2::timestamptz[]) AS row (id, ends_at) WHERE g.id = row.id`,
);
const CLOSE = statement(
  'gaps.close',
  `UPDATE gaps g SET ends_at = row.ends_at, closed_at = $3::timestamptz
   FROM unnest($1::text[], $2::timestamptz[]) AS row (id, ends_at) WHERE g.id = row.id`,
);

/** The open gaps of schedules that end after an instant, by schedule and start. */
export function openGaps(
  queryable: Queryable,
  schedules: readonly string[],
  after: Instant,
): Promise<GapRow[]> {
  return queryable.query<GapRow>(OPEN, [schedules, toTimestamp(after)]);
}

export async function addGaps(tx: Transaction, rows: readonly GapRow[], now: Instant): Promise<void> {
  if (rows.length === 0) return;
  const values = columns(rows, [
    (row) => row.id,
    (row) => row.schedule,
    (row) => row.role,
    (row) => toTimestamp(row.start),
    (row) => toTimestamp(row.end),
  ]);
  await tx.query(ADD, [...values, toTimestamp(now)]);
}

/** Writes the ends of gaps. */
export async function resizeGaps(tx: Transaction, rows: readonly GapRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(RESIZE, columns(rows, [(row) => row.id, (row) => toTimestamp(row.end)]));
}

/** Closes gaps at `now` and writes their ends. */
export async function closeGaps(tx: Transaction, rows: readonly GapRow[], now: Instant): Promise<void> {
  if (rows.length === 0) return;
  const values = columns(rows, [(row) => row.id, (row) => toTimestamp(row.end)]);
  await tx.query(CLOSE, [...values, toTimestamp(now)]);
}
