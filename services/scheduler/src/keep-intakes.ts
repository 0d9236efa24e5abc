import { pruneIntakes, sweepHeartbeats } from '@watchbill/commands';
import type { Database } from '@watchbill/database';
import type { Logger } from '@watchbill/runtime';
import type { SchedulerFigures } from './scheduler-figures.ts';

const EVERY_MS = 1_000;
const PRUNE_EVERY_MS = 10 * 60_000;

/** Triggers the pages of heartbeats that stay away, and deletes what is old of intakes. A refusal is told once. */
export function intakeKeeper(
  database: Database,
  { figures, logger }: { readonly figures: SchedulerFigures; readonly logger: Logger },
): () => Promise<number> {
  let told = new Map<string, string>();
  let prunedAt = Number.NEGATIVE_INFINITY;
  return async () => {
    const { unwatchedMs, missed, failed } = await sweepHeartbeats(database);
    if (unwatchedMs > 0) logger.warn({ unwatchedMs }, 'heartbeats were not watched; all are expected later');
    if (missed.length > 0) logger.warn({ heartbeats: missed }, 'heartbeats stay away');
    for (const { heartbeat, message } of failed) {
      if (told.get(heartbeat) !== message) {
        logger.error({ heartbeat, reason: message }, 'the page of a heartbeat is refused');
      }
    }
    told = new Map(failed.map(({ heartbeat, message }) => [heartbeat, message]));
    if (performance.now() - prunedAt > PRUNE_EVERY_MS) {
      prunedAt = performance.now();
      figures.pruned.inc({ table: 'intakes' }, await pruneIntakes(database));
    }
    return EVERY_MS;
  };
}
