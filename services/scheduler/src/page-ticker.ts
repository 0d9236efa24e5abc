import { handOverPages, WAKE_PAGES_LIMIT, wakeDuePages } from '@watchbill/commands';
import { type Database, noteTick, pagesDue } from '@watchbill/database';
import type { Logger } from '@watchbill/runtime';
import type { SchedulerFigures } from './scheduler-figures.ts';

/** The longest sleep: what became due earlier unnoticed is late by this much at most. No step waits less. */
const MAX_SLEEP_MS = 1_000;
/** What is due is held by another process: look again soon. */
const BUSY_SLEEP_MS = 10;
const HANDOVER_EVERY_MS = 30_000;
const TELL_EVERY_MS = 5_000;

/**
 * Wakes the workers for pages and notifications that are due in real time, and gives the pause until the next one. The
 * same look finds what a lost queue has forgotten.
 */
export async function tickPages(
  database: Database,
  { wakeAgainMs, figures }: { readonly wakeAgainMs: number; readonly figures: SchedulerFigures },
): Promise<number> {
  const { inMs, overdueMs } = await pagesDue(database);
  figures.oldestStep.set(overdueMs / 1_000);
  if (inMs === null) return MAX_SLEEP_MS;
  if (inMs > 0) return Math.min(MAX_SLEEP_MS, inMs);
  const woken = await wakeDuePages(database, { wakeAgainMs });
  for (const [kind, count] of Object.entries(woken)) figures.pageWakes.inc({ kind }, count);
  if (woken.pages + woken.notifications === 0) return BUSY_SLEEP_MS;
  return woken.pages === WAKE_PAGES_LIMIT || woken.notifications === WAKE_PAGES_LIMIT ? 0 : BUSY_SLEEP_MS;
}

/** Tells whoever is on call by now of open pages, where the shift's own event did not. */
export async function sweepHandovers(
  database: Database,
  { logger }: { readonly logger: Logger },
): Promise<number> {
  const told = await handOverPages(database, null);
  if (told > 0) logger.info({ people: told }, 'told who came on call of open pages');
  return HANDOVER_EVERY_MS;
}

/** Leaves a sign of life for the dead man's switch, as long as `alive` says so. */
export async function tellAlive(database: Database, alive: () => boolean): Promise<number> {
  if (alive()) await noteTick(database);
  return TELL_EVERY_MS;
}
