import type { Instant } from '@watchbill/core';
import { columns, inChunks } from '../columns.ts';
import type { Queryable, Transaction } from '../connection.ts';
import { toTimestamp } from '../instants.ts';
import { statement } from '../statement.ts';

/** Who takes over from whom in a role. */
export interface HandoffDetail {
  readonly role: string;
  readonly outgoing: readonly string[];
  readonly incoming: readonly string[];
}

/** Something that falls due at an instant. */
export type NewBoundary = {
  readonly schedule: string;
  readonly dueAt: Instant;
  readonly revision: number;
} & (
  | { readonly kind: 'shift.started' | 'shift.ended'; readonly shift: string }
  | { readonly kind: 'shift.starting_soon'; readonly shift: string; readonly leadMinutes: number }
  | { readonly kind: 'handoff.completed'; readonly handoff: HandoffDetail }
);

/** What is due at the same instant happens in this order: an end, a handoff, a start, a notice. */
const RANKS: Readonly<Record<NewBoundary['kind'], number>> = {
  'shift.ended': 0,
  'handoff.completed': 1,
  'shift.started': 2,
  'shift.starting_soon': 3,
};

export interface StoredHandoff extends HandoffDetail {
  readonly id: number;
  readonly schedule: string;
  readonly dueAt: Instant;
  readonly applied: boolean;
}

const DROP_LATER = statement(
  'boundaries.drop-later',
  `DELETE FROM boundaries WHERE shift_id = ANY($1::text[]) AND schedule_id = ANY($2::text[])
   AND fired_at IS NULL AND due_at > $3::timestamptz`,
);
const DROP_UNFIRED = statement(
  'boundaries.drop-unfired',
  `DELETE FROM boundaries WHERE shift_id = ANY($1::text[]) AND schedule_id = ANY($2::text[]) AND fired_at IS NULL`,
);
const DROP = statement(
  'boundaries.drop',
  'DELETE FROM boundaries WHERE id = ANY($1::bigint[]) AND applied_at IS NULL',
);
const HANDOFF = `SELECT id, schedule_id AS schedule, due_at AS "dueAt", applied_at IS NOT NULL AS applied,
     detail->>'role' AS role, detail->'outgoing' AS outgoing, detail->'incoming' AS incoming
   FROM boundaries
   WHERE schedule_id = ANY($1::text[]) AND kind = 'handoff.completed' AND due_at >= $2::timestamptz`;
/** In three parts, each with an index of its own. What is applied and due at `from` or later was applied since. */
const HANDOFFS = statement(
  'boundaries.handoffs',
  `${HANDOFF} AND fired_at IS NULL
   UNION ALL ${HANDOFF} AND fired_at IS NOT NULL AND applied_at IS NULL
   UNION ALL ${HANDOFF} AND applied_at >= $2::timestamptz`,
);
const ADD = statement(
  'boundaries.add',
  `INSERT INTO boundaries (schedule_id, due_at, rank, kind, shift_id, detail, revision)
   SELECT schedule_id, due_at, rank, kind, shift_id, detail, revision
   FROM unnest($1::text[], $2::timestamptz[], $3::smallint[], $4::text[], $5::text[], $6::jsonb[], $7::int[])
     AS row (schedule_id, due_at, rank, kind, shift_id, detail, revision)`,
);
const RECKON = statement(
  'boundaries.reckon',
  `UPDATE schedule_cursors c SET next_due_at =
     (SELECT min(b.due_at) FROM boundaries b WHERE b.schedule_id = c.schedule_id AND b.fired_at IS NULL)
   WHERE c.schedule_id = ANY($1::text[])
   RETURNING c.schedule_id AS schedule, c.next_due_at AS "nextDueAt"`,
);

/** Deletes what has not fired yet and is due after `after`, for these shifts. */
export async function dropLaterBoundaries(
  tx: Transaction,
  of: { readonly schedules: readonly string[]; readonly shifts: readonly string[] },
  after: Instant,
): Promise<void> {
  if (of.shifts.length > 0) await tx.query(DROP_LATER, [of.shifts, of.schedules, toTimestamp(after)]);
}

/** Deletes everything that has not fired yet, for these shifts. */
export async function dropUnfiredBoundaries(
  tx: Transaction,
  of: { readonly schedules: readonly string[]; readonly shifts: readonly string[] },
): Promise<void> {
  if (of.shifts.length > 0) await tx.query(DROP_UNFIRED, [of.shifts, of.schedules]);
}

/** Deletes boundaries by id, unless they are applied. */
export async function dropBoundaries(tx: Transaction, ids: readonly number[]): Promise<void> {
  if (ids.length > 0) await tx.query(DROP, [ids]);
}

/** The handoffs of schedules that are due at `from` or later. */
export function handoffsFrom(
  queryable: Queryable,
  schedules: readonly string[],
  from: Instant,
): Promise<StoredHandoff[]> {
  return queryable.query<StoredHandoff>(HANDOFFS, [schedules, toTimestamp(from)]);
}

export async function addBoundaries(tx: Transaction, rows: readonly NewBoundary[]): Promise<void> {
  await inChunks(rows, (chunk) => {
    const values = columns(chunk, [
      (row) => row.schedule,
      (row) => toTimestamp(row.dueAt),
      (row) => RANKS[row.kind],
      (row) => row.kind,
      (row) => (row.kind === 'handoff.completed' ? null : row.shift),
      (row) => JSON.stringify(detailOf(row)),
      (row) => row.revision,
    ]);
    return tx.query(ADD, values);
  });
}

function detailOf(row: NewBoundary): object {
  switch (row.kind) {
    case 'handoff.completed':
      return row.handoff;
    case 'shift.starting_soon':
      return { leadMinutes: row.leadMinutes };
    case 'shift.started':
    case 'shift.ended':
      return {};
  }
}

/** Reckons when the next boundary of each schedule is due, and returns it. */
export function reckonNextDue(
  tx: Transaction,
  schedules: readonly string[],
): Promise<{ schedule: string; nextDueAt: Instant | null }[]> {
  return tx.query<{ schedule: string; nextDueAt: Instant | null }>(RECKON, [schedules]);
}
