import type { Instant } from '@watchbill/core';
import type { EventEnvelope } from '@watchbill/events';
import type { Queryable, Transaction } from '../connection.ts';
import { isoInstant } from '../events.ts';
import { newId } from '../ids.ts';
import { toTimestamp } from '../instants.ts';
import { statement } from '../statement.ts';
import type { EndpointSecret } from './endpoints.ts';
import type { LaneId } from './fan-out.ts';
import type { ProviderKind } from './providers.ts';

/** A lane in the hands of one worker. The token fences: whoever comes without it changes nothing. */
export interface LaneLease extends LaneId {
  readonly token: string;
  /** How long it holds without being renewed, in milliseconds of real time. */
  readonly leaseMs: number;
}

/** The first pending delivery of a lane with all that is needed to send it. */
export interface LaneHead {
  readonly delivery: string;
  readonly attempts: number;
  /** Milliseconds until it may be tried; 0 when it is due. */
  readonly dueInMs: number;
  readonly endpointStatus: 'active' | 'disabled';
  readonly url: string;
  readonly secrets: readonly EndpointSecret[];
  readonly event: EventEnvelope;
  /** Where the endpoint is a provider to which pages are forwarded. */
  readonly provider: { readonly kind: ProviderKind; readonly sealedKey: string | null } | null;
}

/** What an attempt leaves behind: the row of the attempt and the new state of its delivery. */
export interface AttemptRecord {
  readonly delivery: string;
  readonly number: number;
  readonly startedAt: Instant;
  readonly durationMs: number;
  readonly outcome: string;
  readonly statusCode: number | null;
  readonly responseExcerpt: string | null;
  readonly error: string | null;
  readonly status: 'pending' | 'succeeded' | 'failed';
  /** The wait before the next attempt, in milliseconds from now; null when none is planned. */
  readonly nextInMs: number | null;
}

const LEASE = statement(
  'lanes.lease',
  `UPDATE delivery_lanes SET lease_token = $3,
     leased_until = clock_timestamp() + $4 * interval '1 millisecond',
     wake_at = clock_timestamp() + $4 * interval '1 millisecond'
   WHERE endpoint_id = $1 AND lane = $2 AND (leased_until IS NULL OR leased_until <= clock_timestamp())
   RETURNING 1 AS leased`,
);
const RENEW = statement(
  'lanes.renew',
  `UPDATE delivery_lanes SET leased_until = clock_timestamp() + $4 * interval '1 millisecond',
     wake_at = clock_timestamp() + $4 * interval '1 millisecond'
   WHERE endpoint_id = $1 AND lane = $2 AND lease_token = $3
   RETURNING 1 AS leased`,
);
const LOCK = statement(
  'lanes.lock',
  'SELECT 1 AS held FROM delivery_lanes WHERE endpoint_id = $1 AND lane = $2 AND lease_token = $3 FOR UPDATE',
);
const RELEASE = statement(
  'lanes.release',
  `UPDATE delivery_lanes SET lease_token = NULL, leased_until = NULL,
     wake_at = clock_timestamp() + $3 * interval '1 millisecond'
   WHERE endpoint_id = $1 AND lane = $2`,
);
const HEAD = statement(
  'lanes.head',
  `SELECT d.id AS delivery, d.attempts, n.status AS "endpointStatus", n.url, n.secrets,
     ceil(greatest(0, coalesce(extract(epoch FROM d.next_attempt_at - clock_timestamp()) * 1000, 0)))::bigint AS "dueInMs",
     e.id, e.type, e.schedule_id AS schedule, e.occurred_at AS "occurredAt", e.published_at AS "publishedAt", e.data,
     CASE WHEN p.id IS NOT NULL THEN jsonb_build_object('kind', p.kind, 'sealedKey', p.sealed_key) END AS provider
   FROM deliveries AS d
   JOIN events AS e ON e.id = d.event_id
   JOIN endpoints AS n ON n.id = d.endpoint_id
   LEFT JOIN providers AS p ON p.id = n.id
   WHERE d.endpoint_id = $1 AND d.lane = $2 AND d.status = 'pending'
   ORDER BY d.sequence LIMIT 1`,
);
// One statement, so that a delivered event costs one round trip: nothing is written unless the lease still holds.
const RECORD = statement(
  'lanes.record_attempt',
  `WITH held AS (
     UPDATE delivery_lanes SET leased_until = clock_timestamp() + $4 * interval '1 millisecond',
       wake_at = clock_timestamp() + $4 * interval '1 millisecond'
     WHERE endpoint_id = $1 AND lane = $2 AND lease_token = $3
     RETURNING 1
   ), tried AS (
     INSERT INTO attempts (delivery_id, number, started_at, duration_ms, outcome, status_code, response_excerpt, error)
     SELECT $5::text, $6::integer, $7::timestamptz, $8::integer, $9::text, $10::integer, $11::text, $12::text FROM held
   ), moved AS (
     UPDATE deliveries SET attempts = $6::integer, status = $13::text,
       next_attempt_at = clock_timestamp() + $14::double precision * interval '1 millisecond',
       finished_at = CASE WHEN $13::text = 'pending' THEN NULL ELSE clock_timestamp() END
     FROM held WHERE id = $5::text AND status = 'pending'
   )
   SELECT 1 AS held FROM held`,
);
const REPLAY = statement(
  'deliveries.replay',
  `INSERT INTO deliveries (id, endpoint_id, event_id, lane, replay_of)
   SELECT $2, endpoint_id, event_id, lane, id FROM deliveries WHERE id = $1`,
);
const LANE_OF = statement(
  'deliveries.lane_of',
  'SELECT endpoint_id AS endpoint, lane FROM deliveries WHERE id = $1',
);
const FIGURES = statement(
  'deliveries.figures',
  `SELECT n.status AS "endpointStatus", count(*) AS pending,
     extract(epoch FROM clock_timestamp() - min(d.created_at))::double precision AS "oldestSeconds"
   FROM deliveries AS d JOIN endpoints AS n ON n.id = d.endpoint_id
   WHERE d.status = 'pending' GROUP BY n.status`,
);

/** Takes a lane that nobody holds. False when somebody does, or there is no such lane. */
export async function leaseLane(queryable: Queryable, lease: LaneLease): Promise<boolean> {
  return (await queryable.query(LEASE, leaseValues(lease))).length === 1;
}

/** Holds a lane for longer. False when somebody else has taken it. */
export async function renewLane(queryable: Queryable, lease: LaneLease): Promise<boolean> {
  return (await queryable.query(RENEW, leaseValues(lease))).length === 1;
}

/** Makes sure until the end of the transaction that the lane is still ours. False when it is not. */
export async function lockLane(tx: Transaction, { endpoint, lane, token }: LaneLease): Promise<boolean> {
  return (await tx.query(LOCK, [endpoint, lane, token])).length === 1;
}

/** Gives a locked lane back, to be woken after `wakeInMs` of real time, or (null) when something new is written. */
export async function releaseLockedLane(
  tx: Transaction,
  lane: LaneId,
  wakeInMs: number | null,
): Promise<void> {
  await tx.query(RELEASE, [lane.endpoint, lane.lane, wakeInMs]);
}

type HeadRow = Omit<LaneHead, 'event'> &
  Omit<EventEnvelope, 'occurredAt' | 'publishedAt'> & {
    readonly occurredAt: Instant;
    readonly publishedAt: Instant;
  };

/** What comes next in a lane, or null when nothing is pending. */
export async function laneHead(queryable: Queryable, { endpoint, lane }: LaneId): Promise<LaneHead | null> {
  const [row] = await queryable.query<HeadRow>(HEAD, [endpoint, lane]);
  if (row === undefined) return null;
  const { id, type, schedule, occurredAt, publishedAt, data, ...head } = row;
  const times = { occurredAt: isoInstant(occurredAt), publishedAt: isoInstant(publishedAt) };
  return { ...head, event: { id, type, schedule, data, ...times } };
}

/** Stores an attempt and moves its delivery on, and renews the lease. False, and nothing written, when it is lost. */
export async function recordAttemptOf(
  queryable: Queryable,
  lease: LaneLease,
  record: AttemptRecord,
): Promise<boolean> {
  const rows = await queryable.query(RECORD, [
    ...leaseValues(lease),
    record.delivery,
    record.number,
    toTimestamp(record.startedAt),
    record.durationMs,
    record.outcome,
    record.statusCode,
    record.responseExcerpt,
    record.error,
    record.status,
    record.nextInMs,
  ]);
  return rows.length === 1;
}

/** Writes a pending delivery of the same event to the same endpoint, at the end of its lane. Returns its id. */
export async function insertReplay(tx: Transaction, delivery: string): Promise<string> {
  const id = newId('dlv');
  await tx.query(REPLAY, [delivery, id]);
  return id;
}

/** The lane of a delivery, or null when there is no such delivery. */
export async function laneOfDelivery(queryable: Queryable, delivery: string): Promise<LaneId | null> {
  const [row] = await queryable.query<LaneId>(LANE_OF, [delivery]);
  return row ?? null;
}

export interface DeliveryFigures {
  readonly endpointStatus: 'active' | 'disabled';
  readonly pending: number;
  readonly oldestSeconds: number;
}

/** How many deliveries are pending and how old the oldest is, for endpoints that are active and disabled. */
export function deliveryFigures(queryable: Queryable): Promise<DeliveryFigures[]> {
  return queryable.query<DeliveryFigures>(FIGURES);
}

function leaseValues({ endpoint, lane, token, leaseMs }: LaneLease): readonly unknown[] {
  return [endpoint, lane, token, leaseMs];
}
