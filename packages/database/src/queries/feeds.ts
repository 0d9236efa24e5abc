import type { Instant } from '@watchbill/core';
import type { Queryable } from '../connection.ts';
import { toTimestamp } from '../instants.ts';
import { statement } from '../statement.ts';

/** A secret calendar address, as it may be shown: exactly one of `schedule` and `person` is set. */
export interface FeedRow {
  readonly id: string;
  readonly schedule: string | null;
  readonly person: string | null;
  readonly createdBy: string;
  readonly createdAt: Instant;
  readonly revokedAt: Instant | null;
}

/** A shift as a calendar shows it, cancelled ones included. */
export interface FeedShiftRow {
  readonly id: string;
  readonly schedule: string;
  readonly role: string;
  readonly person: string;
  readonly personName: string | null;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  readonly status: 'active' | 'cancelled';
  /** Counts the changes of this shift. */
  readonly sequence: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

const COLUMNS = `id, schedule_id AS schedule, person, created_by AS "createdBy", created_at AS "createdAt",
  revoked_at AS "revokedAt"`;
const SHIFT_COLUMNS = `s.id, s.schedule_id AS schedule, s.role, s.person, p.name AS "personName",
  s.starts_at AS "startsAt", s.ends_at AS "endsAt", s.status, s.sequence, s.created_at AS "createdAt",
  s.updated_at AS "updatedAt"`;

const INSERT = statement(
  'feeds.insert',
  `INSERT INTO feeds (id, hash, schedule_id, person, created_by, created_at)
   VALUES ($1, $2, $3, $4, $5, clock_timestamp())`,
);
const FIND_BY_HASH = statement(
  'feeds.find_by_hash',
  `SELECT ${COLUMNS} FROM feeds WHERE hash = $1 AND revoked_at IS NULL`,
);
const FIND = statement('feeds.find', `SELECT ${COLUMNS} FROM feeds WHERE id = $1`);
const LIST = statement('feeds.list', `SELECT ${COLUMNS} FROM feeds WHERE id > $1 ORDER BY id LIMIT $2`);
const REVOKE = statement(
  'feeds.revoke',
  'UPDATE feeds SET revoked_at = clock_timestamp() WHERE id = $1 AND revoked_at IS NULL',
);
const COUNT_LIVE = statement(
  'feeds.count_live',
  'SELECT count(*)::integer AS count FROM feeds WHERE revoked_at IS NULL',
);
const SHIFTS_OF_SCHEDULE = statement(
  'feeds.shifts_of_schedule',
  // Two halves, because each has an index of its own.
  `SELECT ${SHIFT_COLUMNS} FROM (
     (SELECT * FROM shifts WHERE schedule_id = $1 AND status = 'active' AND ends_at > $2::timestamptz
      ORDER BY ends_at, id LIMIT $3)
     UNION ALL
     (SELECT * FROM shifts WHERE schedule_id = $1 AND status = 'cancelled' AND ends_at > $2::timestamptz
      ORDER BY ends_at, id LIMIT $3)
   ) s LEFT JOIN people p ON p.id = s.person
   ORDER BY s.ends_at, s.id LIMIT $3`,
);
const SHIFTS_OF_PERSON = statement(
  'feeds.shifts_of_person',
  `SELECT ${SHIFT_COLUMNS} FROM shifts s LEFT JOIN people p ON p.id = s.person
   WHERE s.person = $1 AND s.ends_at > $2::timestamptz ORDER BY s.ends_at, s.id LIMIT $3`,
);

export interface NewFeed {
  readonly id: string;
  /** SHA-256 of the secret part of the address. */
  readonly hash: Uint8Array;
  readonly schedule: string | null;
  readonly person: string | null;
  readonly createdBy: string;
}

export async function insertFeed(queryable: Queryable, feed: NewFeed): Promise<void> {
  await queryable.query(INSERT, [feed.id, feed.hash, feed.schedule, feed.person, feed.createdBy]);
}

/** The feed with this hash, if it is not revoked. */
export async function findFeedByHash(queryable: Queryable, hash: Uint8Array): Promise<FeedRow | null> {
  const [row] = await queryable.query<FeedRow>(FIND_BY_HASH, [hash]);
  return row ?? null;
}

export async function findFeed(queryable: Queryable, id: string): Promise<FeedRow | null> {
  const [row] = await queryable.query<FeedRow>(FIND, [id]);
  return row ?? null;
}

/** Feeds after this id, in the order of ids, which is the order of making. */
export function listFeeds(queryable: Queryable, after: string, limit: number): Promise<FeedRow[]> {
  return queryable.query<FeedRow>(LIST, [after, limit]);
}

export async function revokeFeedRow(queryable: Queryable, id: string): Promise<void> {
  await queryable.query(REVOKE, [id]);
}

/** How many feeds are not revoked. */
export async function countLiveFeeds(queryable: Queryable): Promise<number> {
  const [row] = await queryable.query<{ count: number }>(COUNT_LIVE);
  return row?.count ?? 0;
}

/** The shifts of a feed that end after an instant, soonest end first, cancelled ones included. */
export function feedShifts(
  queryable: Queryable,
  feed: Pick<FeedRow, 'schedule' | 'person'>,
  window: { readonly from: Instant; readonly limit: number },
): Promise<FeedShiftRow[]> {
  const [text, key] =
    feed.schedule === null ? [SHIFTS_OF_PERSON, feed.person] : [SHIFTS_OF_SCHEDULE, feed.schedule];
  return queryable.query<FeedShiftRow>(text, [key, toTimestamp(window.from), window.limit]);
}
