import type { Instant } from '@watchbill/core';
import { columns } from '../columns.ts';
import type { Queryable, Transaction } from '../connection.ts';
import { toTimestamp } from '../instants.ts';
import { statement } from '../statement.ts';

export type PlanStatus = 'draft' | 'published' | 'superseded' | 'discarded';

/** A made plan without its file. */
export interface PlanRow {
  readonly id: string;
  readonly status: PlanStatus;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  readonly seed: number;
  readonly weights: object;
  readonly engine: string;
  readonly tzdata: string;
  readonly inputHash: string;
  readonly value: number | null;
  readonly bound: number | null;
  readonly reason: string;
  readonly createdBy: string;
  readonly createdAt: Instant;
  readonly publishedBy: string | null;
  readonly publishedAt: Instant | null;
}

/** What a changed unit was and is, and why. */
export interface PlanChangeRow {
  readonly unit: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly reason: 'forced' | 'consequential' | 'chosen';
  readonly rule: string | null;
}

/** A plan with everything that is kept of it. */
export interface WholePlanRow extends PlanRow {
  /** The JSON text that the planner made, byte for byte. */
  readonly file: string;
  readonly changes: readonly PlanChangeRow[];
  /** Person by unit. */
  readonly assignment: Readonly<Record<string, string | null>>;
  /** The problem that the planner was given. */
  readonly problem: object;
  /** What it would change, as of its making. */
  readonly difference: object;
}

/** One schedule of a plan. */
export interface PlanScheduleRow {
  readonly plan: string;
  readonly schedule: string;
  readonly version: number;
  /** The schedule's revision that the plan was made on. */
  readonly revision: number;
  /** The plan that was in force when this one was made. */
  readonly base: string | null;
  readonly countsFrom: Instant;
  readonly inForce: boolean;
}

const COLUMNS = `p.id, p.status, p.starts_at AS "startsAt", p.ends_at AS "endsAt", p.seed, p.weights, p.engine,
  p.tzdata, p.input_hash AS "inputHash", p.value, p.bound, p.reason, p.created_by AS "createdBy",
  p.created_at AS "createdAt", p.published_by AS "publishedBy", p.published_at AS "publishedAt"`;
const WHOLE = `${COLUMNS}, p.file, p.changes, p.assignment, p.problem, p.difference`;
const MEMBER = `plan_id AS plan, schedule_id AS schedule, version, revision, base, counts_from AS "countsFrom",
  in_force AS "inForce"`;

const ADD = statement(
  'plans.add',
  `INSERT INTO plans (id, status, starts_at, ends_at, seed, weights, engine, tzdata, input_hash, value, bound, file,
     changes, problem, assignment, difference, reason, created_by, created_at)
   VALUES ($1, 'draft', $2::timestamptz, $3::timestamptz, $4, $5::jsonb, $6, $7, $8, $9, $10, $11, $12::jsonb,
     $13::jsonb, $14::jsonb, $15::jsonb, $16, $17, $18::timestamptz)`,
);
const ADD_MEMBERS = statement(
  'plans.add-members',
  `INSERT INTO plan_schedules (plan_id, schedule_id, revision, base, counts_from, version)
   SELECT $1, id, revision, base, counts_from,
     1 + coalesce((SELECT max(version) FROM plan_schedules o WHERE o.schedule_id = id), 0)
   FROM unnest($2::text[], $3::int[], $4::text[], $5::timestamptz[]) AS row (id, revision, base, counts_from)`,
);
const FIND = statement(
  'plans.find',
  `SELECT ${WHOLE} FROM plans p JOIN plan_schedules m ON m.plan_id = p.id
   WHERE m.schedule_id = $1 AND m.version = $2`,
);
const HOLD = statement('plans.hold', `SELECT ${WHOLE} FROM plans p WHERE id = $1 FOR UPDATE`);
const MEMBERS = statement(
  'plans.members',
  `SELECT ${MEMBER} FROM plan_schedules WHERE plan_id = $1 ORDER BY schedule_id`,
);
const FAIR = statement(
  'plans.fair-schedules',
  `SELECT s.id FROM schedules s
   WHERE s.retired_at IS NULL AND EXISTS (
     SELECT FROM schedule_revisions r
     WHERE r.schedule_id = s.id AND r.definition @? '$.rotations[*].strategy ? (@ == "fair")'
       AND (r.effective_at > clock_now() OR r.revision = (
         SELECT max(o.revision) FROM schedule_revisions o
         WHERE o.schedule_id = s.id AND o.effective_at <= clock_now())))
   ORDER BY s.id`,
);
const IN_FORCE = statement(
  'plans.in-force',
  `SELECT ${MEMBER} FROM plan_schedules WHERE schedule_id = ANY($1::text[]) AND in_force ORDER BY schedule_id`,
);
const SAME = statement(
  'plans.same',
  `SELECT ${WHOLE} FROM plans p
   WHERE id IN (SELECT plan_id FROM plan_schedules WHERE schedule_id = ANY($1::text[]))
     AND input_hash = $2 AND status IN ('draft', 'published') ORDER BY id DESC LIMIT 1`,
);
const PAGE = statement(
  'plans.page',
  `SELECT ${COLUMNS}, m.version FROM plans p JOIN plan_schedules m ON m.plan_id = p.id
   WHERE m.schedule_id = $1 AND m.version < $2 ORDER BY m.version DESC LIMIT $3`,
);
const LEAVE = statement(
  'plans.leave-force',
  `UPDATE plan_schedules SET in_force = false WHERE schedule_id = ANY($1::text[]) AND in_force`,
);
const ENTER = statement('plans.enter-force', 'UPDATE plan_schedules SET in_force = true WHERE plan_id = $1');
const PUBLISH = statement(
  'plans.publish',
  `UPDATE plans SET status = 'published', published_by = $2, published_at = $3::timestamptz WHERE id = $1`,
);
const SUPERSEDE = statement(
  'plans.supersede',
  `UPDATE plans p SET status = 'superseded' WHERE status = 'published'
     AND id IN (SELECT plan_id FROM plan_schedules WHERE schedule_id = ANY($1::text[]))
     AND NOT EXISTS (SELECT FROM plan_schedules m WHERE m.plan_id = p.id AND m.in_force)`,
);
const DISCARD = statement('plans.discard', `UPDATE plans SET status = 'discarded' WHERE id = $1`);

/** Stores a draft with its schedules, which get their next version each. */
export async function addPlan(
  tx: Transaction,
  row: Omit<WholePlanRow, 'status' | 'publishedBy' | 'publishedAt'>,
  members: readonly Pick<PlanScheduleRow, 'schedule' | 'revision' | 'base' | 'countsFrom'>[],
): Promise<void> {
  await tx.query(ADD, [
    ...[row.id, toTimestamp(row.startsAt), toTimestamp(row.endsAt), row.seed, JSON.stringify(row.weights)],
    ...[row.engine, row.tzdata, row.inputHash, row.value, row.bound, row.file, JSON.stringify(row.changes)],
    ...[JSON.stringify(row.problem), JSON.stringify(row.assignment), JSON.stringify(row.difference)],
    ...[row.reason, row.createdBy, toTimestamp(row.createdAt)],
  ]);
  const values = columns(members, [
    (member) => member.schedule,
    (member) => member.revision,
    (member) => member.base,
    (member) => toTimestamp(member.countsFrom),
  ]);
  await tx.query(ADD_MEMBERS, [row.id, ...values]);
}

export async function findPlan(
  queryable: Queryable,
  schedule: string,
  version: number,
): Promise<WholePlanRow | null> {
  const [row] = await queryable.query<WholePlanRow>(FIND, [schedule, version]);
  return row ?? null;
}

/** Reads a plan and holds it until the end of the transaction. */
export async function holdPlan(tx: Transaction, id: string): Promise<WholePlanRow | null> {
  const [row] = await tx.query<WholePlanRow>(HOLD, [id]);
  return row ?? null;
}

/** The schedules of a plan, by id. */
export function schedulesOfPlan(queryable: Queryable, id: string): Promise<PlanScheduleRow[]> {
  return queryable.query<PlanScheduleRow>(MEMBERS, [id]);
}

/** The schedules in use that have a fair rotation, now or by a revision that takes effect later; by id. */
export async function fairSchedules(queryable: Queryable): Promise<string[]> {
  const rows = await queryable.query<{ id: string }>(FAIR);
  return rows.map((row) => row.id);
}

/** Which plan is in force for each of these schedules. */
export function plansInForce(queryable: Queryable, schedules: readonly string[]): Promise<PlanScheduleRow[]> {
  return queryable.query<PlanScheduleRow>(IN_FORCE, [schedules]);
}

/** The newest plan of these schedules that was made of this input and still stands. */
export async function samePlan(
  queryable: Queryable,
  schedules: readonly string[],
  inputHash: string,
): Promise<WholePlanRow | null> {
  const [row] = await queryable.query<WholePlanRow>(SAME, [schedules, inputHash]);
  return row ?? null;
}

/** A page of the plans of a schedule, newest first: those below the version `before`. */
export function pagePlans(
  queryable: Queryable,
  want: { readonly schedule: string; readonly before: number; readonly limit: number },
): Promise<(PlanRow & { readonly version: number })[]> {
  return queryable.query(PAGE, [want.schedule, want.before, want.limit]);
}

/** Lets a plan be the one in force for its schedules; one that is in force nowhere any more is superseded. */
export async function putPlanInForce(
  tx: Transaction,
  plan: { readonly id: string; readonly schedules: readonly string[] },
  by: { readonly actor: string; readonly now: Instant },
): Promise<void> {
  await tx.query(LEAVE, [plan.schedules]);
  await tx.query(ENTER, [plan.id]);
  await tx.query(PUBLISH, [plan.id, by.actor, toTimestamp(by.now)]);
  await tx.query(SUPERSEDE, [plan.schedules]);
}

export async function markPlanDiscarded(tx: Transaction, id: string): Promise<void> {
  await tx.query(DISCARD, [id]);
}
