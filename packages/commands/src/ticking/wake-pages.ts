import { type Database, wakeNotifications, wakePages } from '@watchbill/database';
import { PAGE_WAKE_AGAIN_MS } from '../page/page-limits.ts';

/** How many pages, and how many notifications, are woken in one go. */
export const WAKE_PAGES_LIMIT = 500;
/** How many of them go into one job: few enough for several workers to share a storm. */
export const PAGES_PER_JOB = 20;

/** How many were woken; as many as `WAKE_PAGES_LIMIT` means that more may wait. */
export interface WokenPages {
  readonly pages: number;
  readonly notifications: number;
}

/**
 * Claims pages and notifications that are due in real time and wakes the workers for them; those whose last wake-up
 * had no effect are woken again. Several processes may do this at once: each row is claimed by one of them.
 */
export async function wakeDuePages(
  database: Database,
  { wakeAgainMs, limit = WAKE_PAGES_LIMIT }: { readonly wakeAgainMs: number; readonly limit?: number },
): Promise<WokenPages> {
  const plan = { wakeAgainMs: Math.min(wakeAgainMs, PAGE_WAKE_AGAIN_MS), perJob: PAGES_PER_JOB };
  return {
    pages: await wakePages(database, limit, plan),
    notifications: await wakeNotifications(database, limit, plan),
  };
}
