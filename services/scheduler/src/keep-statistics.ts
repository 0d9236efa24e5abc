import { analyseGrown, type Database } from '@watchbill/database';
import type { Logger } from '@watchbill/runtime';

const EVERY_MS = 2_000;

/** Keeps PostgreSQL's picture of the tables fresh after a large change, and gives the pause until the next look. */
export async function keepStatistics(
  database: Database,
  { logger }: { readonly logger: Pick<Logger, 'info'> },
): Promise<number> {
  const tables = await analyseGrown(database);
  if (tables.length > 0) logger.info({ tables }, 'analysed tables that have grown');
  return EVERY_MS;
}
