import { type PlannerThread, startPlanner } from '@watchbill/commands';
import { holidayCalendar } from '@watchbill/config';
import { type Database, PLAN_JOB_CHANNEL } from '@watchbill/database';
import type { Logger, Loop } from '@watchbill/runtime';
import { aheadPlanner, type PlanningWish } from './plan-ahead.ts';
import { requestPlanner } from './plan-on-request.ts';

/** The longest that one plan may take, in real time; the largest that is allowed takes some seconds. */
const PLAN_BUDGET_MS = 180_000;

export interface Planning {
  readonly loops: readonly Loop[];
  /** What wakes which of them, by the channel of the database. */
  readonly wakes: Readonly<Record<string, Loop>>;
  /** Ends the threads; what they work on is made after the next start. */
  readonly endThreads: () => Promise<void>;
}

/**
 * Starts what plans: after changes, and on request. Each has a thread of its own, so that somebody's absence does not
 * wait for a plan that a manager wants to look at.
 */
export function startPlanning(
  of: { readonly database: Database; readonly wish: PlanningWish; readonly logger: Logger },
  start: (name: string, run: () => Promise<number>) => Loop,
): Planning {
  const { database, wish, logger } = of;
  const aheadThread = startPlanner({ budgetMs: PLAN_BUDGET_MS });
  const jobThread = startPlanner({ budgetMs: PLAN_BUDGET_MS });
  const toolsOf = ({ planner }: PlannerThread) => ({ planner, holidayCalendar });
  const planning = start('planner', aheadPlanner(database, { tools: toolsOf(aheadThread), wish, logger }));
  const answering = start('plan jobs', requestPlanner(database, { tools: toolsOf(jobThread), wish, logger }));
  return {
    loops: [planning, answering],
    wakes: { watchbill_plans: planning, [PLAN_JOB_CHANNEL]: answering },
    endThreads: async () => {
      await Promise.all([aheadThread.close(), jobThread.close()]);
    },
  };
}
