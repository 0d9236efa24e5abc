import { EXPIRIES_PER_CALL, expireSwaps } from '@watchbill/commands';
import type { Database } from '@watchbill/database';
import type { Logger } from '@watchbill/runtime';

/** Nobody can accept after the shift has begun, whenever it is told; so the telling need not hurry. */
const EVERY_MS = 2_000;

/** Ends requests that nobody took before their shifts began, and gives the pause until the next look. */
export async function endSwaps(
  database: Database,
  { logger }: { readonly logger: Pick<Logger, 'info'> },
): Promise<number> {
  const ended = await expireSwaps({ database });
  if (ended.length > 0) logger.info({ swaps: ended.map(({ id }) => id) }, 'swaps expired');
  return ended.length === EXPIRIES_PER_CALL ? 0 : EVERY_MS;
}
