import type { Instant, Severity } from '@watchbill/core';
import { SEVERITIES } from '@watchbill/core';
import type { Queryable, Transaction } from '../connection.ts';
import { toTimestamp } from '../instants.ts';
import { statement } from '../statement.ts';

/** An open page that counted a signal. */
export interface CountedSignal {
  readonly page: string;
  readonly number: number;
  /** The signal is more severe than anything that the page knew. */
  readonly moreSevere: boolean;
  /** The page stands for others of the key's intake, too. */
  readonly folded: boolean;
}

/**
 * What most signals are: one statement that changes nothing that an index holds, and whose commit does not wait for
 * the disk, since a crash loses no more than a count. array_position ranks severities, the worst first.
 */
const REPEAT_FAST = statement(
  'page_triggers.repeat_fast',
  `WITH own AS (
     UPDATE pages SET repeats = repeats + 1, last_triggered_at = clock_timestamp()
     WHERE coalesce(intake, '') = $1 AND dedup_key = $2 AND state <> 'resolved'
       AND array_position($4::text[], $3) >= array_position($4::text[], severity)
     RETURNING id AS page, number, false AS "moreSevere", false AS folded
   ), storm AS (
     UPDATE pages SET repeats = pages.repeats + 1, last_triggered_at = clock_timestamp()
     FROM page_folds AS f
     WHERE f.intake = $1 AND f.dedup_key = $2 AND f.open AND pages.id = f.page_id AND pages.state <> 'resolved'
       AND NOT EXISTS (SELECT FROM own)
       AND array_position($4::text[], $3) >= array_position($4::text[], severity)
     RETURNING pages.id AS page, number, false AS "moreSevere", true AS folded
   ), fold AS (
     UPDATE page_folds SET repeats = repeats + 1, resolved_at = NULL
     FROM storm WHERE page_id = storm.page AND dedup_key = $2
   )
   SELECT counted.* FROM (SELECT * FROM own UNION ALL SELECT * FROM storm) AS counted,
     (SELECT set_config('synchronous_commit', 'off', true)) AS hurry`,
);
const REPEAT = statement(
  'page_triggers.repeat',
  `UPDATE pages SET repeats = repeats + 1, last_triggered_at = clock_timestamp()
   WHERE coalesce(intake, '') = $1 AND dedup_key = $2 AND state <> 'resolved'
   RETURNING id AS page, number, array_position($4::text[], $3) < array_position($4::text[], severity) AS "moreSevere",
     false AS folded`,
);
/** The page before its fold, as everywhere: two that hold both never wait for each other. */
const REPEAT_FOLDED = statement(
  'page_triggers.repeat_folded',
  `WITH storm AS (
     UPDATE pages SET repeats = pages.repeats + 1, last_triggered_at = clock_timestamp()
     FROM page_folds AS f
     WHERE f.intake = $1 AND f.dedup_key = $2 AND f.open AND pages.id = f.page_id AND pages.state <> 'resolved'
     RETURNING pages.id AS page, number,
       array_position($4::text[], $3) < array_position($4::text[], severity) AS "moreSevere", true AS folded
   ), fold AS (
     UPDATE page_folds SET repeats = repeats + 1, resolved_at = NULL
     FROM storm WHERE page_id = storm.page AND dedup_key = $2
   )
   SELECT * FROM storm`,
);
const COUNT_NEW = statement(
  'page_triggers.count_new',
  `INSERT INTO page_rates AS r (intake, policy_key, window_started_at, count) VALUES ($1, $2, clock_timestamp(), 1)
   ON CONFLICT (intake, policy_key) DO UPDATE SET
     window_started_at = CASE WHEN r.window_started_at > clock_timestamp() - $3 * interval '1 millisecond'
       THEN r.window_started_at ELSE clock_timestamp() END,
     count = CASE WHEN r.window_started_at > clock_timestamp() - $3 * interval '1 millisecond'
       THEN r.count + 1 ELSE 1 END
   RETURNING count`,
);
const UNCOUNT_NEW = statement(
  'page_triggers.uncount_new',
  'UPDATE page_rates SET count = count - 1 WHERE intake = $1 AND policy_key = $2',
);
const STORM = statement(
  'page_triggers.storm',
  `UPDATE pages SET folded = folded + 1, last_triggered_at = clock_timestamp()
   WHERE coalesce(intake, '') = $1 AND policy_key = $2 AND severity = $3 AND folds AND state <> 'resolved'
   RETURNING id AS page, number, folded`,
);
const FOLD = statement(
  'page_triggers.fold',
  `WITH again AS (
     UPDATE page_folds SET open = true, resolved_at = NULL, repeats = repeats + 1
     WHERE page_id = $1 AND dedup_key = $3 RETURNING 1
   )
   INSERT INTO page_folds (page_id, intake, dedup_key, summary)
   SELECT $1, $2, $3, $4
   WHERE NOT EXISTS (SELECT FROM again) AND (SELECT count(*) FROM page_folds WHERE page_id = $1) < $5
   ON CONFLICT DO NOTHING`,
);
const FOLDED_IN = statement(
  'page_triggers.folded_in',
  'SELECT page_id AS page FROM page_folds WHERE intake = $1 AND dedup_key = $2 AND open',
);
const UNFOLD = statement(
  'page_triggers.unfold',
  `UPDATE page_folds SET open = false, resolved_at = coalesce(resolved_at, $3::timestamptz)
   WHERE page_id = $1 AND dedup_key = $2 AND open`,
);
const OPEN_FOLDS = statement(
  'page_triggers.open_folds',
  `SELECT count(*) FILTER (WHERE open)::int AS open, count(*)::int AS kept FROM page_folds WHERE page_id = $1`,
);
const CLOSE_FOLDS = statement(
  'page_triggers.close_folds',
  'UPDATE page_folds SET open = false WHERE page_id = $1 AND open',
);
const FOLDS = statement(
  'page_triggers.folds',
  `SELECT dedup_key AS "dedupKey", summary, repeats, resolved_at AS "resolvedAt" FROM page_folds WHERE page_id = $1
   ORDER BY dedup_key LIMIT $2`,
);
const PRUNE_RATES = statement(
  'page_triggers.prune_rates',
  `DELETE FROM page_rates WHERE ctid IN (
     SELECT ctid FROM page_rates WHERE window_started_at < clock_timestamp() - interval '1 hour' LIMIT $1)`,
);

/**
 * Counts a signal of which an open page knows already, outside any transaction; null when there is no such page, or
 * the signal is more severe than it.
 */
export async function countRepeat(
  database: Queryable,
  signal: { readonly intake: string | null; readonly dedupKey: string; readonly severity: Severity },
): Promise<CountedSignal | null> {
  const values = [signal.intake ?? '', signal.dedupKey, signal.severity, SEVERITIES];
  const [row] = await database.query<CountedSignal>(REPEAT_FAST, values);
  return row ?? null;
}

/** Counts a signal whose key an open page has, or stands for; null when there is none. */
export async function countSignal(
  queryable: Queryable,
  signal: { readonly intake: string | null; readonly dedupKey: string; readonly severity: Severity },
): Promise<CountedSignal | null> {
  const values = [signal.intake ?? '', signal.dedupKey, signal.severity, SEVERITIES];
  const [own] = await queryable.query<CountedSignal>(REPEAT, values);
  if (own !== undefined) return own;
  const [fold] = await queryable.query<CountedSignal>(REPEAT_FOLDED, values);
  return fold ?? null;
}

/**
 * Counts a new page of a sender for a policy and returns how many it is in the running window. Holds the count until
 * the transaction ends, so new pages of one sender for one policy are made one after another.
 */
export async function countNewPage(
  tx: Transaction,
  of: { readonly intake: string | null; readonly policyKey: string },
  windowMs: number,
): Promise<number> {
  const [row] = await tx.query<{ count: number }>(COUNT_NEW, [of.intake ?? '', of.policyKey, windowMs]);
  return row?.count ?? 1;
}

/** Takes back what this transaction has counted: the page was opened by somebody else meanwhile. */
export async function uncountNewPage(
  tx: Transaction,
  of: { readonly intake: string | null; readonly policyKey: string },
): Promise<void> {
  await tx.query(UNCOUNT_NEW, [of.intake ?? '', of.policyKey]);
}

/** Counts a signal in the open page of its storm; null when there is none yet. */
export async function countInStorm(
  tx: Transaction,
  of: { readonly intake: string | null; readonly policyKey: string; readonly severity: Severity },
): Promise<{ readonly page: string; readonly number: number; readonly folded: number } | null> {
  const values = [of.intake ?? '', of.policyKey, of.severity];
  const [row] = await tx.query<{ page: string; number: number; folded: number }>(STORM, values);
  return row ?? null;
}

/** Remembers the key of a signal that a page stands for, unless it stands for `limit` already. */
export async function keepFold(
  tx: Transaction,
  fold: {
    readonly page: string;
    readonly intake: string | null;
    readonly dedupKey: string;
    readonly summary: string;
    readonly limit: number;
  },
): Promise<void> {
  await tx.query(FOLD, [fold.page, fold.intake ?? '', fold.dedupKey, fold.summary, fold.limit]);
}

/** The page that stands for a key; null when none does. */
export async function foldedIn(
  queryable: Queryable,
  of: { readonly intake: string | null; readonly dedupKey: string },
): Promise<string | null> {
  const [row] = await queryable.query<{ page: string }>(FOLDED_IN, [of.intake ?? '', of.dedupKey]);
  return row?.page ?? null;
}

/** Ends the part of a key in a page that stands for it and that this transaction has locked. */
export async function endFold(
  tx: Transaction,
  page: string,
  of: { readonly dedupKey: string; readonly at: Instant },
): Promise<void> {
  await tx.query(UNFOLD, [page, of.dedupKey, toTimestamp(of.at)]);
}

/** How many keys a page is known to stand for, and how many of them are not over. */
export async function countFolds(
  tx: Transaction,
  page: string,
): Promise<{ readonly open: number; readonly kept: number }> {
  const [row] = await tx.query<{ open: number; kept: number }>(OPEN_FOLDS, [page]);
  return row ?? { open: 0, kept: 0 };
}

/** The page is over: its keys may call anew. */
export async function closeFolds(tx: Transaction, page: string): Promise<void> {
  await tx.query(CLOSE_FOLDS, [page]);
}

/** A signal that a page of a storm stands for. */
export interface FoldRow {
  readonly dedupKey: string;
  readonly summary: string;
  readonly repeats: number;
  readonly resolvedAt: Instant | null;
}

/** The signals that a page stands for, as far as they were kept; at most `limit`. */
export function foldsOfPage(queryable: Queryable, page: string, limit: number): Promise<FoldRow[]> {
  return queryable.query<FoldRow>(FOLDS, [page, limit]);
}

/** Deletes counts that say nothing any more. */
export async function pruneRates(queryable: Queryable, limit: number): Promise<void> {
  await queryable.query(PRUNE_RATES, [limit]);
}
