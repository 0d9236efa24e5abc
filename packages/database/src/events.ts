import type { Instant } from '@watchbill/core';
import type { EventFacts, EventType } from '@watchbill/events';
import { columns, inChunks } from './columns.ts';
import type { Transaction } from './connection.ts';
import { newId } from './ids.ts';
import { toTimestamp } from './instants.ts';
import { statement } from './statement.ts';

/**
 * A transaction that writes more events than this, a herd of handoffs or a long plan, tells many of them in one job:
 * a job costs far more than an event in it.
 */
export const EVENTS_TOLD_ALONE = 20;
export const EVENTS_PER_JOB = 100;

/** An event published more than this after it was due is marked `late`. */
export const LATE_AFTER_MS = 60_000;

/**
 * An event to be written. `key` makes it the same event when it is written twice (`shift.started.<shift>.<due ms>`);
 * no `:` in it. `data` holds the facts of the catalogue only: `dueAt`, `publishedAt` and `late` are added here.
 * `occurredAt` is the instant it was due, `publishedAt` the instant of writing, both by the same clock.
 */
export type NewEvent = {
  [T in EventType]: {
    readonly key: string;
    readonly type: T;
    readonly schedule: string | null;
    readonly occurredAt: Instant;
    readonly publishedAt: Instant;
    readonly data: EventFacts<T>;
  };
}[EventType];

const INSERT = statement(
  'events.insert',
  `WITH written AS (
     INSERT INTO events (id, key, type, schedule_id, occurred_at, published_at, data)
     SELECT id, key, type, schedule_id, occurred_at, published_at, data
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::jsonb[])
       WITH ORDINALITY AS row (id, key, type, schedule_id, occurred_at, published_at, data, place)
     ORDER BY place
     ON CONFLICT (key) DO NOTHING
     RETURNING id, type, schedule_id, sequence
   ), told AS (
     INSERT INTO outbox (key, queue, name, payload)
     SELECT 'event.' || min(id), 'events',
       CASE count(*) WHEN 1 THEN min(type) ELSE 'events.written' END,
       CASE count(*) WHEN 1 THEN jsonb_agg(fact) -> 0 ELSE jsonb_build_object('events', jsonb_agg(fact ORDER BY sequence)) END
     FROM (
       SELECT id, type, sequence, jsonb_build_object('id', id, 'type', type, 'schedule', schedule_id) AS fact,
         (row_number() OVER (ORDER BY sequence) - 1) / CASE WHEN count(*) OVER () > $8::int THEN $9::int ELSE 1 END AS job
       FROM written
     ) AS each
     GROUP BY job ORDER BY job
     RETURNING 1
   )
   SELECT id FROM written ORDER BY sequence`,
);

/**
 * Writes events in their order, with their outbox rows for the queue `events`: one for each, named after its type, or
 * `events.written` for up to EVENTS_PER_JOB of them where there are many. An event whose key is there already
 * is left as it is. Returns the ids of the events written now.
 */
export async function insertEvents(tx: Transaction, events: readonly NewEvent[]): Promise<string[]> {
  const ids: string[] = [];
  await inChunks(events, async (chunk) => {
    const values = columns(chunk, [
      () => newId('evt'),
      (event) => event.key,
      (event) => event.type,
      (event) => event.schedule,
      (event) => toTimestamp(event.occurredAt),
      (event) => toTimestamp(event.publishedAt),
      (event) => JSON.stringify(eventData(event)),
    ]);
    const rows = await tx.query<{ id: string }>(INSERT, [...values, EVENTS_TOLD_ALONE, EVENTS_PER_JOB]);
    for (const row of rows) ids.push(row.id);
  });
  return ids;
}

/** What consumers get: the facts, when the event was due and published, and whether that was late. */
function eventData(event: NewEvent): Record<string, unknown> {
  return {
    ...event.data,
    dueAt: isoInstant(event.occurredAt),
    publishedAt: isoInstant(event.publishedAt),
    late: event.publishedAt - event.occurredAt > LATE_AFTER_MS,
  };
}

/** ISO-8601 UTC, with milliseconds only when they are not zero: how instants are written outside. */
export function isoInstant(instant: Instant): string {
  return toTimestamp(instant).replace('.000Z', 'Z');
}
