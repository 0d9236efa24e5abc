import type { Instant } from '@watchbill/core';
import type { Queryable } from '../connection.ts';
import { statement } from '../statement.ts';

/** A webhook endpoint without its secrets. */
export interface EndpointSummaryRow {
  readonly id: string;
  readonly url: string;
  readonly description: string;
  readonly eventTypes: readonly string[];
  readonly schedules: readonly string[] | null;
  readonly status: 'active' | 'disabled';
  readonly disabledReason: string | null;
  readonly createdBy: string;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** One event to one endpoint, as lists show it. */
export interface DeliverySummaryRow {
  readonly id: string;
  readonly sequence: number;
  readonly endpoint: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly schedule: string | null;
  readonly status: 'pending' | 'succeeded' | 'failed' | 'cancelled';
  readonly attempts: number;
  readonly nextAttemptAt: Instant | null;
  readonly replayOf: string | null;
  readonly createdAt: Instant;
  readonly finishedAt: Instant | null;
}

/** One try of a delivery. */
export interface AttemptRow {
  readonly number: number;
  readonly startedAt: Instant;
  readonly durationMs: number;
  readonly outcome: string;
  readonly statusCode: number | null;
  readonly responseExcerpt: string | null;
  readonly error: string | null;
}

const ENDPOINT = `id, url, description, event_types AS "eventTypes", schedule_ids AS schedules, status,
  disabled_reason AS "disabledReason", created_by AS "createdBy", created_at AS "createdAt",
  updated_at AS "updatedAt"`;
const DELIVERY = `d.id, d.sequence, d.endpoint_id AS endpoint, d.event_id AS "eventId", e.type AS "eventType",
  e.schedule_id AS schedule, d.status, d.attempts, d.next_attempt_at AS "nextAttemptAt",
  d.replay_of AS "replayOf", d.created_at AS "createdAt", d.finished_at AS "finishedAt"`;

const LIST_ENDPOINTS = statement(
  'reads.endpoints.list',
  `SELECT ${ENDPOINT} FROM endpoints WHERE id > $1 AND NOT EXISTS (SELECT FROM providers p WHERE p.id = endpoints.id)
   ORDER BY id LIMIT $2`,
);
const FIND_ENDPOINT = statement('reads.endpoints.find', `SELECT ${ENDPOINT} FROM endpoints WHERE id = $1`);
const LIST_DELIVERIES = statement(
  'reads.deliveries.list',
  `SELECT ${DELIVERY} FROM deliveries d JOIN events e ON e.id = d.event_id
   WHERE d.endpoint_id = $1 AND d.sequence < $2 AND ($3::text IS NULL OR d.status = $3)
   ORDER BY d.sequence DESC LIMIT $4`,
);
const FIND_DELIVERY = statement(
  'reads.deliveries.find',
  `SELECT ${DELIVERY} FROM deliveries d JOIN events e ON e.id = d.event_id WHERE d.id = $1`,
);
const ATTEMPTS = statement(
  'reads.attempts.list',
  `SELECT number, started_at AS "startedAt", duration_ms AS "durationMs", outcome, status_code AS "statusCode",
     response_excerpt AS "responseExcerpt", error
   FROM attempts WHERE delivery_id = $1 ORDER BY number`,
);

/** Endpoints after this id, in the order of ids, which is the order of making. */
export function pageEndpoints(
  queryable: Queryable,
  after: string,
  limit: number,
): Promise<EndpointSummaryRow[]> {
  return queryable.query<EndpointSummaryRow>(LIST_ENDPOINTS, [after, limit]);
}

export async function findEndpointSummary(
  queryable: Queryable,
  id: string,
): Promise<EndpointSummaryRow | null> {
  const [row] = await queryable.query<EndpointSummaryRow>(FIND_ENDPOINT, [id]);
  return row ?? null;
}

/** Deliveries of an endpoint, newest first, those before a sequence. */
export function pageDeliveries(
  queryable: Queryable,
  page: {
    readonly endpoint: string;
    readonly before: number;
    readonly status: string | null;
    readonly limit: number;
  },
): Promise<DeliverySummaryRow[]> {
  const { endpoint, before, status, limit } = page;
  return queryable.query<DeliverySummaryRow>(LIST_DELIVERIES, [endpoint, before, status, limit]);
}

export async function findDeliverySummary(
  queryable: Queryable,
  id: string,
): Promise<DeliverySummaryRow | null> {
  const [row] = await queryable.query<DeliverySummaryRow>(FIND_DELIVERY, [id]);
  return row ?? null;
}

/** Every attempt of a delivery, oldest first. */
export function listAttempts(queryable: Queryable, delivery: string): Promise<AttemptRow[]> {
  return queryable.query<AttemptRow>(ATTEMPTS, [delivery]);
}
