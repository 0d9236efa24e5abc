import type { Instant } from '@watchbill/core';
import type { Transaction } from '../connection.ts';
import { statement } from '../statement.ts';
import type { HandoffDetail } from './boundaries.ts';

/** A boundary that has fired and is not applied, with its shift as it is now. */
export interface FiredBoundary {
  readonly id: number;
  readonly schedule: string;
  readonly dueAt: Instant;
  readonly kind: 'shift.ended' | 'handoff.completed' | 'shift.started' | 'shift.starting_soon';
  readonly detail: Partial<HandoffDetail> & { readonly leadMinutes?: number };
  readonly shift: string | null;
  readonly status: 'active' | 'cancelled' | null;
  readonly role: string | null;
  readonly person: string | null;
  readonly personName: string | null;
  readonly rotation: string | null;
  readonly override: string | null;
  readonly start: Instant | null;
  readonly end: Instant | null;
}

const FIRED = statement(
  'fired.unapplied',
  `SELECT b.id, b.schedule_id AS schedule, b.due_at AS "dueAt", b.kind, b.detail, b.shift_id AS shift,
     s.status, s.role, s.person, coalesce(p.name, s.person) AS "personName", s.rotation, s.override,
     s.starts_at AS start, s.ends_at AS end
   FROM boundaries b
   LEFT JOIN shifts s ON s.id = b.shift_id
   LEFT JOIN people p ON p.id = s.person
   WHERE b.schedule_id = ANY($1::text[]) AND b.fired_at IS NOT NULL AND b.applied_at IS NULL
   ORDER BY b.due_at, b.schedule_id, b.rank, b.id
   LIMIT $2`,
);
const WAKES = statement(
  'fired.wakes',
  `SELECT schedule_id AS schedule, wake_at::text AS wake FROM schedule_cursors
   WHERE schedule_id = ANY($1::text[]) AND wake_at IS NOT NULL`,
);
const APPLIED = statement(
  'fired.applied',
  'UPDATE boundaries SET applied_at = clock_now() WHERE id = ANY($1::bigint[]) AND applied_at IS NULL',
);
const CLEAR_WAKES = statement(
  'fired.clear-wakes',
  `UPDATE schedule_cursors c SET wake_at = NULL
   FROM unnest($1::text[], $2::text[]) AS row (schedule_id, wake)
   WHERE c.schedule_id = row.schedule_id AND c.wake_at = row.wake::timestamptz`,
);

/** A cursor that is to wake the worker again, as it stood when it was read (to the microsecond, as text). */
export interface CursorWake {
  readonly schedule: string;
  readonly wake: string;
}

/** Up to `limit` fired, un-applied boundaries of schedules: by due time, and in their order for each schedule. */
export function firedBoundaries(
  tx: Transaction,
  schedules: readonly string[],
  limit: number,
): Promise<FiredBoundary[]> {
  return tx.query<FiredBoundary>(FIRED, [schedules, limit]);
}

/** When the schedules are to be woken again. Read it before the boundaries: what fires later sets another time. */
export function cursorWakes(tx: Transaction, schedules: readonly string[]): Promise<CursorWake[]> {
  return tx.query<CursorWake>(WAKES, [schedules]);
}

export async function markApplied(tx: Transaction, ids: readonly number[]): Promise<void> {
  if (ids.length > 0) await tx.query(APPLIED, [ids]);
}

/** Clears wake-ups that still stand as they were read; one set meanwhile stays. */
export async function clearWakes(tx: Transaction, wakes: readonly CursorWake[]): Promise<void> {
  if (wakes.length === 0) return;
  await tx.query(CLEAR_WAKES, [wakes.map((row) => row.schedule), wakes.map((row) => row.wake)]);
}
