import { fireBoundaries } from '@watchbill/commands';
import { type Database, nextDue } from '@watchbill/database';
import type { SchedulerFigures } from './scheduler-figures.ts';

/** The longest sleep: a boundary that moved nearer unnoticed is late by this much at most. */
const MAX_SLEEP_MS = 1_000;
/** What is due is held by another process: look again soon. */
const BUSY_SLEEP_MS = 10;
/** After so many batches the loop takes breath, so that closing never waits long. */
const MAX_BATCHES = 100;

/**
 * Claims everything that is due and gives the pause until the next boundary, in ms of real time. Only the database's
 * clock decides what is due: a clock of this machine that is wrong, or a timer that comes early, changes nothing.
 */
export async function tick(
  database: Database,
  { wakeAgainMs, figures }: { readonly wakeAgainMs: number; readonly figures: SchedulerFigures },
): Promise<number> {
  const { now, factor, dueAt } = await nextDue(database);
  figures.oldestDue.set(dueAt === null ? 0 : Math.max(0, now - dueAt) / factor / 1_000);
  figures.lastTick.setToCurrentTime();
  if (dueAt === null) return MAX_SLEEP_MS;
  if (dueAt > now) return Math.min(MAX_SLEEP_MS, Math.ceil((dueAt - now) / factor));
  for (let batches = 0; batches < MAX_BATCHES; batches += 1) {
    const fired = await fireBoundaries(database, { wakeAgainMs });
    if (fired.schedules === 0) return batches === 0 ? BUSY_SLEEP_MS : 0;
    for (const { lateMs, count } of fired.lateness) {
      for (let one = 0; one < count; one += 1) figures.firedLateness.observe(lateMs / factor / 1_000);
    }
  }
  return 0;
}
