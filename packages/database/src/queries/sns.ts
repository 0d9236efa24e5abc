import type { Queryable, Transaction } from '../connection.ts';
import { statement } from '../statement.ts';

/** Something of Amazon's that a worker is to fetch. */
export interface SnsFetch {
  /** What it is for: a second wish for the same is the same row. */
  readonly key: string;
  readonly intake: string;
  readonly kind: 'certificate' | 'confirmation';
  readonly url: string;
  /** The whole signed message of a confirmation. */
  readonly message: Readonly<Record<string, unknown>> | null;
}

/** One that this process may do now, until its lease runs out. */
export interface LeasedSnsFetch extends SnsFetch {
  /** How often it was tried before. */
  readonly attempts: number;
  readonly leaseToken: string;
}

const FIND_CERTIFICATE = statement(
  'sns.find_certificate',
  'SELECT certificate FROM sns_certificates WHERE url = $1',
);
const SAVE_CERTIFICATE = statement(
  'sns.save_certificate',
  `INSERT INTO sns_certificates (url, certificate, fetched_at) VALUES ($1, $2, clock_timestamp())
   ON CONFLICT (url) DO UPDATE SET certificate = excluded.certificate, fetched_at = excluded.fetched_at`,
);
/** What failed for good is tried again only after a pause, or when it is another thing by now. */
const WANT = statement(
  'sns.want',
  `INSERT INTO sns_fetches AS f (key, intake_id, kind, url, message, next_attempt_at, created_at)
   SELECT $1, $2, $3, $4, $5::jsonb, clock_timestamp(), clock_timestamp()
   WHERE EXISTS (SELECT FROM sns_fetches known WHERE known.key = $1)
     OR (SELECT count(*) FROM sns_fetches mine WHERE mine.intake_id = $2) < $6
   ON CONFLICT (key) DO UPDATE SET url = excluded.url, message = excluded.message, attempts = 0,
     next_attempt_at = excluded.next_attempt_at, lease_token = NULL, leased_until = NULL, outcome = NULL,
     detail = NULL, finished_at = NULL
   WHERE f.url <> excluded.url
     OR (f.next_attempt_at IS NULL AND f.finished_at < clock_timestamp() - $7 * interval '1 millisecond')
   RETURNING key`,
);
const LEASE = statement(
  'sns.lease',
  `UPDATE sns_fetches f SET lease_token = $2 || '.' || due.place,
     leased_until = clock_timestamp() + $3 * interval '1 millisecond'
   FROM (SELECT picked.key, row_number() OVER () AS place FROM (
       SELECT key FROM sns_fetches
       WHERE next_attempt_at <= clock_timestamp() AND (leased_until IS NULL OR leased_until <= clock_timestamp())
       ORDER BY next_attempt_at, key LIMIT $1 FOR UPDATE SKIP LOCKED) AS picked) AS due
   WHERE f.key = due.key
   RETURNING f.key, f.intake_id AS intake, f.kind, f.url, f.message, f.attempts, f.lease_token AS "leaseToken"`,
);
const RECORD = statement(
  'sns.record',
  `UPDATE sns_fetches SET attempts = attempts + 1, outcome = $3, detail = $4, lease_token = NULL, leased_until = NULL,
     next_attempt_at = clock_timestamp() + $5::bigint * interval '1 millisecond',
     finished_at = CASE WHEN $5::bigint IS NULL THEN clock_timestamp() END
   WHERE key = $1 AND lease_token = $2 RETURNING key`,
);
const STATUS = statement(
  'sns.status',
  `SELECT key, kind, url, outcome, detail, attempts FROM sns_fetches WHERE intake_id = $1 ORDER BY created_at, key LIMIT $2`,
);
const PRUNE = statement(
  'sns.prune',
  `DELETE FROM sns_fetches WHERE key IN (
     SELECT key FROM sns_fetches WHERE finished_at < clock_timestamp() - $1 * interval '1 millisecond'
     ORDER BY finished_at LIMIT $2) RETURNING 1`,
);

/** The certificate that was fetched from an address, as PEM; null when none was yet. */
export async function findSnsCertificate(queryable: Queryable, url: string): Promise<string | null> {
  const [row] = await queryable.query<{ certificate: string }>(FIND_CERTIFICATE, [url]);
  return row?.certificate ?? null;
}

export async function saveSnsCertificate(
  queryable: Queryable,
  url: string,
  certificate: string,
): Promise<void> {
  await queryable.query(SAVE_CERTIFICATE, [url, certificate]);
}

/**
 * Asks a worker to fetch something; nothing new where that is asked already, or was done less than `againAfterMs` ago,
 * and nothing at all beyond `most` of an intake. Returns whether it is asked now.
 */
export async function wantSnsFetch(
  tx: Transaction,
  wish: SnsFetch,
  bound: { readonly most: number; readonly againAfterMs: number },
): Promise<boolean> {
  const { key, intake, kind, url, message } = wish;
  const json = message === null ? null : JSON.stringify(message);
  const rows = await tx.query(WANT, [key, intake, kind, url, json, bound.most, bound.againAfterMs]);
  return rows.length > 0;
}

/** Takes up to `limit` that are due, longest due first, for `leaseMs` of real time. Nobody else gets them. */
export function leaseSnsFetches(
  queryable: Queryable,
  want: { readonly limit: number; readonly token: string; readonly leaseMs: number },
): Promise<LeasedSnsFetch[]> {
  return queryable.query<LeasedSnsFetch>(LEASE, [want.limit, want.token, want.leaseMs]);
}

/** How one try ended; `againMs` null: it is over. */
export interface SnsFetchEnd {
  readonly outcome: string;
  readonly detail: string | null;
  readonly againMs: number | null;
}

/** Keeps how a try ended; false where another one has the lease by now. */
export async function recordSnsFetch(
  queryable: Queryable,
  fetch: Pick<LeasedSnsFetch, 'key' | 'leaseToken'>,
  end: SnsFetchEnd,
): Promise<boolean> {
  const { outcome, detail, againMs } = end;
  return (await queryable.query(RECORD, [fetch.key, fetch.leaseToken, outcome, detail, againMs])).length > 0;
}

/** What was fetched for an intake and how it went, oldest first. */
export function listSnsFetches(
  queryable: Queryable,
  intake: string,
  limit: number,
): Promise<
  (Pick<SnsFetch, 'key' | 'kind' | 'url'> & {
    outcome: string | null;
    detail: string | null;
    attempts: number;
  })[]
> {
  return queryable.query(STATUS, [intake, limit]);
}

export async function pruneSnsFetches(
  queryable: Queryable,
  bound: { readonly olderThanMs: number; readonly limit: number },
): Promise<number> {
  return (await queryable.query(PRUNE, [bound.olderThanMs, bound.limit])).length;
}
