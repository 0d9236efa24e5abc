import type { Queryable, Transaction } from '../connection.ts';
import { statement } from '../statement.ts';
import type { NotificationRow } from './notifications.ts';

/** Told whenever a notification for Slack is written. */
export const SLACK_CHANNEL = 'watchbill_slack';

/** A notification of the way `slack` in the hands of one bot. */
export interface LeasedSlackNotification {
  readonly id: string;
  readonly page: string;
  readonly person: string | null;
  readonly target: NotificationRow['target'];
  readonly attempts: number;
}

/** How a notification ended. `receipt`: where the message is. */
export interface SettledNotification {
  readonly status: 'sent' | 'failed' | 'cancelled';
  readonly outcome: string;
  readonly receipt: string | null;
}

const LEASE = statement(
  'slack-notifications.lease',
  `UPDATE notifications n SET lease_token = $1, leased_until = clock_timestamp() + $2 * interval '1 millisecond'
   FROM (
     SELECT id FROM notifications
     WHERE way = 'slack' AND status = 'pending' AND due_at <= clock_timestamp()
       AND (leased_until IS NULL OR leased_until <= clock_timestamp())
     ORDER BY due_at, sequence LIMIT $3 FOR UPDATE SKIP LOCKED
   ) due WHERE n.id = due.id
   RETURNING n.id, n.page_id AS page, n.person, n.target, n.attempts`,
);
const SETTLE = statement(
  'slack-notifications.settle',
  `UPDATE notifications SET status = $2, outcome = $3, receipt = $4, attempts = attempts + 1, wake_at = NULL,
     lease_token = NULL, leased_until = NULL, finished_at = clock_timestamp(),
     sent_at = CASE WHEN $2 = 'sent' THEN clock_timestamp() END
   WHERE id = $1 AND way = 'slack' AND status = 'pending' RETURNING id`,
);
const NOTE = statement(
  'slack-notifications.note',
  `UPDATE notifications SET outcome = $2, attempts = attempts + 1,
     leased_until = CASE WHEN $3::float8 IS NULL THEN leased_until
       ELSE clock_timestamp() + $3::float8 * interval '1 millisecond' END
   WHERE id = $1 AND way = 'slack' AND status = 'pending'`,
);
const NEXT = statement(
  'slack-notifications.next',
  `SELECT (extract(epoch FROM min(greatest(due_at, coalesce(leased_until, due_at))) - clock_timestamp()) * 1000)::float8
     AS "inMs"
   FROM notifications WHERE way = 'slack' AND status = 'pending'`,
);

/** Takes up to `limit` notifications for Slack that are due, the longest due first. */
export function leaseSlackNotifications(
  tx: Transaction,
  want: { readonly token: string; readonly leaseMs: number; readonly limit: number },
): Promise<LeasedSlackNotification[]> {
  return tx.query<LeasedSlackNotification>(LEASE, [want.token, want.leaseMs, want.limit]);
}

/** Ends a notification. False when it was ended already. */
export async function settleSlackNotification(
  queryable: Queryable,
  id: string,
  end: SettledNotification,
): Promise<boolean> {
  return (await queryable.query(SETTLE, [id, end.status, end.outcome, end.receipt])).length === 1;
}

/** Notes how an attempt went that does not end it; `againMs`: look again after so long, and not when the lease ends. */
export async function noteSlackNotification(
  queryable: Queryable,
  id: string,
  { outcome, againMs }: { readonly outcome: string; readonly againMs: number | null },
): Promise<void> {
  await queryable.query(NOTE, [id, outcome, againMs]);
}

/** Milliseconds until a notification for Slack is due or its lease runs out; null when none waits. */
export async function nextSlackNotificationMs(queryable: Queryable): Promise<number | null> {
  const [row] = await queryable.query<{ inMs: number | null }>(NEXT);
  return row?.inMs ?? null;
}
