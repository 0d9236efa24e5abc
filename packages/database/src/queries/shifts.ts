import type { Instant, Shift } from '@watchbill/core';
import { columns, inChunks } from '../columns.ts';
import type { Queryable, Transaction } from '../connection.ts';
import { toTimestamp } from '../instants.ts';
import { statement } from '../statement.ts';

/** A shift as stored: whole, also where it ends beyond the horizon. `sequence` counts its changes. */
export interface ShiftRow extends Shift {
  readonly id: string;
  readonly schedule: string;
  readonly sequence: number;
}

const COLUMNS = `id, schedule_id AS schedule, role, seat, person, rotation, override, starts_at AS start,
  ends_at AS end, sequence`;
const UNNESTED = `unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
     $8::timestamptz[], $9::timestamptz[], $10::int[], $11::int[])
   AS row (id, schedule_id, role, seat, person, rotation, override, starts_at, ends_at, sequence, revision)`;

const ENDING_FROM = statement(
  'shifts.ending-from',
  `SELECT ${COLUMNS} FROM shifts
   WHERE schedule_id = ANY($1::text[]) AND status = 'active' AND ends_at >= $2::timestamptz
   ORDER BY schedule_id, starts_at, role, seat`,
);
const ADD = statement(
  'shifts.add',
  `INSERT INTO shifts (id, schedule_id, role, seat, person, rotation, override, starts_at, ends_at, sequence,
     revision, created_at, updated_at)
   SELECT id, schedule_id, role, seat, person, rotation, override, starts_at, ends_at, sequence, revision,
     $12::timestamptz, $12::timestamptz
   FROM ${UNNESTED}`,
);
const CHANGE = statement(
  'shifts.change',
  `UPDATE shifts s SET role = row.role, seat = row.seat, person = row.person, rotation = row.rotation,
     override = row.override, starts_at = row.starts_at, ends_at = row.ends_at, sequence = row.sequence,
     revision = row.revision, updated_at = $12::timestamptz
   FROM ${UNNESTED}
   WHERE s.id = row.id`,
);
const CANCEL = statement(
  'shifts.cancel',
  `UPDATE shifts SET status = 'cancelled', sequence = sequence + 1, updated_at = $2::timestamptz
   WHERE id = ANY($1::text[])`,
);

/** The active shifts of schedules that end at `from` or later, by schedule and start. */
export function shiftsEndingFrom(
  queryable: Queryable,
  schedules: readonly string[],
  from: Instant,
): Promise<ShiftRow[]> {
  return queryable.query<ShiftRow>(ENDING_FROM, [schedules, toTimestamp(from)]);
}

/** A shift to be written, with the revision of its schedule that says so. */
export type ShiftToWrite = ShiftRow & { readonly revision: number };

function shiftColumns(rows: readonly ShiftToWrite[]): (readonly unknown[])[] {
  return columns(rows, [
    (row) => row.id,
    (row) => row.schedule,
    (row) => row.role,
    (row) => row.seat,
    (row) => row.person,
    (row) => row.rotation,
    (row) => row.override,
    (row) => toTimestamp(row.start),
    (row) => toTimestamp(row.end),
    (row) => row.sequence,
    (row) => row.revision,
  ]);
}

export async function addShifts(tx: Transaction, rows: readonly ShiftToWrite[], now: Instant): Promise<void> {
  await inChunks(rows, (chunk) => tx.query(ADD, [...shiftColumns(chunk), toTimestamp(now)]));
}

export async function changeShifts(
  tx: Transaction,
  rows: readonly ShiftToWrite[],
  now: Instant,
): Promise<void> {
  await inChunks(rows, (chunk) => tx.query(CHANGE, [...shiftColumns(chunk), toTimestamp(now)]));
}

export async function cancelShifts(tx: Transaction, ids: readonly string[], now: Instant): Promise<void> {
  if (ids.length > 0) await tx.query(CANCEL, [ids, toTimestamp(now)]);
}

const ELSEWHERE = statement(
  'shifts.elsewhere',
  `SELECT ${COLUMNS} FROM shifts
   WHERE person = ANY($1::text[]) AND ends_at > $3::timestamptz AND status = 'active'
     AND schedule_id <> ALL($2::text[])
   ORDER BY person, starts_at, id`,
);

/** The active shifts of people on other schedules than these that end after `after`, by person and start. */
export function shiftsElsewhere(
  queryable: Queryable,
  people: readonly string[],
  want: { readonly than: readonly string[]; readonly after: Instant },
): Promise<ShiftRow[]> {
  return queryable.query<ShiftRow>(ELSEWHERE, [people, want.than, toTimestamp(want.after)]);
}
