import type { Instant } from '@watchbill/core';
import type { Queryable, Transaction } from '../connection.ts';
import { toTimestamp } from '../instants.ts';
import { statement } from '../statement.ts';

/** A schedule that is to be planned again, and why. */
export interface PlanRequestRow {
  readonly schedule: string;
  readonly reason: string;
  readonly generation: number;
  readonly failure: string | null;
}

const REQUEST = statement(
  'plan-requests.add',
  `INSERT INTO plan_requests (schedule_id, reason, requested_at)
   SELECT id, $2, $3::timestamptz FROM unnest($1::text[]) AS id
   ON CONFLICT (schedule_id) DO UPDATE SET
     reason = CASE plan_requests.reason WHEN 'configuration' THEN 'configuration' ELSE excluded.reason END, requested_at = excluded.requested_at,
     generation = plan_requests.generation + 1, failure = NULL, retry_at = NULL`,
);
const OPEN = statement(
  'plan-requests.open',
  `SELECT schedule_id AS schedule, reason, generation, failure FROM plan_requests r
   WHERE (retry_at IS NULL OR retry_at <= clock_timestamp())
     AND EXISTS (SELECT FROM schedules s WHERE s.id = r.schedule_id AND s.retired_at IS NULL)
   ORDER BY requested_at, schedule_id LIMIT $1`,
);
const OF = statement(
  'plan-requests.of',
  `SELECT schedule_id AS schedule, reason, generation, failure FROM plan_requests
   WHERE schedule_id = ANY($1::text[]) ORDER BY schedule_id`,
);
const DONE = statement(
  'plan-requests.done',
  `DELETE FROM plan_requests WHERE (schedule_id, generation) IN (SELECT * FROM unnest($1::text[], $2::bigint[]))`,
);
const FAIL = statement(
  'plan-requests.fail',
  `UPDATE plan_requests SET failure = $3, retry_at = clock_timestamp() + $4 * interval '1 millisecond'
   WHERE (schedule_id, generation) IN (SELECT * FROM unnest($1::text[], $2::bigint[]))`,
);
/** Fair schedules whose published plan ends too early, or that have none. */
const SHORT = statement(
  'plan-requests.short',
  `SELECT s.id FROM schedules s
   JOIN LATERAL (SELECT definition FROM schedule_revisions r WHERE r.schedule_id = s.id
     ORDER BY revision DESC LIMIT 1) newest ON newest.definition @? '$.rotations[*].strategy ? (@ == "fair")'
   WHERE s.retired_at IS NULL AND NOT EXISTS (SELECT FROM plan_requests q WHERE q.schedule_id = s.id)
     AND NOT EXISTS (SELECT FROM plan_schedules m JOIN plans p ON p.id = m.plan_id
       WHERE m.schedule_id = s.id AND m.in_force AND p.ends_at >= $1::timestamptz + interval '1 day' * (
         SELECT max(coalesce((part->>'publishAheadDays')::integer, $3))
         FROM jsonb_array_elements(newest.definition->'rotations') AS part WHERE part->>'strategy' = 'fair'))
   ORDER BY s.id LIMIT $2`,
);

const PLANNED_PEOPLE = statement(
  'plan-requests.planned-people',
  `SELECT person FROM unnest($1::text[]) AS person
   WHERE EXISTS (SELECT FROM shifts f JOIN plan_schedules m ON m.schedule_id = f.schedule_id AND m.in_force
     WHERE f.person = person.person AND f.status = 'active' AND f.ends_at > $2::timestamptz)
   ORDER BY person`,
);

/** Those of these people who have a shift that ends after `after` on a schedule with a plan in force. */
export async function plannedPeople(
  queryable: Queryable,
  people: readonly string[],
  after: Instant,
): Promise<string[]> {
  if (people.length === 0) return [];
  const rows = await queryable.query<{ person: string }>(PLANNED_PEOPLE, [people, toTimestamp(after)]);
  return rows.map((row) => row.person);
}

/** Wishes that these schedules are planned again. The caller tells the planners with `notifyPlans`. */
export async function requestPlans(
  tx: Transaction,
  schedules: readonly string[],
  want: { readonly reason: string; readonly now: Instant },
): Promise<void> {
  if (schedules.length > 0) await tx.query(REQUEST, [schedules, want.reason, toTimestamp(want.now)]);
}

/** Wishes whose time has come, oldest first. */
export function openPlanRequests(queryable: Queryable, limit: number): Promise<PlanRequestRow[]> {
  return queryable.query<PlanRequestRow>(OPEN, [limit]);
}

export function planRequestsOf(
  queryable: Queryable,
  schedules: readonly string[],
): Promise<PlanRequestRow[]> {
  return queryable.query<PlanRequestRow>(OF, [schedules]);
}

/** Takes wishes away, unless they were wished again meanwhile. */
export async function finishPlanRequests(tx: Queryable, rows: readonly PlanRequestRow[]): Promise<void> {
  await tx.query(DONE, [rows.map((row) => row.schedule), rows.map((row) => row.generation)]);
}

/** Notes why a wish could not be met, and leaves it for `retryMs` of real time, or until it is wished again. */
export async function failPlanRequests(
  tx: Queryable,
  rows: readonly PlanRequestRow[],
  failed: { readonly message: string; readonly retryMs: number },
): Promise<void> {
  const values = [rows.map((row) => row.schedule), rows.map((row) => row.generation)];
  await tx.query(FAIL, [...values, failed.message, failed.retryMs]);
}

/**
 * Schedules with a fair rotation that are not planned for their `publishAheadDays` beyond `until`, and that nobody has
 * wished for yet. `aheadDays` stands where a rotation names none.
 */
export async function shortPlans(
  queryable: Queryable,
  want: { readonly until: Instant; readonly aheadDays: number; readonly limit: number },
): Promise<string[]> {
  const values = [toTimestamp(want.until), want.limit, want.aheadDays];
  const rows = await queryable.query<{ id: string }>(SHORT, values);
  return rows.map((row) => row.id);
}
