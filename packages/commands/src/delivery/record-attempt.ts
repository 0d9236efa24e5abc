import {
  type AttemptRecord,
  clockNow,
  type Database,
  insertEvents,
  type LaneHead,
  type LaneLease,
  lockEndpoint,
  recordAttemptOf,
  type Transaction,
} from '@watchbill/database';
import { type Attempt, type AttemptVerdict, afterAttempt, type RetryPolicy } from './attempt.ts';
import { markDisabled } from './disable-endpoint.ts';

/** How much of an answer is told in an event. */
const TOLD_CHARACTERS = 300;

/** What an attempt led to, or `lost` when the lane is another worker's now and nothing was written. */
export type RecordOutcome = AttemptVerdict | { readonly kind: 'lost' };

/**
 * Stores an attempt, moves its delivery on and, where the receiver is gone or no retry is left, disables the endpoint
 * and tells its owner: all in one transaction, and only while the lease holds.
 */
export async function recordAttempt(
  database: Database,
  lease: LaneLease,
  made: { readonly head: LaneHead; readonly attempt: Attempt; readonly policy: RetryPolicy },
): Promise<RecordOutcome> {
  const number = made.head.attempts + 1;
  const verdict = afterAttempt(made.attempt, number, made.policy);
  const record = recordOf(made.head.delivery, number, { attempt: made.attempt, verdict });
  const reason = disabledBy(verdict);
  if (verdict.kind === 'dropped') {
    return database.transaction(async (tx) => {
      if (!(await recordAttemptOf(tx, lease, record))) return { kind: 'lost' as const };
      await tellDropped(tx, { lease, head: made.head, attempt: made.attempt });
      return verdict;
    });
  }
  if (reason === null) return (await recordAttemptOf(database, lease, record)) ? verdict : { kind: 'lost' };
  return database.transaction(async (tx) => {
    // The endpoint is locked before the lane, as everywhere.
    const endpoint = await lockEndpoint(tx, lease.endpoint);
    if (!(await recordAttemptOf(tx, lease, record))) return { kind: 'lost' as const };
    if (endpoint !== null) await markDisabled(tx, endpoint, reason);
    return verdict;
  });
}

/** Tells whoever listens that one delivery was given up, and others go on. */
async function tellDropped(
  tx: Transaction,
  { lease, head, attempt }: { readonly lease: LaneLease; readonly head: LaneHead; readonly attempt: Attempt },
): Promise<void> {
  const now = await clockNow(tx);
  const type = 'delivery.dropped';
  await insertEvents(tx, [
    {
      key: `${type}.${head.delivery}`,
      type,
      schedule: null,
      occurredAt: now,
      publishedAt: now,
      data: {
        ...{ endpoint: lease.endpoint, url: head.url, delivery: head.delivery },
        event: { id: head.event.id, type: head.event.type },
        outcome: attempt.outcome,
        statusCode: attempt.statusCode,
        answer: (attempt.error ?? attempt.responseExcerpt)?.slice(0, TOLD_CHARACTERS) ?? null,
      },
    },
  ]);
}

function disabledBy(verdict: AttemptVerdict): 'gone' | 'retries_exhausted' | 'refused' | null {
  switch (verdict.kind) {
    case 'gone':
      return 'gone';
    case 'exhausted':
      return 'retries_exhausted';
    case 'refused':
      return 'refused';
    case 'done':
    case 'retry':
    case 'dropped':
      return null;
  }
}

function recordOf(
  delivery: string,
  number: number,
  { attempt, verdict }: { readonly attempt: Attempt; readonly verdict: AttemptVerdict },
): AttemptRecord {
  const { retryAfterMs: _asked, incurable: _why, ...stored } = attempt;
  return {
    ...stored,
    delivery,
    number,
    status: statusAfter(verdict),
    nextInMs: verdict.kind === 'retry' ? verdict.delayMs : null,
  };
}

function statusAfter(verdict: AttemptVerdict): AttemptRecord['status'] {
  switch (verdict.kind) {
    case 'done':
      return 'succeeded';
    case 'exhausted':
    case 'dropped':
      return 'failed';
    case 'retry':
    case 'gone':
    case 'refused':
      return 'pending';
  }
}
