import { prune } from '@watchbill/commands';
import type { Database } from '@watchbill/database';
import type { Logger } from '@watchbill/runtime';
import type { SchedulerFigures } from './scheduler-figures.ts';

const DAY_MS = 24 * 3_600_000;
const EVERY_MS = 10 * 60_000;

/** Deletes what is finished and old. */
export async function pruneOld(
  database: Database,
  {
    eventRetentionDays,
    figures,
    logger,
  }: { readonly eventRetentionDays: number; readonly figures: SchedulerFigures; readonly logger: Logger },
): Promise<number> {
  const gone = await prune(database, { eventRetentionMs: eventRetentionDays * DAY_MS });
  const tables = Object.entries(gone).filter(([, count]) => count > 0);
  for (const [table, count] of tables) figures.pruned.inc({ table }, count);
  if (tables.length > 0) logger.info(Object.fromEntries(tables), 'deleted what was finished and old');
  return EVERY_MS;
}
