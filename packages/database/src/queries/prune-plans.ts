import type { Queryable, Transaction } from '../connection.ts';
import { statement } from '../statement.ts';
import type { PruneBound } from './prune.ts';

const JOBS = statement(
  'prune.plan_jobs',
  `DELETE FROM plan_jobs WHERE id IN (
     SELECT id FROM plan_jobs WHERE finished_at < clock_now() - $1 * interval '1 millisecond'
     ORDER BY finished_at LIMIT $2
   ) RETURNING 1`,
);
const TURNS = statement(
  'prune.planned_turns',
  `DELETE FROM planned_turns WHERE (schedule_id, unit) IN (
     SELECT schedule_id, unit FROM planned_turns WHERE ends_at < clock_now() - $1 * interval '1 millisecond'
     ORDER BY ends_at LIMIT $2
   ) RETURNING 1`,
);
/**
 * Plans that were never or are no more in force. The newest of each schedule stays whatever it is, for versions are
 * counted from it; so does a plan whose turns are still known.
 */
const OLD = statement(
  'prune.old_plans',
  `SELECT id FROM plans p
   WHERE (status IN ('draft', 'discarded') AND created_at < clock_now() - $1 * interval '1 millisecond'
       OR status = 'superseded' AND created_at < clock_now() - $2 * interval '1 millisecond')
     AND NOT EXISTS (SELECT FROM planned_turns t WHERE t.plan_id = p.id)
     AND NOT EXISTS (SELECT FROM plan_schedules m WHERE m.plan_id = p.id AND (m.in_force OR NOT EXISTS (
       SELECT FROM plan_schedules o WHERE o.schedule_id = m.schedule_id AND o.version > m.version)))
   ORDER BY created_at LIMIT $3 FOR UPDATE SKIP LOCKED`,
);
const MEMBERS = statement('prune.plan_members', 'DELETE FROM plan_schedules WHERE plan_id = ANY($1::text[])');
const PLANS = statement('prune.plans', 'DELETE FROM plans WHERE id = ANY($1::text[])');

/** Deletes jobs that ended long ago, by the clock of the schedules. Returns how many. */
export async function prunePlanJobs(
  queryable: Queryable,
  { olderThanMs, limit }: PruneBound,
): Promise<number> {
  return (await queryable.query(JOBS, [olderThanMs, limit])).length;
}

/** Deletes turns that ended long ago, by the clock of the schedules. Returns how many. */
export async function prunePlannedTurns(
  queryable: Queryable,
  { olderThanMs, limit }: PruneBound,
): Promise<number> {
  return (await queryable.query(TURNS, [olderThanMs, limit])).length;
}

/** Deletes drafts, and plans that were in force, when they are that old, by the clock of the schedules. Returns how many. */
export async function prunePlans(
  tx: Transaction,
  bound: { readonly draftsMs: number; readonly historyMs: number; readonly limit: number },
): Promise<number> {
  const { draftsMs, historyMs, limit } = bound;
  const rows = await tx.query<{ id: string }>(OLD, [draftsMs, historyMs, limit]);
  const ids = rows.map((row) => row.id);
  await tx.query(MEMBERS, [ids]);
  await tx.query(PLANS, [ids]);
  return ids.length;
}
