import {
  type Database,
  type WakesRepeated,
  wakeOverdueFanOut,
  wakeOverdueLanes,
  wakeOverdueSchedules,
} from '@watchbill/database';
import { SCHEDULES_PER_JOB } from './fire-boundaries.ts';

/** How many schedules, and how many lanes, are woken in one go. */
export const WAKE_LIMIT = 500;

/**
 * Writes new wake-ups for work whose last one had no effect in time: fired boundaries that nobody applied, events
 * without a position, delivery lanes that are due. This makes a lost queue harmless. Doing it twice, or from several
 * processes, only wakes somebody for nothing.
 */
export async function wakeOverdue(
  database: Database,
  { wakeAgainMs, limit = WAKE_LIMIT }: { readonly wakeAgainMs: number; readonly limit?: number },
): Promise<WakesRepeated> {
  return {
    schedules: await wakeOverdueSchedules(database, limit, { wakeAgainMs, perJob: SCHEDULES_PER_JOB }),
    events: await wakeOverdueFanOut(database, wakeAgainMs),
    lanes: await wakeOverdueLanes(database, limit, wakeAgainMs),
  };
}
