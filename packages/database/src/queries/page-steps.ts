import type { FiredStep, Instant, SkippedStep } from '@watchbill/core';
import type { Queryable, Transaction } from '../connection.ts';
import { toTimestamp } from '../instants.ts';
import { statement } from '../statement.ts';
import type { PageVia } from './pages.ts';

/** A line for the log of a page. */
export interface NewPageLog {
  readonly page: string;
  readonly at: Instant;
  readonly kind: string;
  readonly person?: string | null;
  readonly actor?: string | null;
  readonly via?: PageVia | null;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** A role that an open page follows; `one`: only one of those on call is told at a time. */
export interface FollowedRole {
  readonly schedule: string;
  readonly role: string;
  readonly one: boolean;
}

const INSERT_STEP = statement(
  'page_steps.insert',
  `INSERT INTO page_steps (page_id, number, round, pass, kind, step, fired_at, late_ms, told, targets, skipped)
   VALUES ($1, $2, $3, $4, $5, $6, $7::timestamptz, $8, $9::jsonb, $10::jsonb, $11::jsonb)`,
);
const LOG = statement(
  'page_log.insert',
  `INSERT INTO page_log (page_id, at, kind, person, actor, via, detail)
   SELECT $1, at, kind, person, actor, via, detail
   FROM unnest($2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[], $7::jsonb[]) WITH ORDINALITY
     AS row (at, kind, person, actor, via, detail, place)
   ORDER BY place`,
);
const COUNT_NOTES = statement(
  'page_log.count_notes',
  `SELECT count(*)::int AS count FROM page_log WHERE page_id = $1 AND kind = 'noted'`,
);
const FOLLOW = statement(
  'page_roles.follow',
  `INSERT INTO page_roles (page_id, schedule_id, role, one)
   SELECT $1, schedule_id, role, one FROM unnest($2::text[], $3::text[], $4::bool[]) AS row (schedule_id, role, one)
   ON CONFLICT (page_id, schedule_id, role) DO UPDATE SET one = page_roles.one AND excluded.one`,
);
const FOLLOWED = statement(
  'page_roles.followed',
  'SELECT schedule_id AS schedule, role, one FROM page_roles WHERE page_id = $1 ORDER BY schedule_id, role',
);
const UNFOLLOW = statement('page_roles.unfollow', 'DELETE FROM page_roles WHERE page_id = $1');
const FIRST_TURNS = statement(
  'round_robins.first',
  `INSERT INTO round_robins (policy_key, step, person) SELECT $1, unnest($2::int[]), '' ON CONFLICT DO NOTHING`,
);
const LOCK_TURNS = statement(
  'round_robins.lock',
  `SELECT step, nullif(person, '') AS person FROM round_robins WHERE policy_key = $1 AND step = ANY($2::int[])
   ORDER BY step FOR UPDATE`,
);
const TAKE_TURN = statement(
  'round_robins.take',
  'UPDATE round_robins SET person = $3 WHERE policy_key = $1 AND step = $2',
);

/** Stores a step that fired. Rejects for a number that the page has already. */
export async function insertPageStep(
  tx: Transaction,
  page: string,
  of: { readonly fired: FiredStep; readonly skipped: readonly SkippedStep[]; readonly at: Instant },
): Promise<void> {
  const { number, round, pass, kind, step, lateMs, told, targets } = of.fired;
  await tx.query(INSERT_STEP, [
    ...[page, number, round, pass, kind, step, toTimestamp(of.at), Math.min(lateMs, 2 ** 31 - 1)],
    ...[JSON.stringify(told), JSON.stringify(targets), JSON.stringify(of.skipped)],
  ]);
}

/** Adds lines to the log of one page, in their order. */
export async function insertPageLog(
  tx: Transaction,
  page: string,
  rows: readonly Omit<NewPageLog, 'page'>[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(LOG, [
    page,
    rows.map((row) => toTimestamp(row.at)),
    rows.map((row) => row.kind),
    rows.map((row) => row.person ?? null),
    rows.map((row) => row.actor ?? null),
    rows.map((row) => row.via ?? null),
    rows.map((row) => JSON.stringify(row.detail ?? {})),
  ]);
}

export async function countPageNotes(queryable: Queryable, page: string): Promise<number> {
  const [row] = await queryable.query<{ count: number }>(COUNT_NOTES, [page]);
  return row?.count ?? 0;
}

/** From now on a page follows these roles, beside those that it follows already. */
export async function followRoles(
  tx: Transaction,
  page: string,
  roles: readonly FollowedRole[],
): Promise<void> {
  if (roles.length === 0) return;
  await tx.query(FOLLOW, [
    page,
    roles.map((row) => row.schedule),
    roles.map((row) => row.role),
    roles.map((row) => row.one),
  ]);
}

export function followedRoles(queryable: Queryable, page: string): Promise<FollowedRole[]> {
  return queryable.query<FollowedRole>(FOLLOWED, [page]);
}

/** The page follows no role any more: it is over, or begins anew. */
export async function unfollowRoles(tx: Transaction, page: string): Promise<void> {
  await tx.query(UNFOLLOW, [page]);
}

/** Whom each of these round robin steps told last, by step. Held until the transaction ends: one page at a time. */
export async function lockRoundRobins(
  tx: Transaction,
  policyKey: string,
  steps: readonly number[],
): Promise<Map<number, string | null>> {
  if (steps.length === 0) return new Map();
  await tx.query(FIRST_TURNS, [policyKey, steps]);
  const rows = await tx.query<{ step: number; person: string | null }>(LOCK_TURNS, [policyKey, steps]);
  return new Map(rows.map((row) => [row.step, row.person]));
}

/** Notes whom a round robin step has told. */
export async function takeRoundRobin(
  tx: Transaction,
  policyKey: string,
  turn: { readonly step: number; readonly person: string },
): Promise<void> {
  await tx.query(TAKE_TURN, [policyKey, turn.step, turn.person]);
}
