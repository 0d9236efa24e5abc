import {
  clockNow,
  type Database,
  failPlanRequests,
  openPlanRequests,
  planRequestsOf,
  requestPlans,
  shortPlans,
} from '@watchbill/database';
import { DEFAULT_HORIZON, type HorizonSettings } from '../horizon/horizon-settings.ts';
import type { CommandContext } from '../run-command.ts';
import type { PlanTools } from './planner.ts';
import { type Replanned, replanSchedule } from './replan-schedule.ts';
import { PlannerClosedError } from './start-planner.ts';

/** Plans in one call; the next call goes on. */
export const PLANS_PER_CALL = 50;
/** Schedules that are found at once to reach not far enough ahead. */
const SHORT_LIMIT = 500;
/** What a rotation means that names no `publishAheadDays`. */
const DEFAULT_AHEAD_DAYS = 28;
/** A schedule that cannot be planned is tried again after this, by real time, or when it changes. */
const RETRY_MS = 5 * 60_000;

export interface PlannedSchedules {
  readonly planned: readonly (Replanned & { readonly schedule: string; readonly reason: string })[];
  /** Schedules that cannot be planned, with the reason; they are tried again later. */
  readonly failed: readonly { readonly schedule: string; readonly message: string }[];
}

/**
 * Plans every schedule that waits for it, one group after another: those that were wished for, and those whose plan
 * does not reach far enough ahead. Two that run at once may make the same plan twice; only one is published.
 */
export async function planRequested(
  database: Database,
  tools: PlanTools,
  options: { readonly horizon?: HorizonSettings } = {},
): Promise<PlannedSchedules> {
  const horizon = options.horizon ?? DEFAULT_HORIZON;
  await wishForShort(database, horizon);
  const context: CommandContext = { database, actor: 'planner', horizon };
  const planned: PlannedSchedules['planned'][number][] = [];
  const failed: { schedule: string; message: string }[] = [];
  for (let count = 0; count < PLANS_PER_CALL; count += 1) {
    const [request] = await openPlanRequests(database, 1);
    if (request === undefined) break;
    const { schedule, reason } = request;
    const told = await tryPlan(context, { schedule, reason }, tools);
    if (typeof told !== 'string') {
      planned.push({ ...told, schedule, reason });
      continue;
    }
    failed.push({ schedule, message: told });
    await failPlanRequests(database, [request], { message: told, retryMs: RETRY_MS });
  }
  return { planned, failed };
}

/** What was done, or why it could not be. A change that came in between is met by trying once more. */
async function tryPlan(
  context: CommandContext,
  input: { readonly schedule: string; readonly reason: string },
  tools: PlanTools,
): Promise<Replanned | string> {
  let message = '';
  for (let tries = 0; tries < 3; tries += 1) {
    try {
      const result = await replanSchedule(context, input, tools);
      if (result.ok) return result.value;
      message = result.error.message;
      if (result.error.reason !== 'plan/outdated') return message;
    } catch (error) {
      if (error instanceof PlannerClosedError) throw error;
      // One schedule that cannot be planned must not keep all others from it; where the database is away, this
      // throws again.
      await planRequestsOf(context.database, [input.schedule]);
      return error instanceof Error ? error.message : String(error);
    }
  }
  return message;
}

async function wishForShort(database: Database, { horizonMs }: HorizonSettings): Promise<void> {
  const now = await clockNow(database);
  const short = await shortPlans(database, {
    until: now + horizonMs,
    aheadDays: DEFAULT_AHEAD_DAYS,
    limit: SHORT_LIMIT,
  });
  if (short.length === 0) return;
  await database.transaction((tx) => requestPlans(tx, short, { reason: 'horizon', now }));
}
