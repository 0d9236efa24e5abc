import type { Queryable, Transaction } from '../connection.ts';
import { statement } from '../statement.ts';

const OUTBOX = statement(
  'prune.outbox',
  `DELETE FROM outbox WHERE id IN (
     SELECT id FROM outbox WHERE published_at < clock_timestamp() - $1 * interval '1 millisecond'
     ORDER BY published_at LIMIT $2
   ) RETURNING 1`,
);
const BOUNDARIES = statement(
  'prune.boundaries',
  `DELETE FROM boundaries WHERE id IN (
     SELECT id FROM boundaries WHERE applied_at < clock_now() - $1 * interval '1 millisecond'
     ORDER BY applied_at LIMIT $2
   ) RETURNING 1`,
);
const IDEMPOTENCY_KEYS = statement(
  'prune.idempotency_keys',
  `DELETE FROM idempotency_keys WHERE (actor, key) IN (
     SELECT actor, key FROM idempotency_keys WHERE created_at < clock_timestamp() - $1 * interval '1 millisecond'
     ORDER BY created_at LIMIT $2
   ) RETURNING 1`,
);
/**
 * The oldest events of the stream that nobody waits for any more; a disabled endpoint does not count, or it would keep
 * them for ever. Positions grow with time, so they are walked.
 */
const OLD_EVENTS = statement(
  'prune.old_events',
  `SELECT id FROM (
     SELECT id, published_at FROM events WHERE position IS NOT NULL ORDER BY position LIMIT $2
   ) AS oldest
   WHERE published_at < clock_now() - $1 * interval '1 millisecond'
     AND NOT EXISTS (
       SELECT FROM deliveries AS d JOIN endpoints AS n ON n.id = d.endpoint_id
       WHERE d.event_id = oldest.id AND d.status = 'pending' AND n.status = 'active'
     )`,
);
/** Lanes of pages that were over long ago; whoever writes into one at this moment keeps it by its wake-up. */
const PAGE_LANES = statement(
  'prune.page_lanes',
  `DELETE FROM delivery_lanes WHERE wake_at IS NULL AND leased_until IS NULL AND (endpoint_id, lane) IN (
     SELECT l.endpoint_id, l.lane FROM delivery_lanes AS l JOIN providers AS p ON p.id = l.endpoint_id
     WHERE l.wake_at IS NULL AND l.leased_until IS NULL
       AND NOT EXISTS (SELECT FROM pages AS g WHERE g.id = l.lane AND (g.state <> 'resolved'
         OR g.resolved_at > clock_timestamp() - $1 * interval '1 millisecond'))
       AND NOT EXISTS (SELECT FROM deliveries AS d
         WHERE d.endpoint_id = l.endpoint_id AND d.lane = l.lane AND d.status = 'pending')
     LIMIT $2
   ) RETURNING 1`,
);
const ATTEMPTS_OF = statement(
  'prune.attempts_of',
  `DELETE FROM attempts AS a USING deliveries AS d
   WHERE a.delivery_id = d.id AND d.event_id = ANY($1::text[])`,
);
const DELIVERIES_OF = statement(
  'prune.deliveries_of',
  'DELETE FROM deliveries WHERE event_id = ANY($1::text[]) RETURNING 1',
);
const EVENTS = statement('prune.events', 'DELETE FROM events WHERE id = ANY($1::text[])');
/** What belongs to a page goes with it. */
const PAGES = statement(
  'prune.pages',
  `DELETE FROM pages WHERE id IN (
     SELECT id FROM pages WHERE state = 'resolved' AND resolved_at < clock_timestamp() - $1 * interval '1 millisecond'
     ORDER BY resolved_at LIMIT $2
   ) RETURNING 1`,
);

export interface PruneBound {
  /** Rows older than this go, in ms. */
  readonly olderThanMs: number;
  /** At most this many at once. */
  readonly limit: number;
}

/** Deletes outbox rows that were published long ago. Returns how many. */
export function pruneOutbox(queryable: Queryable, bound: PruneBound): Promise<number> {
  return pruned(queryable, OUTBOX, bound);
}

/** Deletes boundaries that were applied long ago, by the clock of the schedules. Returns how many. */
export function pruneBoundaries(queryable: Queryable, bound: PruneBound): Promise<number> {
  return pruned(queryable, BOUNDARIES, bound);
}

/** Deletes stored answers of commands. Returns how many. */
export function pruneIdempotencyKeys(queryable: Queryable, bound: PruneBound): Promise<number> {
  return pruned(queryable, IDEMPOTENCY_KEYS, bound);
}

/** Deletes old events with their finished deliveries and attempts, by the clock of the schedules. */
export async function pruneEvents(
  tx: Transaction,
  bound: PruneBound,
): Promise<{ readonly events: number; readonly deliveries: number }> {
  const rows = await tx.query<{ id: string }>(OLD_EVENTS, [bound.olderThanMs, bound.limit]);
  if (rows.length === 0) return { events: 0, deliveries: 0 };
  const ids = rows.map((row) => row.id);
  await tx.query(ATTEMPTS_OF, [ids]);
  const deliveries = await tx.query(DELIVERIES_OF, [ids]);
  await tx.query(EVENTS, [ids]);
  return { events: ids.length, deliveries: deliveries.length };
}

/** Deletes pages that were resolved long ago, with their logs and notifications. Returns how many. */
export function prunePages(queryable: Queryable, bound: PruneBound): Promise<number> {
  return pruned(queryable, PAGES, bound);
}

/** Deletes the lanes by which pages that are over were forwarded. Returns how many. */
export function prunePageLanes(queryable: Queryable, bound: PruneBound): Promise<number> {
  return pruned(queryable, PAGE_LANES, bound);
}

async function pruned(
  queryable: Queryable,
  which: typeof OUTBOX,
  { olderThanMs, limit }: PruneBound,
): Promise<number> {
  return (await queryable.query(which, [olderThanMs, limit])).length;
}
