import type { Instant, Interval } from '@watchbill/core';
import { columns, inChunks } from '../columns.ts';
import type { Queryable, Transaction } from '../connection.ts';
import { toTimestamp } from '../instants.ts';
import { statement } from '../statement.ts';

/** A turn of a fair rotation that counts. */
export interface PlannedTurnRow {
  readonly schedule: string;
  readonly unit: string;
  readonly rotation: string;
  readonly seat: number;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  readonly intervals: readonly Interval[];
  readonly person: string | null;
}

type StoredTurn = Omit<PlannedTurnRow, 'intervals'> & {
  readonly intervals: readonly (readonly [number, number])[];
};

const ENDING_FROM = statement(
  'planned-turns.ending-from',
  `SELECT schedule_id AS schedule, unit, rotation, seat, starts_at AS "startsAt", ends_at AS "endsAt", intervals,
     person
   FROM planned_turns WHERE schedule_id = ANY($1::text[]) AND ends_at > $2::timestamptz
   ORDER BY schedule_id, starts_at, rotation, seat`,
);
const DROP = statement(
  'planned-turns.drop',
  `DELETE FROM planned_turns WHERE schedule_id = $1 AND unit <> ALL($3::text[])
     AND (starts_at > $2::timestamptz OR (person IS NULL AND ends_at > $2::timestamptz))`,
);
const ADD = statement(
  'planned-turns.add',
  `INSERT INTO planned_turns (schedule_id, unit, rotation, seat, starts_at, ends_at, intervals, person, plan_id)
   SELECT schedule_id, unit, rotation, seat, starts_at, ends_at, intervals, person, $9
   FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::timestamptz[], $6::timestamptz[], $7::jsonb[],
       $8::text[])
     AS row (schedule_id, unit, rotation, seat, starts_at, ends_at, intervals, person)`,
);

/** The turns of schedules that end after `after`, by schedule and start. */
export async function plannedTurnsFrom(
  queryable: Queryable,
  schedules: readonly string[],
  after: Instant,
): Promise<PlannedTurnRow[]> {
  const rows = await queryable.query<StoredTurn>(ENDING_FROM, [schedules, toTimestamp(after)]);
  return rows.map((row) => ({
    ...row,
    intervals: row.intervals.map(([start, end]) => ({ start, end })),
  }));
}

/**
 * Takes away the turns of a schedule that start after `after`, and those that nobody holds and that end after it;
 * `keep` names units that stay.
 */
export async function dropPlannedTurns(
  tx: Transaction,
  schedule: string,
  of: { readonly after: Instant; readonly keep: readonly string[] },
): Promise<void> {
  await tx.query(DROP, [schedule, toTimestamp(of.after), of.keep]);
}

export async function addPlannedTurns(
  tx: Transaction,
  rows: readonly PlannedTurnRow[],
  plan: string,
): Promise<void> {
  await inChunks(rows, (chunk) => {
    const values = columns(chunk, [
      (row) => row.schedule,
      (row) => row.unit,
      (row) => row.rotation,
      (row) => row.seat,
      (row) => toTimestamp(row.startsAt),
      (row) => toTimestamp(row.endsAt),
      (row) => JSON.stringify(row.intervals.map(({ start, end }) => [start, end])),
      (row) => row.person,
    ]);
    return tx.query(ADD, [...values, plan]);
  });
}
