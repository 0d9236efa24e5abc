import { type PlanTools, runPlanJobs } from '@watchbill/commands';
import type { Database } from '@watchbill/database';
import type { Logger } from '@watchbill/runtime';
import type { HorizonWish } from './keep-horizon.ts';

const WEEK_MS = 7 * 24 * 3_600_000;
/** Jobs are told by the database; this is for what it could not tell, and for those whose planner died. */
const LOOK_EVERY_MS = 2_000;

/** Makes the plans that somebody has asked for, run by run. */
export function requestPlanner(
  database: Database,
  of: { readonly tools: PlanTools; readonly wish: HorizonWish; readonly logger: Logger },
): () => Promise<number> {
  const { tools, wish, logger } = of;
  const horizon = { horizonMs: wish.horizonWeeks * WEEK_MS, leadMinutes: wish.startingSoonMinutes };
  return async () => {
    const ran = await runPlanJobs(database, tools, { horizon });
    for (const { id, schedule, end, reason } of ran) {
      logger.info({ job: id, schedule, end, reason }, 'made a plan on request');
    }
    return ran.length > 0 ? 0 : LOOK_EVERY_MS;
  };
}
