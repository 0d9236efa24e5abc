import { type Database, type FiredLateness, fireDueBoundaries, lockDueSchedules } from '@watchbill/database';

/** How many schedules fire in one transaction. */
export const FIRE_BATCH = 500;
/** How many schedules go into one wake-up: few enough for several workers to share a herd. */
export const SCHEDULES_PER_JOB = 50;

export interface FiredBatch {
  readonly schedules: number;
  readonly boundaries: number;
  /** How late they were, in ms of the schedules' clock. */
  readonly lateness: readonly FiredLateness[];
}

/**
 * Claims what is due by the database's clock, for up to `limit` schedules, oldest first, and wakes the workers for
 * them. All that is due of a schedule fires at once, under the lock of its cursor, so no boundary fires twice or
 * before an earlier one, however many processes do this. Nothing is due, or others hold it: `schedules` is 0.
 */
export function fireBoundaries(
  database: Database,
  { limit = FIRE_BATCH, wakeAgainMs }: { readonly limit?: number; readonly wakeAgainMs: number },
): Promise<FiredBatch> {
  return database.transaction(async (tx) => {
    const schedules = await lockDueSchedules(tx, limit);
    if (schedules.length === 0) return { schedules: 0, boundaries: 0, lateness: [] };
    const lateness = await fireDueBoundaries(tx, schedules, { wakeAgainMs, perJob: SCHEDULES_PER_JOB });
    return {
      schedules: schedules.length,
      boundaries: lateness.reduce((sum, { count }) => sum + count, 0),
      lateness,
    };
  });
}
