import type { Instant } from '@watchbill/core';
import type { DisabledReason } from '@watchbill/events';
import type { Queryable, Transaction } from '../connection.ts';
import { toTimestamp } from '../instants.ts';
import { statement } from '../statement.ts';

/** A secret that signs; `expiresAt` (ISO-8601) is set once a newer one has taken its place. */
export interface EndpointSecret {
  readonly secret: string;
  readonly expiresAt: string | null;
}

const INSERT = statement(
  'endpoints.insert',
  `INSERT INTO endpoints (id, url, description, event_types, schedule_ids, secrets, created_by, created_at, updated_at)
   SELECT $1, $2, $3, $4::text[], $5::text[], $6::jsonb, $7, clock_timestamp(), clock_timestamp()`,
);
const LOCK_COUNT = statement(
  'endpoints.lock_count',
  `SELECT pg_advisory_xact_lock(hashtext('watchbill.endpoints'))`,
);
const COUNT = statement('endpoints.count', 'SELECT count(*) AS count FROM endpoints');
const LOCK = statement(
  'endpoints.lock',
  'SELECT id, url, status, secrets FROM endpoints WHERE id = $1 FOR NO KEY UPDATE',
);
const SET_STATUS = statement(
  'endpoints.set_status',
  `UPDATE endpoints SET status = $2, disabled_reason = $3, updated_at = clock_timestamp()
   WHERE id = $1`,
);
const SET_SECRETS = statement(
  'endpoints.set_secrets',
  'UPDATE endpoints SET secrets = $2::jsonb, updated_at = clock_timestamp() WHERE id = $1',
);
const UNKNOWN_SCHEDULES = statement(
  'endpoints.unknown_schedules',
  `SELECT wanted.id FROM unnest($1::text[]) WITH ORDINALITY AS wanted (id, place)
   WHERE NOT EXISTS (SELECT FROM schedules WHERE schedules.id = wanted.id) ORDER BY place`,
);
const REAL_NOW = statement('endpoints.real_now', 'SELECT clock_timestamp() AS now');
const RESUME = statement(
  'endpoints.resume',
  `WITH heads AS (
     UPDATE deliveries SET next_attempt_at = NULL
     WHERE endpoint_id = $1 AND ($3::text IS NULL OR lane = $3) AND status = 'pending' AND next_attempt_at IS NOT NULL
   )
   UPDATE delivery_lanes AS l SET wake_at = clock_timestamp() + $2 * interval '1 millisecond'
   WHERE l.endpoint_id = $1 AND ($3::text IS NULL OR l.lane = $3)
     AND EXISTS (SELECT FROM deliveries AS d
                 WHERE d.endpoint_id = l.endpoint_id AND d.lane = l.lane AND d.status = 'pending')
   RETURNING l.lane`,
);

/** An endpoint that this transaction may change. */
export interface LockedEndpoint {
  readonly id: string;
  readonly url: string;
  readonly status: 'active' | 'disabled';
  readonly secrets: readonly EndpointSecret[];
}

export interface NewEndpoint {
  readonly id: string;
  readonly url: string;
  readonly description: string;
  readonly eventTypes: readonly string[];
  readonly schedules: readonly string[] | null;
  readonly secrets: readonly EndpointSecret[];
  readonly createdBy: string;
}

/** Writes an active endpoint. */
export async function insertEndpoint(tx: Transaction, endpoint: NewEndpoint): Promise<void> {
  const { id, url, description, eventTypes, schedules, secrets, createdBy } = endpoint;
  await tx.query(INSERT, [id, url, description, eventTypes, schedules, JSON.stringify(secrets), createdBy]);
}

/** How many endpoints there are; nobody else adds one until this transaction ends. */
export async function countEndpointsLocked(tx: Transaction): Promise<number> {
  await tx.query(LOCK_COUNT);
  const [row] = await tx.query<{ count: number }>(COUNT);
  return row?.count ?? 0;
}

/** One endpoint, locked against other changes of it, or null. */
export async function lockEndpoint(tx: Transaction, id: string): Promise<LockedEndpoint | null> {
  const [row] = await tx.query<LockedEndpoint>(LOCK, [id]);
  return row ?? null;
}

/** Makes an endpoint active (`reason` null) or disabled. */
export async function setEndpointStatus(
  tx: Transaction,
  id: string,
  reason: DisabledReason | null,
): Promise<void> {
  await tx.query(SET_STATUS, [id, reason === null ? 'active' : 'disabled', reason]);
}

/** Replaces the secrets of an endpoint, newest first. */
export async function setEndpointSecrets(
  tx: Transaction,
  id: string,
  secrets: readonly EndpointSecret[],
): Promise<void> {
  await tx.query(SET_SECRETS, [id, JSON.stringify(secrets)]);
}

/** Those of the ids that are no schedule, in the order given. */
export async function unknownSchedules(queryable: Queryable, ids: readonly string[]): Promise<string[]> {
  const rows = await queryable.query<{ id: string }>(UNKNOWN_SCHEDULES, [ids]);
  return rows.map((row) => row.id);
}

/** The database's real time, which no faster clock changes. */
export async function realNow(queryable: Queryable): Promise<Instant> {
  const [row] = await queryable.query<{ now: Instant }>(REAL_NOW);
  if (row === undefined) throw new Error('the database told no time');
  return row.now;
}

/** Lets the pending deliveries of an endpoint, or of one of its lanes, be tried at once. Returns the lanes that have some. */
export async function resumeLanes(
  tx: Transaction,
  of: { readonly endpoint: string; readonly lane: string | null },
  wakeAgainMs: number,
): Promise<string[]> {
  const rows = await tx.query<{ lane: string }>(RESUME, [of.endpoint, wakeAgainMs, of.lane]);
  return rows.map((row) => row.lane);
}

/** The secrets that still sign at this instant, newest first. */
export function liveSecrets(secrets: readonly EndpointSecret[], now: Instant): EndpointSecret[] {
  const at = toTimestamp(now);
  return secrets.filter(({ expiresAt }) => expiresAt === null || expiresAt > at);
}
