import type { Instant } from '@watchbill/core';
import type { Queryable } from '../connection.ts';
import { statement } from '../statement.ts';

/** A calendar of absences that this process may poll now, until its lease runs out. */
export interface LeasedFeed {
  readonly person: string;
  /** Null where the configuration names none any more: what it gave is to be taken back. */
  readonly url: string | null;
  readonly timeZone: string;
  readonly etag: string | null;
  readonly lastModified: string | null;
  /** How long ago it was last read whole, in milliseconds of real time; null for never. */
  readonly readAgoMs: number | null;
  readonly failures: number;
  readonly leaseToken: string;
}

/** What is known of the calendar of a person who has an address in the configuration. Times are real. */
export interface FeedStatusRow {
  readonly person: string;
  /** When it was last asked, and when it was last read whole; null for never. */
  readonly polledAt: Instant | null;
  readonly readAt: Instant | null;
  readonly nextPollAt: Instant | null;
  /** Null before the first poll. */
  readonly outcome: string | null;
  readonly detail: string | null;
  /** In a row, since the last time it went well. */
  readonly failures: number;
}

/** How a poll ended, as it is kept. */
export interface PolledFeed {
  readonly person: string;
  readonly leaseToken: string;
  /** A stable word: `read`, `unchanged`, or what went wrong. */
  readonly outcome: string;
  readonly detail: string | null;
  readonly failures: number;
  /** From now, in real time. */
  readonly nextPollMs: number;
  /** What the server named the version it gave; null where it was not read whole now. */
  readonly version: { readonly etag: string | null; readonly lastModified: string | null } | null;
}

/**
 * Everybody whom a team, or a schedule in use, names: now or by a revision that takes effect later. Whoever is gone
 * from the configuration stays known for what they stood, and is asked for no more.
 */
const NAMED = `WITH named AS MATERIALIZED (
     SELECT said #>> '{}' AS id FROM schedules s JOIN schedule_revisions r ON r.schedule_id = s.id
       AND (r.effective_at > clock_now() OR r.revision = (SELECT max(o.revision) FROM schedule_revisions o
         WHERE o.schedule_id = s.id AND o.effective_at <= clock_now()))
     CROSS JOIN LATERAL jsonb_path_query(r.definition, '$.rotations[*].*.** ? (@.type() == "string")') AS said
     WHERE s.retired_at IS NULL
     UNION
     SELECT said #>> '{}' FROM teams t CROSS JOIN LATERAL jsonb_path_query(t.definition, '$.*[*]') AS said
   )`;
const ADDRESS = `CASE WHEN p.id IN (SELECT id FROM named) THEN p.definition->>'unavailableFeed' END`;
const HASH = `encode(sha256(convert_to(${ADDRESS} || ' ' || p.time_zone, 'UTF8')), 'hex')`;

/** New addresses and changed ones are due at once. */
const NOTE = statement(
  'absence-feeds.note',
  `${NAMED}
   INSERT INTO absence_feeds AS f (person, url_hash, next_poll_at)
   SELECT p.id, ${HASH}, clock_timestamp() FROM people p
   WHERE ${ADDRESS} IS NOT NULL
     AND NOT EXISTS (SELECT FROM absence_feeds known WHERE known.person = p.id AND known.url_hash = ${HASH})
   ORDER BY p.id
   ON CONFLICT (person) DO UPDATE SET url_hash = excluded.url_hash, etag = NULL, last_modified = NULL,
     read_at = NULL, failures = 0, next_poll_at = excluded.next_poll_at, lease_token = NULL, leased_until = NULL`,
);
const LEASE = statement(
  'absence-feeds.lease',
  `${NAMED}
   UPDATE absence_feeds f SET lease_token = $2 || '.' || f.person,
     leased_until = clock_timestamp() + $3 * interval '1 millisecond'
   FROM (SELECT d.person, ${ADDRESS} AS url, p.time_zone FROM absence_feeds d LEFT JOIN people p ON p.id = d.person
     WHERE (d.next_poll_at <= clock_timestamp() OR ${ADDRESS} IS NULL)
       AND (d.leased_until IS NULL OR d.leased_until <= clock_timestamp())
     ORDER BY d.next_poll_at, d.person LIMIT $1 FOR UPDATE OF d SKIP LOCKED) AS due
   WHERE f.person = due.person
   RETURNING f.person, due.url, coalesce(due.time_zone, 'UTC') AS "timeZone", f.etag,
     f.last_modified AS "lastModified", f.failures, f.lease_token AS "leaseToken",
     (extract(epoch FROM clock_timestamp() - f.read_at) * 1000)::bigint AS "readAgoMs"`,
);
const RECORD = statement(
  'absence-feeds.record',
  `UPDATE absence_feeds SET outcome = $3, detail = $4, failures = $5, polled_at = clock_timestamp(),
     next_poll_at = clock_timestamp() + $6 * interval '1 millisecond', lease_token = NULL, leased_until = NULL,
     etag = CASE WHEN $7 THEN $8 ELSE etag END, last_modified = CASE WHEN $7 THEN $9 ELSE last_modified END,
     read_at = CASE WHEN $7 THEN clock_timestamp() ELSE read_at END
   WHERE person = $1 AND lease_token = $2`,
);
const FORGET = statement(
  'absence-feeds.forget',
  'DELETE FROM absence_feeds WHERE person = $1 AND lease_token = $2',
);
const RELEASE = statement(
  'absence-feeds.release',
  'UPDATE absence_feeds SET lease_token = NULL, leased_until = NULL WHERE person = $1 AND lease_token = $2',
);

const STATUS = statement(
  'absence-feeds.status',
  `${NAMED}
   SELECT p.id AS person, f.polled_at AS "polledAt", f.read_at AS "readAt", f.next_poll_at AS "nextPollAt",
     f.outcome, f.detail, coalesce(f.failures, 0) AS failures
   FROM people p LEFT JOIN absence_feeds f ON f.person = p.id WHERE p.id = $1 AND ${ADDRESS} IS NOT NULL`,
);

/** What came of the calendar of a person; null for one who has none. */
export async function absenceFeedStatus(queryable: Queryable, person: string): Promise<FeedStatusRow | null> {
  const [row] = await queryable.query<FeedStatusRow>(STATUS, [person]);
  return row ?? null;
}

/** Takes up the addresses that people have in the configuration now; unchanged ones stay as they are. */
export async function noteAbsenceFeeds(queryable: Queryable): Promise<void> {
  await queryable.query(NOTE);
}

/** Takes up to `limit` feeds that are due, longest due first, for `leaseMs` of real time. Nobody else gets them. */
export function leaseAbsenceFeeds(
  queryable: Queryable,
  want: { readonly limit: number; readonly token: string; readonly leaseMs: number },
): Promise<LeasedFeed[]> {
  return queryable.query<LeasedFeed>(LEASE, [want.limit, want.token, want.leaseMs]);
}

/** Keeps how a poll ended and gives the lease back; nothing happens where another has the lease by now. */
export async function recordFeedPoll(queryable: Queryable, polled: PolledFeed): Promise<void> {
  const { person, leaseToken, outcome, detail, failures, nextPollMs, version } = polled;
  await queryable.query(RECORD, [
    ...[person, leaseToken, outcome, detail, failures, nextPollMs],
    ...[version !== null, version?.etag ?? null, version?.lastModified ?? null],
  ]);
}

/** Takes a feed away whose address is no more. */
export async function forgetAbsenceFeed(queryable: Queryable, feed: LeasedFeed): Promise<void> {
  await queryable.query(FORGET, [feed.person, feed.leaseToken]);
}

/** Gives a lease back without a poll. */
export async function releaseAbsenceFeed(queryable: Queryable, feed: LeasedFeed): Promise<void> {
  await queryable.query(RELEASE, [feed.person, feed.leaseToken]);
}
