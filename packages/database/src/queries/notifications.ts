import type { ChannelTarget, Instant, Urgency } from '@watchbill/core';
import { columns } from '../columns.ts';
import type { Queryable, Transaction } from '../connection.ts';
import { toTimestamp } from '../instants.ts';
import { statement } from '../statement.ts';

export const NOTIFICATION_STATUSES = ['pending', 'sent', 'failed', 'cancelled'] as const;
export type NotificationStatus = (typeof NOTIFICATION_STATUSES)[number];

/** One notice to one person by one way, or to a channel or address. All instants are real time. */
export interface NotificationRow {
  readonly id: string;
  readonly page: string;
  readonly round: number;
  readonly pass: number;
  /** The number of the step that fired (`PageStepRow.number`); null for a handover. */
  readonly number: number | null;
  readonly reason: 'step' | 'handover';
  readonly person: string | null;
  readonly target: ChannelTarget | null;
  /** `slack`, `email`, …; null where the person has no way at all: such a row has failed from the start. */
  readonly way: string | null;
  readonly contactMethod: string | null;
  readonly urgency: Urgency;
  readonly status: NotificationStatus;
  readonly dueAt: Instant;
  readonly attempts: number;
  readonly outcome: string | null;
  readonly error: string | null;
  /** What the other side calls it: a message id. */
  readonly receipt: string | null;
  readonly createdAt: Instant;
  readonly sentAt: Instant | null;
  readonly finishedAt: Instant | null;
}

export type NewNotification = Pick<
  NotificationRow,
  | 'id'
  | 'page'
  | 'round'
  | 'pass'
  | 'number'
  | 'reason'
  | 'person'
  | 'target'
  | 'way'
  | 'contactMethod'
  | 'urgency'
  | 'dueAt'
  | 'createdAt'
>;

/** The columns of a `NotificationRow`, of the table `notifications`. */
export const NOTIFICATION_COLUMNS = `id, page_id AS page, round, pass, number, reason, person, target, way,
  contact_method AS "contactMethod", urgency, status, due_at AS "dueAt", attempts, outcome, error, receipt,
  created_at AS "createdAt", sent_at AS "sentAt", finished_at AS "finishedAt"`;

const INSERT = statement(
  'notifications.insert',
  `INSERT INTO notifications (id, page_id, round, pass, number, reason, person, target, way, contact_method, urgency,
     due_at, wake_at, created_at, status, outcome, finished_at)
   SELECT id, page_id, round, pass, number, reason, person, target, way, contact_method, urgency, due_at,
     CASE WHEN way IS NULL THEN NULL WHEN due_at > created_at THEN due_at
       ELSE clock_timestamp() + $14 * interval '1 millisecond' END,
     created_at,
     CASE WHEN way IS NULL THEN 'failed' ELSE 'pending' END,
     CASE WHEN way IS NULL THEN 'no_way' END,
     CASE WHEN way IS NULL THEN created_at END
   FROM unnest($1::text[], $2::text[], $3::int[], $4::int[], $5::int[], $6::text[], $7::text[], $8::jsonb[],
       $9::text[], $10::text[], $11::text[], $12::timestamptz[], $13::timestamptz[]) WITH ORDINALITY
     AS row (id, page_id, round, pass, number, reason, person, target, way, contact_method, urgency, due_at,
       created_at, place)
   ORDER BY place`,
);
/** A row that somebody is sending at this moment is left to them. */
const CANCEL = statement(
  'notifications.cancel',
  `UPDATE notifications SET status = 'cancelled', wake_at = NULL, finished_at = clock_timestamp()
   WHERE page_id = $1 AND status = 'pending' AND (leased_until IS NULL OR leased_until <= clock_timestamp())`,
);
const OF_PAGE = statement(
  'notifications.of_page',
  `SELECT ${NOTIFICATION_COLUMNS} FROM notifications WHERE page_id = $1 ORDER BY sequence LIMIT $2`,
);
const OF_PERSON_IN_ROUND = statement(
  'notifications.people',
  `SELECT DISTINCT person FROM notifications WHERE page_id = $1 AND round = $2 AND person IS NOT NULL`,
);

/**
 * Writes notifications in their order. One without a way has failed from the start. What is due later is woken then;
 * what is due at once is woken again after `wakeAgainMs`, in case its wake-up is lost.
 */
export async function insertNotifications(
  tx: Transaction,
  rows: readonly NewNotification[],
  wakeAgainMs: number,
): Promise<void> {
  if (rows.length === 0) return;
  const values = columns(rows, [
    (row) => row.id,
    (row) => row.page,
    (row) => row.round,
    (row) => row.pass,
    (row) => row.number,
    (row) => row.reason,
    (row) => row.person,
    (row) => (row.target === null ? null : JSON.stringify(row.target)),
    (row) => row.way,
    (row) => row.contactMethod,
    (row) => row.urgency,
    (row) => toTimestamp(row.dueAt),
    (row) => toTimestamp(row.createdAt),
  ]);
  await tx.query(INSERT, [...values, wakeAgainMs]);
}

/** Cancels what is not sent yet of a page. */
export async function cancelNotifications(tx: Transaction, page: string): Promise<void> {
  await tx.query(CANCEL, [page]);
}

/** The notifications of a page in the order of their making; at most `limit`. */
export function notificationsOfPage(
  queryable: Queryable,
  page: string,
  limit: number,
): Promise<NotificationRow[]> {
  return queryable.query<NotificationRow>(OF_PAGE, [page, limit]);
}

/** Everybody who was told of a page in one of its rounds. */
export async function peopleToldInRound(
  queryable: Queryable,
  page: string,
  round: number,
): Promise<string[]> {
  const rows = await queryable.query<{ person: string }>(OF_PERSON_IN_ROUND, [page, round]);
  return rows.map((row) => row.person);
}
