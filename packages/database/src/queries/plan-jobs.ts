import type { Instant } from '@watchbill/core';
import type { Queryable, Transaction } from '../connection.ts';
import { toTimestamp } from '../instants.ts';
import { statement } from '../statement.ts';

export type PlanJobState = 'waiting' | 'running' | 'done' | 'refused';

/** A plan that somebody has asked for. */
export interface PlanJobRow {
  readonly id: string;
  readonly schedule: string;
  readonly keep: 'all' | 'published' | 'begun';
  readonly seed: number | null;
  readonly state: PlanJobState;
  /** What the planner is at; null before the first word. */
  readonly stage: string | null;
  /** 0 to 1; it never goes back. */
  readonly progress: number;
  /** How often it was taken up. */
  readonly attempts: number;
  /** Null where none came of it, or where it was deleted since. */
  readonly plan: string | null;
  readonly version: number | null;
  /** False where a plan of the same input was there already. */
  readonly made: boolean | null;
  readonly refusal: PlanJobRefusal | null;
  readonly requestedBy: string;
  readonly requestedAt: Instant;
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant | null;
}

/** Why no plan came of a job, as its command said. */
export interface PlanJobRefusal {
  readonly code: string;
  readonly reason: string;
  readonly message: string;
}

/** A job that this process has, until its lease runs out. */
export type LeasedPlanJob = PlanJobRow & { readonly leaseToken: string };

/** Carries the id of a job that waits, and of one that has ended. */
export const PLAN_JOB_CHANNEL = 'watchbill_plan_jobs';
export const PLAN_JOB_ENDED_CHANNEL = 'watchbill_plan_job_ended';

const COLUMNS = `id, schedule_id AS schedule, keep, seed, state, stage, progress, attempts, plan_id AS plan,
  plan_version AS version, made, refusal, requested_by AS "requestedBy", requested_at AS "requestedAt",
  started_at AS "startedAt", finished_at AS "finishedAt"`;

const ADD = statement(
  'plan-jobs.add',
  `INSERT INTO plan_jobs (id, schedule_id, keep, seed, state, requested_by, requested_at)
   VALUES ($1, $2, $3, $4, 'waiting', $5, $6::timestamptz)`,
);
const NOTIFY = statement('plan-jobs.notify', `SELECT pg_notify('${PLAN_JOB_CHANNEL}', $1)`);
const NOTIFY_ENDED = statement('plan-jobs.notify-ended', `SELECT pg_notify('${PLAN_JOB_ENDED_CHANNEL}', $1)`);
const OPEN = statement(
  'plan-jobs.open-of-schedule',
  `SELECT id FROM plan_jobs WHERE schedule_id = $1 AND state IN ('waiting', 'running') ORDER BY id`,
);
const FIND = statement('plan-jobs.find', `SELECT ${COLUMNS} FROM plan_jobs WHERE id = $1`);
const CLAIM = statement(
  'plan-jobs.claim',
  `UPDATE plan_jobs SET state = 'running', attempts = attempts + 1, lease_token = $1,
     leased_until = clock_timestamp() + $2 * interval '1 millisecond',
     started_at = coalesce(started_at, clock_now())
   WHERE id = (SELECT id FROM plan_jobs WHERE state IN ('waiting', 'running')
     AND (leased_until IS NULL OR leased_until <= clock_timestamp())
     ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
   RETURNING ${COLUMNS}, lease_token AS "leaseToken"`,
);
const KEEP = statement(
  'plan-jobs.keep',
  `UPDATE plan_jobs SET stage = coalesce($3, stage), progress = greatest(progress, $4),
     leased_until = clock_timestamp() + $5 * interval '1 millisecond'
   WHERE id = $1 AND lease_token = $2 AND state = 'running' RETURNING id`,
);
const RELEASE = statement(
  'plan-jobs.release',
  `UPDATE plan_jobs SET state = 'waiting', attempts = attempts - 1, lease_token = NULL, leased_until = NULL
   WHERE id = $1 AND lease_token = $2 AND state = 'running'`,
);
const FINISH = statement(
  'plan-jobs.finish',
  `UPDATE plan_jobs SET state = 'done', stage = NULL, progress = 1, plan_id = $3, plan_version = $4, made = $5,
     finished_at = clock_now(), lease_token = NULL, leased_until = NULL
   WHERE id = $1 AND lease_token = $2 AND state = 'running' RETURNING id`,
);
const REFUSE = statement(
  'plan-jobs.refuse',
  `UPDATE plan_jobs SET state = 'refused', stage = NULL, refusal = $3::jsonb, finished_at = clock_now(),
     lease_token = NULL, leased_until = NULL
   WHERE id = $1 AND lease_token = $2 AND state = 'running' RETURNING id`,
);

/** Stores a job that waits, and wakes the planners at commit. */
export async function addPlanJob(
  tx: Transaction,
  row: Pick<PlanJobRow, 'id' | 'schedule' | 'keep' | 'seed' | 'requestedBy' | 'requestedAt'>,
): Promise<void> {
  const { id, schedule, keep, seed, requestedBy, requestedAt } = row;
  await tx.query(ADD, [id, schedule, keep, seed, requestedBy, toTimestamp(requestedAt)]);
  await tx.query(NOTIFY, [id]);
}

/** The jobs of a schedule that have not ended, oldest first. */
export async function openPlanJobs(queryable: Queryable, schedule: string): Promise<string[]> {
  const rows = await queryable.query<{ id: string }>(OPEN, [schedule]);
  return rows.map((row) => row.id);
}

export async function findPlanJob(queryable: Queryable, id: string): Promise<PlanJobRow | null> {
  const [row] = await queryable.query<PlanJobRow>(FIND, [id]);
  return row ?? null;
}

/** Takes the oldest job that nobody has, for `leaseMs` of real time; null when there is none. */
export async function claimPlanJob(
  queryable: Queryable,
  want: { readonly token: string; readonly leaseMs: number },
): Promise<LeasedPlanJob | null> {
  const [row] = await queryable.query<LeasedPlanJob>(CLAIM, [want.token, want.leaseMs]);
  return row ?? null;
}

/** Renews the lease of a job and notes how far it is. False where another planner has it by now. */
export async function keepPlanJob(
  queryable: Queryable,
  job: LeasedPlanJob,
  at: { readonly stage: string | null; readonly progress: number; readonly leaseMs: number },
): Promise<boolean> {
  const values = [job.id, job.leaseToken, at.stage, at.progress, at.leaseMs];
  return (await queryable.query(KEEP, values)).length > 0;
}

/** Gives a job back that nothing is wrong with: whoever looks next takes it up. */
export async function releasePlanJob(queryable: Queryable, job: LeasedPlanJob): Promise<void> {
  await queryable.query(RELEASE, [job.id, job.leaseToken]);
  await queryable.query(NOTIFY, [job.id]);
}

/** Ends a job with its plan. False where another planner has it by now. */
export async function finishPlanJob(
  tx: Transaction,
  job: LeasedPlanJob,
  plan: { readonly id: string; readonly version: number; readonly made: boolean },
): Promise<boolean> {
  const rows = await tx.query(FINISH, [job.id, job.leaseToken, plan.id, plan.version, plan.made]);
  await tx.query(NOTIFY_ENDED, [job.id]);
  return rows.length > 0;
}

/** Ends a job without a plan. False where another planner has it by now. */
export async function refusePlanJob(
  queryable: Queryable,
  job: LeasedPlanJob,
  refusal: PlanJobRefusal,
): Promise<boolean> {
  const rows = await queryable.query(REFUSE, [job.id, job.leaseToken, JSON.stringify(refusal)]);
  await queryable.query(NOTIFY_ENDED, [job.id]);
  return rows.length > 0;
}
