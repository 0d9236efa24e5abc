import { randomUUID } from 'node:crypto';
import {
  claimPlanJob,
  type Database,
  finishPlanJob,
  keepPlanJob,
  type LeasedPlanJob,
  refusePlanJob,
  releasePlanJob,
} from '@watchbill/database';
import type { CommandError, CommandResult } from '../command.ts';
import type { HorizonSettings } from '../horizon/horizon-settings.ts';
import { type CommandContext, refuse, runCommand } from '../run-command.ts';
import { type CreatedPlan, draftOrRefusal, storeMade } from './create-plan.ts';
import { makeDraft } from './make-draft.ts';
import { type PlanStep, type PlanTools, STORING } from './planner.ts';
import { PlannerClosedError } from './start-planner.ts';

export interface RanPlanJob {
  readonly id: string;
  readonly schedule: string;
  /** `lost`: another planner has taken it up meanwhile. */
  readonly end: 'done' | 'refused' | 'lost';
  /** For one that was refused: why. */
  readonly reason: string | null;
}

export interface PlanJobOptions {
  readonly horizon?: HorizonSettings;
  /** How long a job stays with a planner that says nothing, in ms of real time. */
  readonly leaseMs?: number;
}

/** Jobs in one call; the next call goes on. */
const JOBS_PER_CALL = 20;
const LEASE_MS = 10_000;
/** Each renewal also tells how far the job is. */
const RENEWALS_A_LEASE = 10;
/** A job that so many planners died over is given up. */
const MAX_ATTEMPTS = 3;
/** What came into force while a plan was made spoils it: it is made again at once, so often. */
const MAX_MAKINGS = 3;

/**
 * Makes the plans that were asked for, one after the other, oldest first. Any number of planners may run: a job is
 * leased to one, and taken up by another when that one dies.
 */
export async function runPlanJobs(
  database: Database,
  tools: PlanTools,
  options: PlanJobOptions = {},
): Promise<RanPlanJob[]> {
  const leaseMs = options.leaseMs ?? LEASE_MS;
  const ran: RanPlanJob[] = [];
  for (let count = 0; count < JOBS_PER_CALL; count += 1) {
    const job = await claimPlanJob(database, { token: randomUUID(), leaseMs });
    if (job === null) break;
    try {
      ran.push(await runJob(database, job, { ...options, tools, leaseMs }));
    } catch (error) {
      // Nothing is wrong with the job: the next planner makes it.
      if (error instanceof PlannerClosedError) await releasePlanJob(database, job);
      throw error;
    }
  }
  return ran;
}

type Running = PlanJobOptions & { readonly tools: PlanTools; readonly leaseMs: number };

async function runJob(database: Database, job: LeasedPlanJob, running: Running): Promise<RanPlanJob> {
  const { id, schedule } = job;
  if (job.attempts > MAX_ATTEMPTS) {
    const { error } = refuse('conflict', 'plan/planner-failed', {
      message: `The planner died over this plan ${MAX_ATTEMPTS} times. Plan fewer turns or people together.`,
    });
    return refused(database, job, error);
  }
  const keeper = keepJob(database, job, running.leaseMs);
  try {
    const result = await makeAndStore(database, job, { ...running, progress: keeper.tell });
    if (!result.ok) return await refused(database, job, result.error);
    return { id, schedule, end: result.value === null ? 'lost' : 'done', reason: null };
  } finally {
    keeper.stop();
  }
}

/** The plan; null where another planner has the job by now, and nothing was stored. */
async function makeAndStore(
  database: Database,
  job: LeasedPlanJob,
  { tools, horizon, progress }: Running & { readonly progress: (step: PlanStep) => void },
): Promise<CommandResult<CreatedPlan | null>> {
  const { schedule, keep } = job;
  const context: CommandContext = { database, actor: job.requestedBy, ...(horizon && { horizon }) };
  const wish = { schedule, keep, seed: job.seed ?? undefined, horizon };
  const call = { name: 'createPlan', input: { job: job.id }, audited: false };
  for (let making = 1; ; making += 1) {
    const attempt = await draftOrRefusal(() => makeDraft(database, wish, { ...tools, progress }));
    if (!attempt.ok) return attempt;
    progress({ stage: 'storing', progress: STORING });
    const result = await runCommand<CreatedPlan | null>(context, call, async (tx) => {
      const stored = await storeMade(tx, attempt.value, { schedule, context });
      if (!stored.ok) return stored;
      const isMine = await finishPlanJob(tx, job, stored.value);
      return isMine ? stored : LOST;
    });
    if (result.ok) return result;
    if (result.error.reason === LOST.error.reason) return { ok: true, value: null, replayed: false };
    if (result.error.reason !== 'plan/outdated' || making === MAX_MAKINGS) return result;
  }
}

/** Undoes what was stored: whoever has the job now stores it. */
const LOST = refuse('conflict', 'plan-job/lost', { message: 'Another planner has taken the job up.' });

async function refused(database: Database, job: LeasedPlanJob, error: CommandError): Promise<RanPlanJob> {
  const { code, reason, message } = error;
  const isMine = await refusePlanJob(database, job, { code, reason, message });
  return { id: job.id, schedule: job.schedule, end: isMine ? 'refused' : 'lost', reason };
}

/** Renews the lease of a job, and notes how far it is, until it is stopped. What fails meanwhile is tried again. */
function keepJob(database: Database, job: LeasedPlanJob, leaseMs: number) {
  let step: PlanStep | null = null;
  const timer = setInterval(() => {
    const at = { stage: step?.stage ?? null, progress: step?.progress ?? 0, leaseMs };
    keepPlanJob(database, job, at).catch(() => undefined);
  }, leaseMs / RENEWALS_A_LEASE);
  return {
    tell: (now: PlanStep): void => {
      step = now;
    },
    stop: () => clearInterval(timer),
  };
}
