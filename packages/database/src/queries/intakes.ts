import type { Instant, Severity } from '@watchbill/core';
import type { Queryable, Transaction } from '../connection.ts';
import { statement } from '../statement.ts';

/** The programs whose way of speaking an intake understands. */
export const INTAKE_KINDS = [
  'pagerduty',
  'opsgenie',
  'alertmanager',
  'grafana',
  'generic',
  'datadog',
  'sentry',
  'sns',
] as const;
export type IntakeKind = (typeof INTAKE_KINDS)[number];

/** Where the parts of a page stand in what is sent: JSONPath, or text with `{$.paths}` in it. */
export interface IntakeMapping {
  /** A list of things that are each a signal; the other paths then start at one of them. */
  readonly each?: string | undefined;
  readonly summary: string;
  readonly dedupKey?: string | undefined;
  readonly severity?: string | undefined;
  readonly source?: string | undefined;
  readonly link?: string | undefined;
  readonly details?: string | undefined;
  /** Leads to the word that says what happened. Without it everything is a trigger. */
  readonly action?: string | undefined;
  /** What the words mean, whatever their case. */
  readonly actions?:
    | Partial<Record<'trigger' | 'acknowledge' | 'resolve' | 'ignore', readonly string[] | undefined>>
    | undefined;
  readonly severities?: Partial<Record<Severity, readonly string[] | undefined>> | undefined;
}

/** How an intake reads what it is sent. Everything has a default. */
export interface IntakeSettings {
  /** Requests that it takes in a minute, counted in each process. */
  readonly ratePerMinute?: number | undefined;
  /** Of signals that do not say how bad it is. */
  readonly severity?: Severity | undefined;
  /** Alertmanager and Grafana: a page for each group of alerts, or for each alert. */
  readonly by?: 'group' | 'alert' | undefined;
  readonly severityLabel?: string | undefined;
  /** Generic, and JSON in messages of SNS. */
  readonly mapping?: IntakeMapping | undefined;
  /** SNS: the only topics that are heard. */
  readonly topics?: readonly string[] | undefined;
  readonly insufficientData?: 'ignore' | 'trigger' | undefined;
}

/** An intake as it may be shown: without its keys and without its signing secret. */
export interface IntakeRow {
  readonly id: string;
  readonly name: string;
  readonly kind: IntakeKind;
  readonly policy: string | null;
  readonly schedule: string | null;
  readonly settings: IntakeSettings;
  /** Whether what is sent must be signed. */
  readonly signed: boolean;
  readonly status: 'active' | 'disabled';
  /** How many keys are valid; more than one while one is being changed for another. */
  readonly keys: number;
  readonly createdBy: string;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  /** To within a minute. */
  readonly lastUsedAt: Instant | null;
}

/** What a request with a valid key may know of its intake. */
export interface OpenIntake {
  readonly id: string;
  readonly name: string;
  readonly kind: IntakeKind;
  readonly policy: string | null;
  readonly schedule: string | null;
  readonly settings: IntakeSettings;
  readonly signingSecret: string | null;
}

export type NewIntake = Pick<
  IntakeRow,
  'id' | 'name' | 'kind' | 'policy' | 'schedule' | 'settings' | 'createdBy'
> & {
  readonly signingSecret: string | null;
};

const VALID_KEY = '(k.expires_at IS NULL OR k.expires_at > clock_timestamp())';
const COLUMNS = `i.id, i.name, i.kind, i.policy_id AS policy, i.schedule_id AS schedule, i.settings,
  i.signing_secret IS NOT NULL AS signed, i.status,
  (SELECT count(*)::integer FROM intake_keys k WHERE k.intake_id = i.id AND ${VALID_KEY}) AS keys,
  i.created_by AS "createdBy", i.created_at AS "createdAt", i.updated_at AS "updatedAt",
  i.last_used_at AS "lastUsedAt"`;

const INSERT = statement(
  'intakes.insert',
  `INSERT INTO intakes (id, name, kind, policy_id, schedule_id, settings, signing_secret, created_by, created_at, updated_at)
   SELECT $1, $2, $3, $4, $5, $6::jsonb, $7, $8, now, now FROM (SELECT clock_timestamp() AS now) AS clock`,
);
const FIND = statement('intakes.find', `SELECT ${COLUMNS} FROM intakes i WHERE i.id = $1`);
const LOCK = statement('intakes.lock', 'SELECT id FROM intakes WHERE id = $1 FOR NO KEY UPDATE');
const LIST = statement(
  'intakes.list',
  `SELECT ${COLUMNS} FROM intakes i WHERE i.id > $1 ORDER BY i.id LIMIT $2`,
);
const OPEN_BY_HASH = statement(
  'intakes.open_by_hash',
  `SELECT i.id, i.name, i.kind, i.policy_id AS policy, i.schedule_id AS schedule, i.settings,
     i.signing_secret AS "signingSecret"
   FROM intake_keys k JOIN intakes i ON i.id = k.intake_id
   WHERE k.hash = $1 AND i.status = 'active' AND ${VALID_KEY}`,
);
const LOCK_COUNT = statement(
  'intakes.lock_count',
  `SELECT pg_advisory_xact_lock(hashtext('watchbill.intakes'))`,
);
const COUNT = statement('intakes.count', 'SELECT count(*)::integer AS count FROM intakes');
const SAVE = statement(
  'intakes.save',
  `UPDATE intakes SET name = $2, policy_id = $3, schedule_id = $4, settings = $5::jsonb,
     signing_secret = CASE WHEN $6 THEN $7 ELSE signing_secret END, updated_at = clock_timestamp()
   WHERE id = $1`,
);
const SET_STATUS = statement(
  'intakes.set_status',
  'UPDATE intakes SET status = $2, updated_at = clock_timestamp() WHERE id = $1 AND status <> $2',
);
const INSERT_KEY = statement(
  'intakes.insert_key',
  'INSERT INTO intake_keys (hash, intake_id, created_at) VALUES ($1, $2, clock_timestamp())',
);
const COUNT_KEYS = statement(
  'intakes.count_keys',
  `SELECT count(*)::integer AS count FROM intake_keys k WHERE k.intake_id = $1 AND ${VALID_KEY}`,
);
const EXPIRE_KEYS = statement(
  'intakes.expire_keys',
  `UPDATE intake_keys SET expires_at = least(expires_at, clock_timestamp() + $2 * interval '1 millisecond')
   WHERE intake_id = $1`,
);
const MARK_USED = statement(
  'intakes.mark_used',
  'UPDATE intakes SET last_used_at = clock_timestamp() WHERE id = $1',
);
const PRUNE_KEYS = statement(
  'intakes.prune_keys',
  `DELETE FROM intake_keys WHERE hash IN (
     SELECT hash FROM intake_keys WHERE expires_at < clock_timestamp() - interval '1 day' LIMIT $1) RETURNING 1`,
);

export async function insertIntake(tx: Transaction, intake: NewIntake): Promise<void> {
  const { id, name, kind, policy, schedule, settings, signingSecret, createdBy } = intake;
  await tx.query(INSERT, [
    ...[id, name, kind, policy, schedule, JSON.stringify(settings), signingSecret, createdBy],
  ]);
}

export async function findIntake(queryable: Queryable, id: string): Promise<IntakeRow | null> {
  const [row] = await queryable.query<IntakeRow>(FIND, [id]);
  return row ?? null;
}

/** The same, locked against other changes until the transaction ends. */
export async function lockIntake(tx: Transaction, id: string): Promise<IntakeRow | null> {
  const locked = await tx.query(LOCK, [id]);
  return locked.length === 0 ? null : findIntake(tx, id);
}

/** Intakes after this id, in the order of ids, which is the order of making. */
export function listIntakes(queryable: Queryable, after: string, limit: number): Promise<IntakeRow[]> {
  return queryable.query<IntakeRow>(LIST, [after, limit]);
}

/** The active intake of a key that is still valid, by the key's SHA-256. */
export async function openIntakeByHash(queryable: Queryable, hash: Uint8Array): Promise<OpenIntake | null> {
  const [row] = await queryable.query<OpenIntake>(OPEN_BY_HASH, [hash]);
  return row ?? null;
}

/** How many intakes there are; nobody else adds one until this transaction ends. */
export async function countIntakesLocked(tx: Transaction): Promise<number> {
  await tx.query(LOCK_COUNT);
  const [row] = await tx.query<{ count: number }>(COUNT);
  return row?.count ?? 0;
}

export type IntakeChange = Pick<IntakeRow, 'id' | 'name' | 'policy' | 'schedule' | 'settings'> & {
  /** Left out: as it is; null: none any more. */
  readonly signingSecret?: string | null | undefined;
};

export async function saveIntake(tx: Transaction, intake: IntakeChange): Promise<void> {
  const { id, name, policy, schedule, settings, signingSecret } = intake;
  const secret = [signingSecret !== undefined, signingSecret ?? null];
  await tx.query(SAVE, [id, name, policy, schedule, JSON.stringify(settings), ...secret]);
}

export async function setIntakeStatus(
  tx: Transaction,
  id: string,
  status: IntakeRow['status'],
): Promise<void> {
  await tx.query(SET_STATUS, [id, status]);
}

/** Adds a key by its SHA-256; it is valid until it is given an end. */
export async function insertIntakeKey(tx: Transaction, intake: string, hash: Uint8Array): Promise<void> {
  await tx.query(INSERT_KEY, [hash, intake]);
}

export async function countIntakeKeys(tx: Transaction, intake: string): Promise<number> {
  const [row] = await tx.query<{ count: number }>(COUNT_KEYS, [intake]);
  return row?.count ?? 0;
}

/** Lets every key of an intake end after this much real time at the latest. */
export async function expireIntakeKeys(tx: Transaction, intake: string, afterMs: number): Promise<void> {
  await tx.query(EXPIRE_KEYS, [intake, afterMs]);
}

export async function markIntakeUsed(queryable: Queryable, id: string): Promise<void> {
  await queryable.query(MARK_USED, [id]);
}

/** Deletes keys that ended long ago. Returns how many. */
export async function pruneIntakeKeys(queryable: Queryable, limit: number): Promise<number> {
  return (await queryable.query(PRUNE_KEYS, [limit])).length;
}
