import { wakeOverdue } from '@watchbill/commands';
import type { Database } from '@watchbill/database';
import type { Logger } from '@watchbill/runtime';
import { measureOutbox } from './relay.ts';
import type { SchedulerFigures } from './scheduler-figures.ts';

const EVERY_MS = 1_000;

/** Wakes what nobody did in time, and lanes whose retry is due. */
export async function sweep(
  database: Database,
  {
    wakeAgainMs,
    figures,
    logger,
  }: { readonly wakeAgainMs: number; readonly figures: SchedulerFigures; readonly logger: Logger },
): Promise<number> {
  const woken = await wakeOverdue(database, { wakeAgainMs });
  for (const [kind, count] of Object.entries(woken)) figures.wokenAgain.inc({ kind }, count);
  if (woken.schedules + woken.events > 0) {
    logger.warn({ ...woken, afterMs: wakeAgainMs }, 'woke again what had no effect in time');
  }
  await measureOutbox(database, figures);
  return EVERY_MS;
}
