import type { Instant } from '@watchbill/core';
import type { Queryable, Transaction } from '../connection.ts';
import { toTimestampOrNull } from '../instants.ts';
import { statement } from '../statement.ts';

/** Something that a sender says has changed; `happenedAt` null: now. */
export interface NewIntakeChange {
  readonly id: string;
  readonly intake: string;
  readonly summary: string;
  readonly source: string | null;
  readonly details: unknown;
  readonly links: readonly { readonly href: string; readonly text?: string }[];
  readonly happenedAt: Instant | null;
}

/** The same as stored. */
export interface IntakeChangeRow extends Omit<NewIntakeChange, 'happenedAt'> {
  readonly happenedAt: Instant;
  readonly createdAt: Instant;
}

const CHANGE_COLUMNS = `id, intake_id AS intake, summary, source, details, links, happened_at AS "happenedAt",
  created_at AS "createdAt"`;
const INSERT_CHANGE = statement(
  'intakes.insert_change',
  `INSERT INTO intake_changes (id, intake_id, summary, source, details, links, happened_at, created_at)
   SELECT $1, $2, $3, $4, $5::jsonb, $6::jsonb, coalesce($7::timestamptz, now), now
   FROM (SELECT clock_timestamp() AS now) AS clock`,
);
const PAGE_CHANGES = statement(
  'intakes.page_changes',
  `SELECT ${CHANGE_COLUMNS} FROM intake_changes WHERE intake_id = $1 AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3`,
);
/** Of each intake only the newest are kept, and none for ever. */
const PRUNE_CHANGES = statement(
  'intakes.prune_changes',
  `DELETE FROM intake_changes WHERE id IN (
     SELECT id FROM intake_changes WHERE created_at < clock_timestamp() - $1 * interval '1 millisecond'
     ORDER BY created_at LIMIT $2) RETURNING 1`,
);
const CAP_CHANGES = statement(
  'intakes.cap_changes',
  `DELETE FROM intake_changes WHERE intake_id = $1 AND id < (
     SELECT id FROM intake_changes WHERE intake_id = $1 ORDER BY id DESC OFFSET $2 LIMIT 1)`,
);

/** Keeps a change; beyond `keep` of them the oldest of the intake goes. */
export async function insertIntakeChange(
  tx: Transaction,
  change: NewIntakeChange,
  keep: number,
): Promise<void> {
  const { id, intake, summary, source, details, links, happenedAt } = change;
  const json = details === null || details === undefined ? null : JSON.stringify(details);
  const values = [id, intake, summary, source, json, JSON.stringify(links), toTimestampOrNull(happenedAt)];
  await tx.query(INSERT_CHANGE, values);
  await tx.query(CAP_CHANGES, [intake, keep - 1]);
}

/** Changes of an intake, newest first, before an id; an empty id begins with the newest. */
export function pageIntakeChanges(
  queryable: Queryable,
  of: { readonly intake: string; readonly before: string; readonly limit: number },
): Promise<IntakeChangeRow[]> {
  return queryable.query<IntakeChangeRow>(PAGE_CHANGES, [of.intake, of.before, of.limit]);
}

export interface PruneByAge {
  readonly olderThanMs: number;
  readonly limit: number;
}

export async function pruneIntakeChanges(queryable: Queryable, bound: PruneByAge): Promise<number> {
  return (await queryable.query(PRUNE_CHANGES, [bound.olderThanMs, bound.limit])).length;
}

/** What became of a request. */
export interface IntakeRequestRow {
  /** A UUID. */
  readonly id: string;
  readonly intake: string;
  readonly action: string;
  readonly done: boolean;
  readonly status: string;
  readonly page: string | null;
  readonly alias: string | null;
  readonly createdAt: Instant;
}

const INSERT_REQUEST = statement(
  'intakes.insert_request',
  `INSERT INTO intake_requests (id, intake_id, action, done, status, page_id, alias, created_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, clock_timestamp())`,
);
const FIND_REQUEST = statement(
  'intakes.find_request',
  `SELECT id, intake_id AS intake, action, done, status, page_id AS page, alias, created_at AS "createdAt"
   FROM intake_requests WHERE id = $1::uuid AND intake_id = $2`,
);
const PRUNE_REQUESTS = statement(
  'intakes.prune_requests',
  `DELETE FROM intake_requests WHERE id IN (
     SELECT id FROM intake_requests WHERE created_at < clock_timestamp() - $1 * interval '1 millisecond'
     ORDER BY created_at LIMIT $2) RETURNING 1`,
);

export async function insertIntakeRequest(
  queryable: Queryable,
  request: Omit<IntakeRequestRow, 'createdAt'>,
): Promise<void> {
  const { id, intake, action, done, status, page, alias } = request;
  await queryable.query(INSERT_REQUEST, [id, intake, action, done, status, page, alias]);
}

/** A request of an intake by its UUID; null when it is not known, or no longer. */
export async function findIntakeRequest(
  queryable: Queryable,
  of: { readonly id: string; readonly intake: string },
): Promise<IntakeRequestRow | null> {
  const [row] = await queryable.query<IntakeRequestRow>(FIND_REQUEST, [of.id, of.intake]);
  return row ?? null;
}

export async function pruneIntakeRequests(queryable: Queryable, bound: PruneByAge): Promise<number> {
  return (await queryable.query(PRUNE_REQUESTS, [bound.olderThanMs, bound.limit])).length;
}
