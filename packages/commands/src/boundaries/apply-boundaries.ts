import {
  clearWakes,
  clockNow,
  cursorWakes,
  type Database,
  firedBoundaries,
  insertEvents,
  lockSchedulesToApply,
  markApplied,
  type Transaction,
} from '@watchbill/database';
import { boundaryEvent } from './boundary-events.ts';

/** Schedules applied in one transaction, and boundaries of all of them together. */
export const SCHEDULES_PER_APPLY = 50;
export const BOUNDARIES_PER_APPLY = 5_000;

export interface AppliedBoundaries {
  readonly boundaries: number;
  readonly events: number;
}

/**
 * Writes the events of everything that has fired for these schedules and was not applied yet: for each schedule in
 * due order, the missed ones after downtime too. What another call has applied is left alone, so running it twice,
 * or at the same time, does no harm. Unknown schedules are left out.
 */
export async function applyBoundaries(
  database: Database,
  schedules: readonly string[],
): Promise<AppliedBoundaries> {
  const ids = [...new Set(schedules)].sort();
  let boundaries = 0;
  let events = 0;
  for (let first = 0; first < ids.length; first += SCHEDULES_PER_APPLY) {
    const batch = ids.slice(first, first + SCHEDULES_PER_APPLY);
    let applied: AppliedBoundaries;
    do {
      applied = await database.transaction((tx) => applyBatch(tx, batch));
      boundaries += applied.boundaries;
      events += applied.events;
    } while (applied.boundaries === BOUNDARIES_PER_APPLY);
  }
  return { boundaries, events };
}

async function applyBatch(tx: Transaction, schedules: readonly string[]): Promise<AppliedBoundaries> {
  await lockSchedulesToApply(tx, schedules);
  const wakes = await cursorWakes(tx, schedules);
  const rows = await firedBoundaries(tx, schedules, BOUNDARIES_PER_APPLY);
  const publishedAt = rows.length === 0 ? 0 : await clockNow(tx);
  const events = rows.flatMap((row) => boundaryEvent(row, publishedAt) ?? []);
  const written = await insertEvents(tx, events);
  await markApplied(
    tx,
    rows.map((row) => row.id),
  );
  if (rows.length < BOUNDARIES_PER_APPLY) await clearWakes(tx, wakes);
  return { boundaries: rows.length, events: written.length };
}
