import { closeLedgers, type PlanTools, planRequested } from '@watchbill/commands';
import { type Database, readClock } from '@watchbill/database';
import type { Logger } from '@watchbill/runtime';
import type { HorizonWish } from './keep-horizon.ts';

const WEEK_MS = 7 * 24 * 3_600_000;
const EVERY_MS = 60_000;
const LEAST_PAUSE_MS = 1_000;

export interface PlanningWish extends HorizonWish {
  /** 0: what was carried counts for ever. */
  readonly ledgerHalfLifeDays: number;
}

interface AheadPlanning {
  readonly tools: PlanTools;
  readonly wish: PlanningWish;
  readonly logger: Logger;
}

/**
 * Plans what waits for it, run by run, and closes the periods that have ended. A schedule that cannot be planned is
 * told once for each reason.
 */
export function aheadPlanner(database: Database, of: AheadPlanning): () => Promise<number> {
  const { tools, wish, logger } = of;
  const horizon = { horizonMs: wish.horizonWeeks * WEEK_MS, leadMinutes: wish.startingSoonMinutes };
  const told = new Map<string, string>();
  return async () => {
    await closeEnded(database, of);
    const { planned, failed } = await planRequested(database, tools, { horizon });
    for (const { schedule, reason, plan, schedules } of planned) {
      told.delete(schedule);
      logger.info({ schedule, reason, plan, published: schedules }, 'planned');
    }
    for (const { schedule, message } of failed) {
      if (told.get(schedule) !== message) logger.error({ schedule, reason: message }, 'cannot be planned');
      told.set(schedule, message);
    }
    const { factor } = await readClock(database);
    return Math.min(EVERY_MS, Math.max(LEAST_PAUSE_MS, EVERY_MS / factor));
  };
}

/** A ledger that cannot be closed is told, and keeps nobody from planning by the accounts as they are. */
async function closeEnded(database: Database, { tools, wish, logger }: AheadPlanning): Promise<void> {
  const halfLifeDays = wish.ledgerHalfLifeDays === 0 ? null : wish.ledgerHalfLifeDays;
  try {
    const closed = await closeLedgers(database, { ...tools, halfLifeDays });
    for (const { schedules, period } of closed) logger.info({ schedules, period }, 'closed the ledger');
  } catch (error) {
    logger.error({ err: error }, 'the ledger cannot be closed');
  }
}
