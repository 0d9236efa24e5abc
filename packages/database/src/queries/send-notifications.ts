import type { ChannelTarget, Instant, Severity, Urgency } from '@watchbill/core';
import type { Queryable, Transaction } from '../connection.ts';
import { toTimestamp } from '../instants.ts';
import { statement } from '../statement.ts';
import type { ContactKind } from './contact-methods.ts';

/** A notification in the hands of one worker, with everything that its message says. */
export interface LeasedNotification {
  readonly id: string;
  readonly page: string;
  readonly number: number;
  readonly summary: string;
  readonly severity: Severity;
  readonly urgency: Urgency;
  readonly state: 'triggered' | 'acknowledged' | 'resolved';
  readonly schedule: string | null;
  readonly source: string | null;
  readonly details: unknown;
  readonly pageCreatedAt: Instant;
  readonly reason: 'step' | 'handover';
  readonly person: string | null;
  readonly personName: string | null;
  /** Of the configuration; for the way `email` without a contact method. */
  readonly personEmail: string | null;
  readonly timeZone: string | null;
  readonly target: ChannelTarget | null;
  readonly way: ContactKind | 'webhook';
  readonly address: string | null;
  readonly verified: boolean;
  /** Tries so far, this one included. */
  readonly attempts: number;
}

export interface SentAttempt {
  readonly notification: string;
  readonly token: string;
  readonly startedAt: Instant;
  readonly durationMs: number;
  readonly outcome: string;
  readonly error: string | null;
  readonly receipt: string | null;
  /** How the notification goes on: it has ended, or is tried again after so long. */
  readonly next: { readonly status: 'sent' | 'failed' | 'cancelled' } | { readonly afterMs: number };
}

/** A row that is due and in nobody's hands; Slack's are the bot's. */
const LEASE = statement(
  'notifications.lease',
  `UPDATE notifications n SET lease_token = $1, leased_until = clock_timestamp() + $2 * interval '1 millisecond',
     wake_at = clock_timestamp() + $2 * interval '1 millisecond', attempts = attempts + 1
   FROM (
     SELECT id FROM notifications
     WHERE id = ANY($3::text[]) AND status = 'pending' AND way <> 'slack' AND due_at <= clock_timestamp()
       AND (leased_until IS NULL OR leased_until <= clock_timestamp())
     ORDER BY sequence FOR UPDATE SKIP LOCKED
   ) due WHERE n.id = due.id RETURNING n.id`,
);
const RENEW = statement(
  'notifications.renew',
  `UPDATE notifications SET leased_until = clock_timestamp() + $2 * interval '1 millisecond',
     wake_at = clock_timestamp() + $2 * interval '1 millisecond'
   WHERE id = ANY($3::text[]) AND lease_token = $1 AND status = 'pending' AND leased_until > clock_timestamp()`,
);
const READ = statement(
  'notifications.read_leased',
  `SELECT n.id, p.id AS page, p.number, p.summary, p.severity, n.urgency, p.state, p.schedule_id AS schedule,
     p.source, p.details, p.created_at AS "pageCreatedAt", n.reason, n.person, q.name AS "personName",
     q.email AS "personEmail", q.time_zone AS "timeZone", n.target, n.way, c.address,
     c.verified_at IS NOT NULL AS verified, n.attempts
   FROM notifications n
   JOIN pages p ON p.id = n.page_id
   LEFT JOIN people q ON q.id = n.person
   LEFT JOIN contact_methods c ON c.id = n.contact_method
   WHERE n.id = ANY($1::text[]) AND n.lease_token = $2 ORDER BY n.sequence`,
);
const ATTEMPT = statement(
  'notifications.attempt',
  `INSERT INTO notification_attempts (notification_id, number, started_at, duration_ms, outcome, error)
   SELECT id, attempts, $3::timestamptz, $4, $5, $6 FROM notifications WHERE id = $1 AND lease_token = $2
   ON CONFLICT DO NOTHING RETURNING number`,
);
const END = statement(
  'notifications.end',
  `UPDATE notifications SET status = $3, outcome = $4, error = $5, receipt = $6, wake_at = NULL, lease_token = NULL,
     leased_until = NULL, finished_at = clock_timestamp(), sent_at = CASE WHEN $3 = 'sent' THEN clock_timestamp() END
   WHERE id = $1 AND lease_token = $2 AND status = 'pending' RETURNING id`,
);
const AGAIN = statement(
  'notifications.again',
  `UPDATE notifications SET outcome = $4, error = $5, lease_token = NULL, leased_until = NULL,
     due_at = clock_timestamp() + $3 * interval '1 millisecond',
     wake_at = clock_timestamp() + $3 * interval '1 millisecond'
   WHERE id = $1 AND lease_token = $2 AND status = 'pending' RETURNING id`,
);
const STATE = statement('notifications.page_state', 'SELECT state FROM pages WHERE id = $1');

/** Takes those of these notifications that are due and free, for so long. */
export async function leaseNotifications(
  tx: Transaction,
  ids: readonly string[],
  lease: { readonly token: string; readonly leaseMs: number },
): Promise<LeasedNotification[]> {
  const taken = await tx.query<{ id: string }>(LEASE, [lease.token, lease.leaseMs, ids]);
  if (taken.length === 0) return [];
  return tx.query<LeasedNotification>(READ, [taken.map((row) => row.id), lease.token]);
}

/** Holds on to those of these notifications whose lease is not over, for so long from now. */
export async function renewNotifications(
  queryable: Queryable,
  ids: readonly string[],
  lease: { readonly token: string; readonly leaseMs: number },
): Promise<void> {
  await queryable.query(RENEW, [lease.token, lease.leaseMs, ids]);
}

/** Stores how a try went. False when the lease was lost meanwhile: whoever has it now says how it goes on. */
export async function settleNotification(tx: Transaction, attempt: SentAttempt): Promise<boolean> {
  const { notification, token, outcome, error, next } = attempt;
  const started = toTimestamp(attempt.startedAt);
  const noted = await tx.query(ATTEMPT, [
    notification,
    token,
    started,
    Math.round(attempt.durationMs),
    outcome,
    error,
  ]);
  if (noted.length === 0) return false;
  const rows =
    'status' in next
      ? await tx.query(END, [notification, token, next.status, outcome, error, attempt.receipt])
      : await tx.query(AGAIN, [notification, token, next.afterMs, outcome, error]);
  return rows.length === 1;
}

/** The state of a page at this moment; null when it is gone. */
export async function statePage(
  queryable: Queryable,
  page: string,
): Promise<LeasedNotification['state'] | null> {
  const [row] = await queryable.query<{ state: LeasedNotification['state'] }>(STATE, [page]);
  return row?.state ?? null;
}

// Links that answer a page -----------------------------------------------------------------------------------------

export interface PageLinkRow {
  readonly page: string;
  readonly person: string | null;
  readonly usedAt: Instant | null;
}

const ADD_LINK = statement(
  'page-links.add',
  'INSERT INTO page_links (hash, page_id, person, expires_at) VALUES ($1, $2, $3, $4::timestamptz)',
);
const FIND_LINK = statement(
  'page-links.find',
  `SELECT page_id AS page, person, used_at AS "usedAt" FROM page_links
   WHERE hash = $1 AND expires_at > clock_timestamp()`,
);
const USE_LINK = statement(
  'page-links.use',
  'UPDATE page_links SET used_at = coalesce(used_at, clock_timestamp()) WHERE hash = $1',
);

export async function addPageLink(
  queryable: Queryable,
  link: {
    readonly hash: Uint8Array;
    readonly page: string;
    readonly person: string | null;
    readonly expiresAt: Instant;
  },
): Promise<void> {
  await queryable.query(ADD_LINK, [link.hash, link.page, link.person, toTimestamp(link.expiresAt)]);
}

/** The link with this hash, unless its time is over. */
export async function findPageLink(queryable: Queryable, hash: Uint8Array): Promise<PageLinkRow | null> {
  return (await queryable.query<PageLinkRow>(FIND_LINK, [hash]))[0] ?? null;
}

export async function markPageLinkUsed(queryable: Queryable, hash: Uint8Array): Promise<void> {
  await queryable.query(USE_LINK, [hash]);
}
