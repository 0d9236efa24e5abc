import { advancePages, handOverPages } from '@watchbill/commands';
import type { Database } from '@watchbill/database';
import type { Logger } from '@watchbill/runtime';
import type { PageMetrics } from './page-metrics.ts';

/** Fires the steps of pages that are due. What fails is told, and woken again by the sweep. */
export async function firePages(
  database: Database,
  pages: readonly string[],
  { logger, figures }: { readonly logger: Logger; readonly figures: PageMetrics },
): Promise<void> {
  const { fired, silent, failed } = await advancePages(database, pages);
  for (const { page, number, lateMs } of fired) {
    figures.fired(lateMs);
    logger.info({ page, step: number, lateMs }, 'step of a page fired');
  }
  if (silent > 0) logger.warn({ pages: silent }, 'pages were due and nobody could be told');
  for (const { page, error } of failed) logger.error({ page, err: error }, 'step of a page failed');
}

/** Tells whoever has come on call in these schedules of their open pages. */
export async function handOver(
  database: Database,
  schedules: readonly string[],
  logger: Logger,
): Promise<void> {
  const people = await handOverPages(database, schedules);
  if (people > 0) logger.info({ people }, 'told who came on call of open pages');
}
