import type { Instant } from '@watchbill/core';
import { columns } from '../columns.ts';
import type { Transaction } from '../connection.ts';
import { toTimestamp } from '../instants.ts';
import { statement } from '../statement.ts';
import type { AbsenceRow } from './absences.ts';

/** An absence that a calendar gave; the key names it there. */
export interface FeedAbsenceRow extends AbsenceRow {
  readonly feedKey: string;
}

const HOLD_PERSON = statement(
  'feed-absences.hold-person',
  'SELECT id FROM people WHERE id = $1 FOR NO KEY UPDATE',
);
const LIVE = statement(
  'feed-absences.live',
  `SELECT id, person, starts_at AS "startsAt", ends_at AS "endsAt", reason, origin, created_by AS "createdBy",
     created_at AS "createdAt", cancelled_at AS "cancelledAt", feed_key AS "feedKey"
   FROM absences WHERE person = $1 AND feed_key IS NOT NULL AND cancelled_at IS NULL
     AND ends_at > $2::timestamptz ORDER BY id FOR UPDATE`,
);
const ADD = statement(
  'feed-absences.add',
  `INSERT INTO absences (id, person, starts_at, ends_at, reason, origin, created_by, created_at, feed_key)
   SELECT id, $5, starts_at, ends_at, NULL, 'feed', $6, $7::timestamptz, feed_key
   FROM unnest($1::text[], $2::timestamptz[], $3::timestamptz[], $4::text[])
     AS row (id, starts_at, ends_at, feed_key)`,
);
const CANCEL = statement(
  'feed-absences.cancel',
  'UPDATE absences SET cancelled_at = $2::timestamptz WHERE id = ANY($1::text[])',
);

/** Holds a person until the end of the transaction, so that one calendar is written at a time. False for nobody. */
export async function holdPerson(tx: Transaction, person: string): Promise<boolean> {
  return (await tx.query(HOLD_PERSON, [person])).length > 0;
}

/** What the calendar of a person gave that has not ended and is not cancelled; held until the transaction ends. */
export function holdFeedAbsences(tx: Transaction, person: string, after: Instant): Promise<FeedAbsenceRow[]> {
  return tx.query<FeedAbsenceRow>(LIVE, [person, toTimestamp(after)]);
}

/** Writes absences of one person at one instant. */
export async function addFeedAbsences(tx: Transaction, rows: readonly FeedAbsenceRow[]): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const values = columns(rows, [
    (row) => row.id,
    (row) => toTimestamp(row.startsAt),
    (row) => toTimestamp(row.endsAt),
    (row) => row.feedKey,
  ]);
  await tx.query(ADD, [...values, first.person, first.createdBy, toTimestamp(first.createdAt)]);
}

export async function cancelFeedAbsences(
  tx: Transaction,
  ids: readonly string[],
  now: Instant,
): Promise<void> {
  if (ids.length > 0) await tx.query(CANCEL, [ids, toTimestamp(now)]);
}
