import type { Instant } from '@watchbill/core';
import { columns } from '../columns.ts';
import type { Queryable, Transaction } from '../connection.ts';
import { newId } from '../ids.ts';
import { statement } from '../statement.ts';

/** Where a message goes: a channel (an id, or a name with `#`), or a person who gets a direct message. */
export type SlackPlace =
  | { readonly channel: string; readonly person: null }
  | { readonly channel: null; readonly person: string };

export interface NewSlackMessage {
  /** Makes it the same message when it is written twice. */
  readonly key: string;
  readonly kind: string;
  /** What it is about: whenever that changes, the message is made anew. */
  readonly subject: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly workspace: string;
  readonly place: SlackPlace;
  readonly threadOf: string | null;
  readonly urgent: boolean;
  /** When it is due, in ms of real time from now; null: only when `wantSlackMessages` says so, or its key is taken. */
  readonly afterMs: number | null;
  /** It is not sent for the first time later than this, in ms of real time from now. */
  readonly staleMs: number;
}

/** A message in the hands of one sender. */
export interface LeasedSlackMessage {
  readonly id: string;
  readonly key: string;
  readonly kind: string;
  readonly subject: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly workspace: string;
  readonly channel: string | null;
  readonly person: string | null;
  readonly threadOf: string | null;
  readonly urgent: boolean;
  readonly wanted: number;
  readonly shownHash: string | null;
  readonly sentChannel: string | null;
  readonly ts: string | null;
  /** Since when nobody knows whether Slack took it; null when that is known. */
  readonly sendingAt: Instant | null;
  /** How long ago that was, by the database's clock; 0 when it is known. */
  readonly sendingMs: number;
  readonly attempts: number;
  readonly stale: boolean;
  readonly createdAt: Instant;
  readonly leaseToken: string;
}

/** A message that Slack has. */
export interface SentSlackMessage {
  readonly key: string;
  readonly kind: string;
  readonly subject: string;
  readonly workspace: string;
  readonly channel: string;
  readonly ts: string;
}

const LEASED = `m.id, m.key, m.kind, m.subject, m.facts, m.workspace, m.channel, m.person, m.thread_of AS "threadOf",
  m.urgent, m.wanted, m.shown_hash AS "shownHash", m.sent_channel AS "sentChannel", m.ts, m.sending_at AS "sendingAt",
  coalesce(extract(epoch FROM clock_timestamp() - m.sending_at) * 1000, 0)::float8 AS "sendingMs", m.attempts, m.stale_at <= clock_timestamp() AS stale, m.created_at AS "createdAt", m.lease_token AS "leaseToken"`;

const INSERT = statement(
  'slack-messages.insert',
  `INSERT INTO slack_messages (id, key, kind, subject, facts, workspace, channel, person, thread_of, urgent,
     next_attempt_at, stale_at)
   SELECT id, key, kind, subject, facts, workspace, channel, person, thread_of, urgent,
     clock_timestamp() + after_ms * interval '1 millisecond', clock_timestamp() + stale_ms * interval '1 millisecond'
   FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::jsonb[], $6::text[], $7::text[], $8::text[],
       $9::text[], $10::boolean[], $11::float8[], $12::float8[]) WITH ORDINALITY
     AS row (id, key, kind, subject, facts, workspace, channel, person, thread_of, urgent, after_ms, stale_ms, place)
   ORDER BY place
   ON CONFLICT (key) DO NOTHING
   RETURNING key`,
);
const WANT = statement(
  'slack-messages.want',
  `UPDATE slack_messages SET wanted = wanted + 1, attempts = CASE WHEN next_attempt_at IS NULL THEN 0 ELSE attempts END,
     next_attempt_at = CASE WHEN status = 'sent' THEN coalesce(next_attempt_at, clock_timestamp())
       ELSE next_attempt_at END
   WHERE subject = ANY($1::text[]) AND kind = ANY($2::text[]) AND status IN ('pending', 'sent')`,
);
const ADD_FACTS = statement(
  'slack-messages.add_facts',
  `UPDATE slack_messages SET facts = $2::jsonb, wanted = wanted + 1
   WHERE key = $1 AND status = 'pending' AND leased_until IS NULL AND sending_at IS NULL
   RETURNING key`,
);
const MERGE_FACTS = statement(
  'slack-messages.merge_facts',
  `UPDATE slack_messages SET facts = facts || $2::jsonb, wanted = wanted + 1,
     next_attempt_at = CASE WHEN status IN ('pending', 'sent') THEN coalesce(next_attempt_at, clock_timestamp()) END
   WHERE key = $1`,
);
const OPEN_OF = statement(
  'slack-messages.open_of',
  `SELECT key, facts FROM slack_messages
   WHERE subject = $1 AND kind = $2 AND workspace = $3 AND status = 'pending' AND leased_until IS NULL
     AND sending_at IS NULL
   ORDER BY sequence DESC LIMIT 1 FOR UPDATE SKIP LOCKED`,
);
/** Only the first that is due of each place: what comes behind it waits, also while another process sends it. */
const LEASE = statement(
  'slack-messages.lease',
  `UPDATE slack_messages m SET lease_token = $2, leased_until = clock_timestamp() + $3 * interval '1 millisecond'
   FROM (
     SELECT d.id FROM slack_messages d
     WHERE d.urgent = $1 AND d.next_attempt_at <= clock_timestamp()
       AND (d.leased_until IS NULL OR d.leased_until <= clock_timestamp())
       AND d.workspace || '.' || d.place <> ALL ($5::text[])
       AND NOT EXISTS (
         SELECT FROM slack_messages e
         WHERE e.workspace = d.workspace AND e.place = d.place AND e.urgent = d.urgent AND e.sequence < d.sequence
           AND e.next_attempt_at <= clock_timestamp())
     ORDER BY d.next_attempt_at, d.sequence LIMIT $4
     FOR UPDATE OF d SKIP LOCKED
   ) due WHERE m.id = due.id
   RETURNING ${LEASED}`,
);
const LEASE_KEY = statement(
  'slack-messages.lease_key',
  `UPDATE slack_messages m SET lease_token = $2, leased_until = clock_timestamp() + $3 * interval '1 millisecond'
   WHERE m.key = $1 AND (m.leased_until IS NULL OR m.leased_until <= clock_timestamp())
   RETURNING ${LEASED}`,
);
const NEXT = statement(
  'slack-messages.next',
  `SELECT (extract(epoch FROM min(greatest(next_attempt_at, coalesce(leased_until, next_attempt_at)))
     - clock_timestamp()) * 1000)::float8 AS "inMs"
   FROM slack_messages WHERE next_attempt_at IS NOT NULL AND urgent = $1`,
);
const BEGIN = statement(
  'slack-messages.begin',
  `UPDATE slack_messages SET sending_at = clock_timestamp(),
     leased_until = clock_timestamp() + $3 * interval '1 millisecond'
   WHERE id = $1 AND lease_token = $2 RETURNING id`,
);
const SENT = statement(
  'slack-messages.sent',
  `UPDATE slack_messages SET status = 'sent', sent_channel = $3, ts = $4, shown = $5, shown_hash = $6,
     sent_at = coalesce(sent_at, clock_timestamp()), sending_at = NULL, attempts = 0, last_error = NULL,
     next_attempt_at = CASE WHEN wanted > $5 THEN clock_timestamp() END, lease_token = NULL, leased_until = NULL
   WHERE id = $1 AND lease_token = $2 RETURNING id`,
);
/** Found by its metadata: it is there, but nobody knows in which shape, so that it is shown once more. */
const FOUND = statement(
  'slack-messages.found',
  `UPDATE slack_messages SET status = 'sent', sent_channel = $3, ts = $4, sent_at = clock_timestamp(),
     sending_at = NULL, attempts = 0, last_error = NULL, next_attempt_at = clock_timestamp(), lease_token = NULL,
     leased_until = NULL
   WHERE id = $1 AND lease_token = $2 RETURNING id`,
);
const RETRY = statement(
  'slack-messages.retry',
  `UPDATE slack_messages SET next_attempt_at = clock_timestamp() + $3 * interval '1 millisecond', last_error = $4,
     sending_at = CASE WHEN $5 THEN sending_at END, attempts = attempts + $6, lease_token = NULL,
     leased_until = NULL
   WHERE id = $1 AND lease_token = $2 RETURNING id`,
);
const END = statement(
  'slack-messages.end',
  `UPDATE slack_messages SET status = CASE WHEN ts IS NULL THEN $3 ELSE status END, next_attempt_at = NULL,
     last_error = $4, sending_at = NULL, lease_token = NULL, leased_until = NULL
   WHERE id = $1 AND lease_token = $2 RETURNING id`,
);
const SENT_BY_KEY = statement(
  'slack-messages.sent_by_key',
  `SELECT key, sent_channel AS channel, ts, status, last_error AS "lastError",
     facts->>'notification' AS notification
   FROM slack_messages WHERE key = $1`,
);
const AT_PLACE = statement(
  'slack-messages.at_place',
  `SELECT key, kind, subject, workspace, sent_channel AS channel, ts FROM slack_messages
   WHERE workspace = $1 AND sent_channel = $2 AND ts = $3`,
);
const LATEST_IN = statement(
  'slack-messages.latest_in',
  `SELECT key, kind, subject, workspace, sent_channel AS channel, ts FROM slack_messages
   WHERE workspace = $1 AND sent_channel = $2 AND kind = ANY($3::text[]) AND ts IS NOT NULL
   ORDER BY ts DESC LIMIT $4`,
);
const ABOUT = statement(
  'slack-messages.about',
  `SELECT key, kind, subject, workspace, coalesce(sent_channel, channel) AS channel, person, ts, status
   FROM slack_messages WHERE subject = $1 AND kind = ANY($2::text[]) ORDER BY sequence`,
);
const PRUNE = statement(
  'slack-messages.prune',
  `WITH old AS (
     SELECT id FROM slack_messages
     WHERE next_attempt_at IS NULL AND created_at < clock_timestamp() - $1 * interval '1 millisecond'
     ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED
   )
   DELETE FROM slack_messages m USING old WHERE m.id = old.id RETURNING 1 AS gone`,
);
const FIGURES = statement(
  'slack-messages.figures',
  `SELECT urgent, count(*)::integer AS waiting,
     coalesce(extract(epoch FROM clock_timestamp() - min(next_attempt_at)), 0)::float8 AS "oldestSeconds"
   FROM slack_messages WHERE next_attempt_at IS NOT NULL AND next_attempt_at <= clock_timestamp() GROUP BY urgent`,
);

/** Writes messages in their order; one whose key is there is left as it is. Returns the keys written now. */
export async function insertSlackMessages(
  tx: Transaction,
  messages: readonly NewSlackMessage[],
): Promise<string[]> {
  if (messages.length === 0) return [];
  const values = columns(messages, [
    () => newId('slm'),
    (row) => row.key,
    (row) => row.kind,
    (row) => row.subject,
    (row) => JSON.stringify(row.facts),
    (row) => row.workspace,
    (row) => row.place.channel,
    (row) => row.place.person,
    (row) => row.threadOf,
    (row) => row.urgent,
    (row) => row.afterMs,
    (row) => row.staleMs,
  ]);
  return (await tx.query<{ key: string }>(INSERT, values)).map((row) => row.key);
}

/** Has the messages of these kinds about something made anew, where Slack has them or is being given them. */
export async function wantSlackMessages(
  queryable: Queryable,
  subjects: readonly string[],
  kinds: readonly string[],
): Promise<void> {
  if (subjects.length > 0) await queryable.query(WANT, [subjects, kinds]);
}

/** The newest message of a kind about something that nobody has begun to send, locked; null when there is none. */
export async function openSlackMessage(
  tx: Transaction,
  about: { readonly subject: string; readonly kind: string; readonly workspace: string },
): Promise<{ readonly key: string; readonly facts: Readonly<Record<string, unknown>> } | null> {
  const rows = await tx.query<{ key: string; facts: Record<string, unknown> }>(OPEN_OF, [
    about.subject,
    about.kind,
    about.workspace,
  ]);
  return rows[0] ?? null;
}

/** Changes what a message says that nobody has begun to send. False where somebody has. */
export async function setSlackMessageFacts(
  tx: Transaction,
  key: string,
  facts: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  return (await tx.query(ADD_FACTS, [key, JSON.stringify(facts)])).length === 1;
}

/** Adds to the facts of a message, which is made anew where Slack has it. */
export async function mergeSlackMessageFacts(
  tx: Transaction,
  key: string,
  facts: Readonly<Record<string, unknown>>,
): Promise<void> {
  await tx.query(MERGE_FACTS, [key, JSON.stringify(facts)]);
}

/** Takes up to `limit` messages that are due, one a place, but for the places (`<workspace>.<place>`) that rest. */
export function leaseSlackMessages(
  queryable: Queryable,
  want: {
    readonly urgent: boolean;
    readonly token: string;
    readonly leaseMs: number;
    readonly limit: number;
    readonly resting: readonly string[];
  },
): Promise<LeasedSlackMessage[]> {
  const { urgent, token, leaseMs, limit, resting } = want;
  return queryable.query<LeasedSlackMessage>(LEASE, [urgent, token, leaseMs, limit, resting]);
}

/** Takes one message, due or not; null while somebody else has it. */
export async function leaseSlackMessage(
  queryable: Queryable,
  want: { readonly key: string; readonly token: string; readonly leaseMs: number },
): Promise<LeasedSlackMessage | null> {
  const rows = await queryable.query<LeasedSlackMessage>(LEASE_KEY, [want.key, want.token, want.leaseMs]);
  return rows[0] ?? null;
}

/** Milliseconds until a message is due, not above zero where one is; null when nothing waits. */
export async function nextSlackMessageMs(queryable: Queryable, urgent: boolean): Promise<number | null> {
  const [row] = await queryable.query<{ inMs: number | null }>(NEXT, [urgent]);
  return row?.inMs ?? null;
}

type Lease = Pick<LeasedSlackMessage, 'id' | 'leaseToken'>;

/** Notes that it is being sent, so that nobody sends it twice unawares. False when the lease is lost. */
export async function beginSlackSending(
  queryable: Queryable,
  lease: Lease,
  leaseMs: number,
): Promise<boolean> {
  return (await queryable.query(BEGIN, [lease.id, lease.leaseToken, leaseMs])).length === 1;
}

/** Notes what Slack has now. */
export async function recordSlackSent(
  queryable: Queryable,
  lease: Lease,
  sent: { readonly channel: string; readonly ts: string; readonly shown: number; readonly hash: string },
): Promise<void> {
  await queryable.query(SENT, [lease.id, lease.leaseToken, sent.channel, sent.ts, sent.shown, sent.hash]);
}

/** Notes that Slack had taken a message after all. */
export async function recordSlackFound(
  queryable: Queryable,
  lease: Lease,
  found: { readonly channel: string; readonly ts: string },
): Promise<void> {
  await queryable.query(FOUND, [lease.id, lease.leaseToken, found.channel, found.ts]);
}

/** Again after `delayMs`. `unknown`: Slack may have taken it. `counts`: it was a failed attempt. */
export async function recordSlackRetry(
  queryable: Queryable,
  lease: Lease,
  retry: {
    readonly delayMs: number;
    readonly error: string;
    readonly unknown: boolean;
    readonly counts: boolean;
  },
): Promise<void> {
  const { delayMs, error, unknown, counts } = retry;
  await queryable.query(RETRY, [lease.id, lease.leaseToken, delayMs, error, unknown, counts ? 1 : 0]);
}

/** Leaves a message as it is for good: never sent (`failed`, `dropped`), or no longer to be edited. */
export async function recordSlackEnd(
  queryable: Queryable,
  lease: Lease,
  end: { readonly status: 'failed' | 'dropped'; readonly error: string | null },
): Promise<void> {
  await queryable.query(END, [lease.id, lease.leaseToken, end.status, end.error]);
}

/** What became of a message. */
export interface SlackMessageState {
  readonly key: string;
  readonly status: 'pending' | 'sent' | 'failed' | 'dropped';
  /** Where Slack has it; null where it has it not. */
  readonly channel: string | null;
  readonly ts: string | null;
  readonly lastError: string | null;
  /** The notification of a page that it stands for. */
  readonly notification: string | null;
}

/** What became of a message; null for an unknown key. */
export async function slackMessageByKey(
  queryable: Queryable,
  key: string,
): Promise<SlackMessageState | null> {
  const [row] = await queryable.query<SlackMessageState>(SENT_BY_KEY, [key]);
  return row ?? null;
}

/** The message of ours that stands at a place in Slack, such as the parent of a thread; null for any other. */
export async function slackMessageAt(
  queryable: Queryable,
  at: { readonly workspace: string; readonly channel: string; readonly ts: string },
): Promise<SentSlackMessage | null> {
  const [row] = await queryable.query<SentSlackMessage>(AT_PLACE, [at.workspace, at.channel, at.ts]);
  return row ?? null;
}

/** Our newest messages of these kinds in a channel, the newest first. */
export function latestSlackMessages(
  queryable: Queryable,
  want: {
    readonly workspace: string;
    readonly channel: string;
    readonly kinds: readonly string[];
    readonly limit: number;
  },
): Promise<SentSlackMessage[]> {
  const { workspace, channel, kinds, limit } = want;
  return queryable.query<SentSlackMessage>(LATEST_IN, [workspace, channel, kinds, limit]);
}

/** All messages of these kinds about something, sent or not. */
export function slackMessagesAbout(
  queryable: Queryable,
  subject: string,
  kinds: readonly string[],
): Promise<
  {
    readonly key: string;
    readonly kind: string;
    readonly workspace: string;
    readonly channel: string | null;
    readonly person: string | null;
    readonly ts: string | null;
    readonly status: string;
  }[]
> {
  return queryable.query(ABOUT, [subject, kinds]);
}

/** Deletes up to `limit` messages that are older than `olderThanMs` and have nothing to do; says how many. */
export async function pruneSlackMessages(
  queryable: Queryable,
  bound: { readonly olderThanMs: number; readonly limit: number },
): Promise<number> {
  return (await queryable.query(PRUNE, [bound.olderThanMs, bound.limit])).length;
}

/** How many messages are due and since when the oldest of them is. */
export function slackMessageFigures(
  queryable: Queryable,
): Promise<{ readonly urgent: boolean; readonly waiting: number; readonly oldestSeconds: number }[]> {
  return queryable.query(FIGURES);
}
