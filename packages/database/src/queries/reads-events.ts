import type { Instant } from '@watchbill/core';
import type { Queryable } from '../connection.ts';
import { statement } from '../statement.ts';

/** An event that has its place in the stream. */
export interface PositionedEventRow {
  readonly id: string;
  readonly type: string;
  readonly schedule: string | null;
  readonly occurredAt: Instant;
  readonly publishedAt: Instant;
  readonly data: Readonly<Record<string, unknown>>;
  readonly position: number;
}

/** A stretch of the stream. `head` and `oldest` are positions at the very moment of the reading. */
export interface EventStretch {
  readonly events: readonly PositionedEventRow[];
  /** Go on after this position: nothing that was asked for lies between it and `after`, but what is in `events`. */
  readonly next: number;
  /** The newest position that was given. */
  readonly head: number;
  /** The oldest position that is still kept; null when nothing is. */
  readonly oldest: number | null;
}

/** How far one reading looks at most, so that a rare type cannot make it walk through years of events. */
const MAX_SCANNED = 20_000;

/*
 * One statement sees one moment. Positions are given under the lock of `stream_head`, together with the new head,
 * so every event up to `head` is visible here: whoever goes on from `head` skips nothing.
 */
const AFTER = statement(
  'reads.events.after',
  `SELECT h.position AS head, (SELECT min(position) FROM events WHERE position IS NOT NULL) AS oldest,
     e.id, e.type, e.schedule_id AS schedule, e.occurred_at AS "occurredAt", e.published_at AS "publishedAt",
     e.data, e.position
   FROM stream_head h
   LEFT JOIN LATERAL (
     SELECT * FROM events
     WHERE position > $1::bigint AND position <= least(h.position, $1::bigint + ${MAX_SCANNED})
       AND ($2::text IS NULL OR type = $2)
       AND ($3::text[] IS NULL OR type ^@ ANY ($3))
       AND ($4::text IS NULL OR schedule_id = $4)
     ORDER BY position LIMIT $5
   ) e ON true
   ORDER BY e.position`,
);

type Row = { readonly head: number; readonly oldest: number | null } & {
  [K in keyof PositionedEventRow]: PositionedEventRow[K] | null;
};

/**
 * Events after a position, in the order of the stream. `type` is one type (`shift.started`), a family (`shift.*`) or
 * `*`; null takes all. `families` are beginnings of types (`shift.`), any of which will do.
 */
export async function eventsAfter(
  queryable: Queryable,
  reading: {
    readonly after: number;
    readonly type: string | null;
    readonly families?: readonly string[];
    readonly schedule: string | null;
    readonly limit: number;
  },
): Promise<EventStretch> {
  const { after, schedule, limit } = reading;
  const type = reading.type === '*' ? null : reading.type;
  const isFamily = type?.endsWith('.*') === true;
  const families = isFamily ? [type.slice(0, -1)] : (reading.families ?? null);
  const values = [after, isFamily ? null : type, families, schedule, limit];
  const rows = await queryable.query<Row>(AFTER, values);
  const events = rows.flatMap(({ head: _head, oldest: _oldest, ...event }) =>
    event.id === null ? [] : [event as PositionedEventRow],
  );
  const head = rows[0]?.head ?? 0;
  const scannedTo = Math.max(after, Math.min(head, after + MAX_SCANNED));
  const next = events.length === limit ? (events.at(-1)?.position ?? scannedTo) : scannedTo;
  return { events, next, head, oldest: rows[0]?.oldest ?? null };
}
