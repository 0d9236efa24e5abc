import type { Instant } from '@watchbill/core';
import type { Queryable } from '../connection.ts';
import { statement } from '../statement.ts';

/** A request that runs out soon and is still open. */
export interface ExpiringSwap {
  readonly id: string;
  readonly state: 'open' | 'accepted';
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
}

const EXPIRING = statement(
  'slack-due.expiring',
  `SELECT id, state, created_at AS "createdAt", expires_at AS "expiresAt" FROM swaps
   WHERE state IN ('open', 'accepted') AND expires_at > clock_now()
     AND expires_at <= clock_now() + $1 * interval '1 millisecond'
   ORDER BY expires_at, id LIMIT $2`,
);

/** Requests that run out within `withinMs` of the schedules' clock, the next first; at most `limit`. */
export function swapsExpiringWithin(
  queryable: Queryable,
  withinMs: number,
  limit: number,
): Promise<ExpiringSwap[]> {
  return queryable.query<ExpiringSwap>(EXPIRING, [withinMs, limit]);
}
