import type { Instant } from '@watchbill/core';
import type { Queryable, Transaction } from '../connection.ts';
import { statement } from '../statement.ts';

/** A policy as lists show it, with how much stands on it. */
export interface PolicySummaryRow {
  readonly id: string;
  readonly name: string;
  /** How many steps it has. */
  readonly steps: number;
  readonly intakes: number;
  readonly heartbeats: number;
  readonly openPages: number;
  readonly updatedAt: Instant;
}

/** What keeps a policy or an intake from going away: the first few of each, and how many there are. */
export interface Uses {
  readonly pages: readonly number[];
  readonly openPages: number;
  readonly intakes: readonly string[];
  readonly heartbeats: readonly string[];
}

/** As many uses of a kind are named; more are counted. */
const NAMED = 5;

const LIST = statement(
  'policies.list',
  `SELECT p.id, p.name, jsonb_array_length(p.policy -> 'steps') AS steps, p.updated_at AS "updatedAt",
     (SELECT count(*)::int FROM intakes i WHERE i.policy_id = p.id) AS intakes,
     (SELECT count(*)::int FROM heartbeats h WHERE h.policy_id = p.id) AS heartbeats,
     (SELECT count(*)::int FROM pages g WHERE g.policy_id = p.id AND g.state <> 'resolved') AS "openPages"
   FROM escalation_policies p WHERE p.id > $1 ORDER BY p.id LIMIT $2`,
);
const LOCK = statement(
  'policies.lock',
  'SELECT id, name, definition FROM escalation_policies WHERE id = $1 FOR UPDATE',
);
/** Whoever lets something point to a policy holds it, so that it cannot go away meanwhile. */
const HOLD = statement('policies.hold', 'SELECT 1 FROM escalation_policies WHERE id = $1 FOR KEY SHARE');
const DELETE = statement('policies.delete', 'DELETE FROM escalation_policies WHERE id = $1');
const USES_OF_POLICY = statement(
  'policies.uses',
  `SELECT
     ARRAY(SELECT number FROM pages WHERE policy_id = $1 AND state <> 'resolved' ORDER BY number LIMIT $2) AS pages,
     (SELECT count(*)::int FROM pages WHERE policy_id = $1 AND state <> 'resolved') AS "openPages",
     ARRAY(SELECT name || ' (' || id || ')' FROM intakes WHERE policy_id = $1 ORDER BY id LIMIT $2) AS intakes,
     ARRAY(SELECT name || ' (' || id || ')' FROM heartbeats WHERE policy_id = $1 ORDER BY id LIMIT $2) AS heartbeats`,
);
const USES_OF_INTAKE = statement(
  'intakes.uses',
  `SELECT
     ARRAY(SELECT number FROM pages WHERE intake = $1 AND state <> 'resolved' ORDER BY number LIMIT $2) AS pages,
     (SELECT count(*)::int FROM pages WHERE intake = $1 AND state <> 'resolved') AS "openPages",
     '{}'::text[] AS intakes, '{}'::text[] AS heartbeats`,
);
const DELETE_INTAKE = statement('intakes.delete', 'DELETE FROM intakes WHERE id = $1');

/** Policies after this id, in the order of ids. */
export function listPolicies(
  queryable: Queryable,
  after: string,
  limit: number,
): Promise<PolicySummaryRow[]> {
  return queryable.query<PolicySummaryRow>(LIST, [after, limit]);
}

/** A policy that nobody else points to, changes or deletes until the transaction ends; null when there is none. */
export async function lockPolicy(
  tx: Transaction,
  id: string,
): Promise<{ readonly id: string; readonly name: string; readonly definition: object } | null> {
  const [row] = await tx.query<{ id: string; name: string; definition: object }>(LOCK, [id]);
  return row ?? null;
}

/** Whether there is such a policy; it stays until the transaction ends. */
export async function holdPolicy(queryable: Queryable, id: string): Promise<boolean> {
  return (await queryable.query(HOLD, [id])).length === 1;
}

export async function deletePolicyRow(tx: Transaction, id: string): Promise<void> {
  await tx.query(DELETE, [id]);
}

export function usesOfPolicy(tx: Transaction, id: string): Promise<Uses> {
  return usesOf(tx, USES_OF_POLICY, id);
}

export function usesOfIntake(tx: Transaction, id: string): Promise<Uses> {
  return usesOf(tx, USES_OF_INTAKE, id);
}

/** Deletes an intake with its keys and what was kept of its senders; its pages stay. */
export async function deleteIntakeRow(tx: Transaction, id: string): Promise<void> {
  await tx.query(DELETE_INTAKE, [id]);
}

async function usesOf(tx: Transaction, which: typeof LIST, id: string): Promise<Uses> {
  const [row] = await tx.query<Uses>(which, [id, NAMED]);
  return row ?? { pages: [], openPages: 0, intakes: [], heartbeats: [] };
}
