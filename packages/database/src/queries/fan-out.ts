import type { EventType } from '@watchbill/events';
import type { Queryable, Transaction } from '../connection.ts';
import { newId } from '../ids.ts';
import { statement } from '../statement.ts';

/** An event that has just got its place in the stream. */
export interface PositionedEvent {
  readonly id: string;
  readonly type: EventType;
  readonly schedule: string | null;
  readonly position: number;
  /** Of an event of a page. */
  readonly page: PageOfEvent | null;
  /** From the instant it was due to its writing, in milliseconds of the schedules' clock. */
  readonly lateMs: number;
}

/** What an event of a page says that decides where it is forwarded to. */
export interface PageOfEvent {
  readonly id: string;
  readonly intake: string | null;
  readonly dedupKey: string;
  readonly policy: string | null;
}

/** What an active endpoint wants to hear. */
export interface Subscription {
  readonly endpoint: string;
  readonly eventTypes: readonly string[];
  readonly schedules: readonly string[] | null;
  /** Where it is a provider to which pages are forwarded: of these policies, or (null) whatever `schedules` says. */
  readonly provider: { readonly policies: readonly string[] | null } | null;
}

export interface NewDelivery {
  readonly endpoint: string;
  readonly event: string;
  readonly lane: string;
}

export interface LaneId {
  readonly endpoint: string;
  readonly lane: string;
}

const ANY_WITHOUT_POSITION = statement(
  'fan_out.any_without_position',
  'SELECT EXISTS (SELECT FROM events WHERE id = ANY ($1::text[]) AND position IS NULL) AS some',
);
const LOCK_HEAD = statement('fan_out.lock_head', 'SELECT position FROM stream_head FOR UPDATE');
const POSITION = statement(
  'fan_out.position',
  `WITH taken AS (
     SELECT id, sequence FROM events WHERE position IS NULL ORDER BY sequence LIMIT $2
   ), placed AS (
     SELECT id, row_number() OVER (ORDER BY sequence) AS place FROM taken
   )
   UPDATE events AS e SET position = $1::bigint + placed.place FROM placed WHERE e.id = placed.id
   RETURNING e.id, e.type, e.schedule_id AS schedule, e.position,
     CASE WHEN e.type LIKE 'page.%' THEN jsonb_build_object(
       'id', e.data #> '{page,id}', 'intake', e.data #> '{page,intake}',
       'dedupKey', e.data #> '{page,dedupKey}', 'policy', e.data #> '{page,policy}') END AS page,
     (extract(epoch FROM e.published_at - e.occurred_at) * 1000)::double precision AS "lateMs"`,
);
const MOVE_HEAD = statement('fan_out.move_head', 'UPDATE stream_head SET position = $1, wake_at = NULL');
const SUBSCRIPTIONS = statement(
  'fan_out.subscriptions',
  `SELECT e.id AS endpoint, e.event_types AS "eventTypes", e.schedule_ids AS schedules,
     CASE WHEN p.id IS NOT NULL THEN jsonb_build_object('policies', p.policy_ids) END AS provider
   FROM endpoints e LEFT JOIN providers p ON p.id = e.id WHERE e.status = 'active' ORDER BY e.id`,
);
const LANES_THERE = statement(
  'fan_out.lanes_there',
  'SELECT endpoint_id AS endpoint, lane FROM delivery_lanes WHERE endpoint_id = ANY($1::text[]) AND lane = ANY($2::text[])',
);
const PAGES_THERE = statement('fan_out.pages_there', 'SELECT id FROM pages WHERE id = ANY($1::text[])');
const INSERT_DELIVERIES = statement(
  'fan_out.insert_deliveries',
  `INSERT INTO deliveries (id, endpoint_id, event_id, lane)
   SELECT id, endpoint_id, event_id, lane
   FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
     WITH ORDINALITY AS row (id, endpoint_id, event_id, lane, place)
   ORDER BY place
   ON CONFLICT (endpoint_id, event_id) WHERE replay_of IS NULL DO NOTHING`,
);
const WAKE_LANES = statement(
  'fan_out.wake_lanes',
  `INSERT INTO delivery_lanes AS l (endpoint_id, lane, wake_at)
   SELECT endpoint_id, lane, clock_timestamp() + $3 * interval '1 millisecond'
   FROM unnest($1::text[], $2::text[]) AS row (endpoint_id, lane)
   ORDER BY endpoint_id, lane
   ON CONFLICT (endpoint_id, lane) DO UPDATE SET wake_at = least(l.wake_at, excluded.wake_at)`,
);
/** Whether one of these events still waits for its place in the stream. */
export async function someWithoutPosition(queryable: Queryable, ids: readonly string[]): Promise<boolean> {
  const [row] = await queryable.query<{ some: boolean }>(ANY_WITHOUT_POSITION, [ids]);
  return row?.some ?? false;
}

/** Takes the head of the stream until the transaction ends; returns the position of the last event placed. */
export async function lockStreamHead(tx: Transaction): Promise<number> {
  const [row] = await tx.query<{ position: number }>(LOCK_HEAD);
  if (row === undefined) throw new Error('the stream has no head: is the database migrated?');
  return row.position;
}

/**
 * Gives the oldest events without a position the next ones after `head`. Call it in a statement of its own after
 * `lockStreamHead`, so that it sees what the last holder did.
 */
export async function positionEvents(
  tx: Transaction,
  head: number,
  limit: number,
): Promise<PositionedEvent[]> {
  const rows = await tx.query<PositionedEvent>(POSITION, [head, limit]);
  return rows.sort((a, b) => a.position - b.position);
}

/** The stream ends here now. */
export async function moveStreamHead(tx: Transaction, position: number): Promise<void> {
  await tx.query(MOVE_HEAD, [position]);
}

/** What the active endpoints want to hear, by endpoint. */
export function activeSubscriptions(queryable: Queryable): Promise<Subscription[]> {
  return queryable.query<Subscription>(SUBSCRIPTIONS);
}

/** Those lanes of these endpoints that there are: something was once written into them. */
export function lanesThere(
  queryable: Queryable,
  endpoints: readonly string[],
  lanes: readonly string[],
): Promise<LaneId[]> {
  return queryable.query<LaneId>(LANES_THERE, [endpoints, lanes]);
}

/** Those of the ids that are pages of this installation. */
export async function pagesThere(queryable: Queryable, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await queryable.query<{ id: string }>(PAGES_THERE, [ids]);
  return rows.map((row) => row.id);
}

/** Writes pending deliveries in their order. One that is there already is left as it is. */
export async function insertDeliveries(tx: Transaction, deliveries: readonly NewDelivery[]): Promise<void> {
  if (deliveries.length === 0) return;
  await tx.query(INSERT_DELIVERIES, [
    deliveries.map(() => newId('dlv')),
    deliveries.map((delivery) => delivery.endpoint),
    deliveries.map((delivery) => delivery.event),
    deliveries.map((delivery) => delivery.lane),
  ]);
}

/** Makes sure that the lanes are woken after `wakeAgainMs` at the latest if their wake-up is lost. */
export async function wakeLanes(
  tx: Transaction,
  lanes: readonly LaneId[],
  wakeAgainMs: number,
): Promise<void> {
  if (lanes.length === 0) return;
  await tx.query(WAKE_LANES, [
    lanes.map(({ endpoint }) => endpoint),
    lanes.map(({ lane }) => lane),
    wakeAgainMs,
  ]);
}
