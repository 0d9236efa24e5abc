import type { Instant } from '@watchbill/core';
import type { Queryable, Transaction } from '../connection.ts';
import { statement } from '../statement.ts';
import type { PageLink } from './pages.ts';

/** Whose paging service it is. */
export const PROVIDER_KINDS = ['pagerduty', 'opsgenie'] as const;
export type ProviderKind = (typeof PROVIDER_KINDS)[number];

/** A provider to which pages are forwarded, as it may be shown: without its key. */
export interface ProviderRow {
  readonly id: string;
  readonly kind: ProviderKind;
  readonly name: string;
  /** The address of its API, without a path. */
  readonly url: string;
  /** Pages of these schedules and of these policies; every page where both are null. */
  readonly schedules: readonly string[] | null;
  readonly policies: readonly string[] | null;
  readonly status: 'active' | 'disabled';
  readonly disabledReason: string | null;
  /** Deliveries that wait to be sent. */
  readonly pending: number;
  readonly oldestPendingAt: Instant | null;
  /** The newest attempt. */
  readonly lastAttempt: {
    readonly at: Instant;
    readonly outcome: string;
    readonly statusCode: number | null;
    readonly error: string | null;
  } | null;
  readonly createdBy: string;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

export type NewProvider = Pick<
  ProviderRow,
  'id' | 'kind' | 'name' | 'url' | 'schedules' | 'policies' | 'createdBy'
> & {
  readonly eventTypes: readonly string[];
  readonly sealedKey: string;
};

const COLUMNS = `p.id, p.kind, p.name, e.url, e.schedule_ids AS schedules, p.policy_ids AS policies, e.status,
  e.disabled_reason AS "disabledReason", e.created_by AS "createdBy", e.created_at AS "createdAt",
  e.updated_at AS "updatedAt",
  (SELECT count(*)::int FROM deliveries d WHERE d.endpoint_id = p.id AND d.status = 'pending') AS pending,
  (SELECT min(d.created_at) FROM deliveries d WHERE d.endpoint_id = p.id AND d.status = 'pending') AS "oldestPendingAt",
  (SELECT jsonb_build_object('at', round(extract(epoch FROM a.started_at) * 1000)::bigint, 'outcome', a.outcome,
       'statusCode', a.status_code, 'error', coalesce(a.error, CASE WHEN a.outcome <> 'delivered' THEN a.response_excerpt END))
     FROM (SELECT id FROM deliveries WHERE endpoint_id = p.id AND attempts > 0 ORDER BY sequence DESC LIMIT 1) d
     JOIN attempts a ON a.delivery_id = d.id ORDER BY a.number DESC LIMIT 1) AS "lastAttempt"`;
const FROM = 'FROM providers p JOIN endpoints e ON e.id = p.id WHERE p.deleted_at IS NULL';

const LIST = statement('providers.list', `SELECT ${COLUMNS} ${FROM} AND p.id > $1 ORDER BY p.id LIMIT $2`);
const FIND = statement('providers.find', `SELECT ${COLUMNS} ${FROM} AND p.id = $1`);
const INSERT_ENDPOINT = statement(
  'providers.insert_endpoint',
  `INSERT INTO endpoints (id, url, description, event_types, schedule_ids, secrets, created_by, created_at, updated_at)
   SELECT $1, $2, $3, $4::text[], $5::text[], '[]', $6, now, now FROM (SELECT clock_timestamp() AS now) AS clock`,
);
const INSERT = statement(
  'providers.insert',
  'INSERT INTO providers (id, kind, name, policy_ids, sealed_key) VALUES ($1, $2, $3, $4::text[], $5)',
);
const SET_KEY = statement('providers.set_key', 'UPDATE providers SET sealed_key = $2 WHERE id = $1');
const SAVE = statement(
  'providers.save',
  `WITH own AS (UPDATE providers SET name = $2, policy_ids = $4::text[] WHERE id = $1)
   UPDATE endpoints SET description = $2, schedule_ids = $3::text[], updated_at = clock_timestamp() WHERE id = $1`,
);
const CANCEL = statement(
  'providers.cancel',
  `UPDATE deliveries SET status = 'cancelled', next_attempt_at = NULL, finished_at = clock_timestamp()
   WHERE endpoint_id = $1 AND status = 'pending'`,
);
const DELETE = statement(
  'providers.delete',
  'UPDATE providers SET sealed_key = NULL, deleted_at = clock_timestamp() WHERE id = $1',
);
const SEALED = statement(
  'providers.sealed',
  `SELECT id, sealed_key AS sealed FROM providers WHERE sealed_key IS NOT NULL
   UNION ALL SELECT id, sealed_token FROM mirrors ORDER BY id`,
);
/** Unless it is another key by now. */
const RESEAL = statement(
  'providers.reseal',
  `WITH key AS (UPDATE providers SET sealed_key = $3 WHERE id = $1 AND sealed_key = $2)
   UPDATE mirrors SET sealed_token = $3 WHERE id = $1 AND sealed_token = $2`,
);
const IS_INTAKE_KEY = statement('providers.is_intake_key', 'SELECT 1 FROM intake_keys WHERE hash = $1');
const UNKNOWN_POLICIES = statement(
  'providers.unknown_policies',
  `SELECT wanted.id FROM unnest($1::text[]) WITH ORDINALITY AS wanted (id, place)
   WHERE NOT EXISTS (SELECT FROM escalation_policies p WHERE p.id = wanted.id) ORDER BY place`,
);
const DETAILS = statement('providers.page_details', 'SELECT details, links FROM pages WHERE id = $1');

/** Providers after this id that are not deleted, in the order of ids, which is the order of making. */
export function listProviders(queryable: Queryable, after: string, limit: number): Promise<ProviderRow[]> {
  return queryable.query<ProviderRow>(LIST, [after, limit]);
}

/** One provider, or null when there is none or it was deleted. */
export async function findProvider(queryable: Queryable, id: string): Promise<ProviderRow | null> {
  const [row] = await queryable.query<ProviderRow>(FIND, [id]);
  return row ?? null;
}

/** Writes an active provider and its endpoint. */
export async function insertProvider(tx: Transaction, provider: NewProvider): Promise<void> {
  const { id, kind, name, url, schedules, policies, eventTypes, sealedKey, createdBy } = provider;
  await tx.query(INSERT_ENDPOINT, [id, url, name, eventTypes, schedules, createdBy]);
  await tx.query(INSERT, [id, kind, name, policies, sealedKey]);
}

export async function setProviderKey(tx: Transaction, id: string, sealedKey: string): Promise<void> {
  await tx.query(SET_KEY, [id, sealedKey]);
}

export async function saveProvider(
  tx: Transaction,
  { id, name, schedules, policies }: Pick<ProviderRow, 'id' | 'name' | 'schedules' | 'policies'>,
): Promise<void> {
  await tx.query(SAVE, [id, name, schedules, policies]);
}

/** Forgets the key of a provider and cancels what waits for it. Its deliveries stay as a record. */
export async function deleteProviderRow(tx: Transaction, id: string): Promise<void> {
  await tx.query(CANCEL, [id]);
  await tx.query(DELETE, [id]);
}

/** Everything sealed of providers and mirrors, with the id that it was sealed for. */
export function sealedKeys(
  queryable: Queryable,
): Promise<{ readonly id: string; readonly sealed: string }[]> {
  return queryable.query<{ id: string; sealed: string }>(SEALED);
}

/** Puts the same key of a provider or a mirror under another seal. */
export async function resealKey(
  queryable: Queryable,
  id: string,
  sealed: { readonly before: string; readonly after: string },
): Promise<void> {
  await queryable.query(RESEAL, [id, sealed.before, sealed.after]);
}

/** Whether the SHA-256 is that of a key of one of our own intakes. */
export async function isIntakeKey(queryable: Queryable, hash: Uint8Array): Promise<boolean> {
  return (await queryable.query(IS_INTAKE_KEY, [hash])).length > 0;
}

/** Those of the ids that are no escalation policy, in the order given. */
export async function unknownPolicies(queryable: Queryable, ids: readonly string[]): Promise<string[]> {
  const rows = await queryable.query<{ id: string }>(UNKNOWN_POLICIES, [ids]);
  return rows.map((row) => row.id);
}

/** What of a page its events do not tell; null when there is no such page any more. */
export async function pageDetails(
  queryable: Queryable,
  id: string,
): Promise<{ readonly details: unknown; readonly links: readonly PageLink[] } | null> {
  const [row] = await queryable.query<{ details: unknown; links: readonly PageLink[] }>(DETAILS, [id]);
  return row ?? null;
}
