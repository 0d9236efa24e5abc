import { extendHorizon } from '@watchbill/commands';
import { type Database, readClock } from '@watchbill/database';
import type { Logger } from '@watchbill/runtime';

const WEEK_MS = 7 * 24 * 3_600_000;
const EVERY_MS = 5 * 60_000;
const LEAST_PAUSE_MS = 1_000;

export interface HorizonWish {
  readonly horizonWeeks: number;
  readonly startingSoonMinutes: readonly number[];
}

/**
 * Keeps shifts stored far enough ahead, run by run. On a faster clock it looks more often, for time runs away faster.
 * A schedule that cannot be planned is told once for each reason.
 */
export function horizonKeeper(
  database: Database,
  { wish, logger }: { readonly wish: HorizonWish; readonly logger: Logger },
): () => Promise<number> {
  let told = new Map<string, string>();
  return async () => {
    const { extended, failed } = await extendHorizon(database, {
      horizonMs: wish.horizonWeeks * WEEK_MS,
      leadMinutes: wish.startingSoonMinutes,
    });
    if (extended > 0) logger.info({ schedules: extended }, 'extended the horizon');
    for (const { schedule, message } of failed) {
      if (told.get(schedule) !== message)
        logger.error({ schedule, reason: message }, 'cannot be planned ahead');
    }
    told = new Map(failed.map(({ schedule, message }) => [schedule, message]));
    const { factor } = await readClock(database);
    return Math.min(EVERY_MS, Math.max(LEAST_PAUSE_MS, EVERY_MS / factor));
  };
}
