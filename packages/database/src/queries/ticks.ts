import type { Instant } from '@watchbill/core';
import type { Queryable, Transaction } from '../connection.ts';
import { statement } from '../statement.ts';

/** What the ticker needs to know before it sleeps. */
export interface NextDue {
  /** By the clock of the schedules. */
  readonly now: Instant;
  /** How many times faster than real time that clock runs. */
  readonly factor: number;
  /** The earliest boundary that has not fired, in whatever schedule; null when there is none. */
  readonly dueAt: Instant | null;
}

/** How many boundaries fired this long after they were due, in ms of the schedules' clock. */
export interface FiredLateness {
  readonly lateMs: number;
  readonly count: number;
}

/** How much was woken again because its wake-up had no effect. */
export interface WakesRepeated {
  readonly schedules: number;
  readonly events: number;
  readonly lanes: number;
}

/** How schedules are handed to the worker. */
export interface WakePlan {
  /** After so long, in ms of real time, they are woken again if nothing was applied. */
  readonly wakeAgainMs: number;
  /** How many schedules go into one job. */
  readonly perJob: number;
}

const NEXT_DUE = statement(
  'ticks.next_due',
  `SELECT clock_now() AS now, coalesce((SELECT factor FROM clock), 1) AS factor,
     (SELECT min(next_due_at) FROM schedule_cursors) AS "dueAt"`,
);
/** The scalar subquery is read once, so that the index is searched and not walked. */
const LOCK_DUE = statement(
  'ticks.lock_due',
  `SELECT schedule_id AS schedule FROM schedule_cursors
   WHERE next_due_at <= (SELECT clock_now())
   ORDER BY next_due_at, schedule_id LIMIT $1
   FOR UPDATE SKIP LOCKED`,
);
/** gen_random_uuid: a wake-up is never the same as an earlier one. */
const FIRE = statement(
  'ticks.fire',
  `WITH moment AS MATERIALIZED (
     SELECT clock_now() AS now
   ), fired AS (
     UPDATE boundaries AS b SET fired_at = (SELECT now FROM moment)
     WHERE b.schedule_id = ANY($1::text[]) AND b.fired_at IS NULL AND b.due_at <= (SELECT now FROM moment)
     RETURNING b.fired_at - b.due_at AS late
   ), moved AS (
     UPDATE schedule_cursors AS c SET
       next_due_at = (
         SELECT min(b.due_at) FROM boundaries AS b
         WHERE b.schedule_id = c.schedule_id AND b.fired_at IS NULL AND b.due_at > (SELECT now FROM moment)
       ),
       wake_at = clock_timestamp() + $2 * interval '1 millisecond'
     WHERE c.schedule_id = ANY($1::text[])
   ), told AS (
     INSERT INTO outbox (key, queue, name, payload)
     SELECT 'boundaries.' || gen_random_uuid(), 'boundaries', 'boundaries.due',
       jsonb_build_object('schedules', jsonb_agg(schedule ORDER BY place))
     FROM unnest($1::text[]) WITH ORDINALITY AS each (schedule, place)
     GROUP BY (place - 1) / $3::int ORDER BY min(place)
   )
   SELECT (extract(epoch FROM late) * 1000)::double precision AS "lateMs", count(*)::int AS count
   FROM fired GROUP BY late`,
);
const WAKE_SCHEDULES = statement(
  'ticks.wake_schedules',
  `WITH overdue AS (
     SELECT schedule_id FROM schedule_cursors WHERE wake_at <= (SELECT clock_timestamp())
     ORDER BY wake_at LIMIT $1 FOR UPDATE SKIP LOCKED
   ), moved AS (
     UPDATE schedule_cursors AS c SET wake_at = clock_timestamp() + $2 * interval '1 millisecond'
     FROM overdue WHERE c.schedule_id = overdue.schedule_id
     RETURNING c.schedule_id
   ), told AS (
     INSERT INTO outbox (key, queue, name, payload)
     SELECT 'boundaries.' || gen_random_uuid(), 'boundaries', 'boundaries.due',
       jsonb_build_object('schedules', jsonb_agg(schedule_id))
     FROM (SELECT schedule_id, (row_number() OVER (ORDER BY schedule_id) - 1) / $3::int AS part FROM moved) AS parted
     GROUP BY part
   )
   SELECT count(*)::int AS woken FROM moved`,
);
/**
 * Nobody tells when an event got no position, so the sweep sets the time itself when it first sees one without, and
 * the fan-out clears it with every batch. While the fan-out holds the head there is nothing to wake.
 */
const WAKE_FAN_OUT = statement(
  'ticks.wake_fan_out',
  `WITH waiting AS MATERIALIZED (
     SELECT id, type, schedule_id FROM events WHERE position IS NULL ORDER BY sequence LIMIT 1
   ), head AS MATERIALIZED (
     SELECT wake_at FROM stream_head
     WHERE (wake_at IS NULL OR wake_at <= clock_timestamp()) AND EXISTS (SELECT FROM waiting)
     FOR UPDATE SKIP LOCKED
   ), moved AS (
     UPDATE stream_head SET wake_at = clock_timestamp() + $1 * interval '1 millisecond'
     WHERE EXISTS (SELECT FROM head)
   ), told AS (
     INSERT INTO outbox (key, queue, name, payload)
     SELECT 'event.' || waiting.id || '.' || gen_random_uuid(), 'events', waiting.type,
       jsonb_build_object('id', waiting.id, 'type', waiting.type, 'schedule', waiting.schedule_id)
     FROM waiting, head WHERE head.wake_at IS NOT NULL
     RETURNING 1
   )
   SELECT count(*)::int AS woken FROM told`,
);
const WAKE_LANES = statement(
  'ticks.wake_lanes',
  `WITH overdue AS (
     SELECT endpoint_id, lane FROM delivery_lanes
     WHERE wake_at <= (SELECT clock_timestamp())
       AND (leased_until IS NULL OR leased_until <= (SELECT clock_timestamp()))
     ORDER BY wake_at LIMIT $1 FOR UPDATE SKIP LOCKED
   ), moved AS (
     UPDATE delivery_lanes AS l SET wake_at = clock_timestamp() + $2 * interval '1 millisecond'
     FROM overdue WHERE l.endpoint_id = overdue.endpoint_id AND l.lane = overdue.lane
     RETURNING l.endpoint_id, l.lane
   ), told AS (
     INSERT INTO outbox (key, queue, name, payload)
     SELECT 'lane.' || gen_random_uuid(), 'deliveries', 'lane.due',
       jsonb_build_object('endpoint', endpoint_id, 'lane', lane)
     FROM moved
   )
   SELECT count(*)::int AS woken FROM moved`,
);

/** When the ticker has to look again. */
export async function nextDue(queryable: Queryable): Promise<NextDue> {
  const [row] = await queryable.query<NextDue>(NEXT_DUE);
  if (row === undefined) throw new Error('the database told no time');
  return row;
}

/** Takes up to `limit` schedules with something due, oldest first, passing over those that another one holds. */
export async function lockDueSchedules(tx: Transaction, limit: number): Promise<string[]> {
  const rows = await tx.query<{ schedule: string }>(LOCK_DUE, [limit]);
  return rows.map((row) => row.schedule);
}

/**
 * Fires everything due of locked schedules, moves their cursors on and writes wake-ups, `perJob` schedules in each.
 * Call it in a statement of its own after `lockDueSchedules`, so that it sees what the last holder of the cursors did.
 */
export function fireDueBoundaries(
  tx: Transaction,
  schedules: readonly string[],
  { wakeAgainMs, perJob }: WakePlan,
): Promise<FiredLateness[]> {
  return tx.query<FiredLateness>(FIRE, [schedules, wakeAgainMs, perJob]);
}

/** Writes new wake-ups for schedules whose last one had no effect in time, `perJob` of them in each. */
export async function wakeOverdueSchedules(
  queryable: Queryable,
  limit: number,
  { wakeAgainMs, perJob }: WakePlan,
): Promise<number> {
  return woken(await queryable.query<{ woken: number }>(WAKE_SCHEDULES, [limit, wakeAgainMs, perJob]));
}

/** Writes a new wake-up for the fan-out when events have waited for their position too long. */
export async function wakeOverdueFanOut(queryable: Queryable, wakeAgainMs: number): Promise<number> {
  return woken(await queryable.query<{ woken: number }>(WAKE_FAN_OUT, [wakeAgainMs]));
}

/** Writes wake-ups for delivery lanes that are due: a retry, or a wake-up or a worker that was lost. */
export async function wakeOverdueLanes(
  queryable: Queryable,
  limit: number,
  wakeAgainMs: number,
): Promise<number> {
  return woken(await queryable.query<{ woken: number }>(WAKE_LANES, [limit, wakeAgainMs]));
}

function woken(rows: readonly { readonly woken: number }[]): number {
  return rows[0]?.woken ?? 0;
}
