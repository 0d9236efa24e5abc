import type { AttemptOutcome } from '@watchbill/events';

/** How much of an answer is kept with an attempt, in bytes. */
export const MAX_EXCERPT_BYTES = 1024;

/** One try to send a delivery, as it went. */
export interface Attempt {
  readonly outcome: AttemptOutcome;
  /** Of an HTTP answer; null where there was none. */
  readonly statusCode: number | null;
  readonly startedAt: number;
  readonly durationMs: number;
  /** The first bytes of the answer as text, without control characters. */
  readonly responseExcerpt: string | null;
  /** What went wrong, for people, where there was no answer. */
  readonly error: string | null;
  /** How long the receiver asked us to stay away; null if it did not. */
  readonly retryAfterMs: number | null;
  /**
   * Of a provider that said so: no repetition would help. `refused`: it does not take our key. `dropped`: it does not
   * take this one request.
   */
  readonly incurable?: 'refused' | 'dropped' | undefined;
}

/**
 * What is due after an attempt. `done`: delivered. `retry`: again after `delayMs`. `gone`: the receiver said 410, so
 * the endpoint is disabled and the delivery stays pending. `exhausted`: no retry is left, the delivery has failed and
 * the endpoint is disabled. `refused`: the endpoint is disabled, too, and the delivery stays pending, until somebody
 * enters another key and enables it. `dropped`: the event can never be sent, so the delivery has failed and the lane goes on.
 */
export type AttemptVerdict =
  | { readonly kind: 'done' }
  | { readonly kind: 'retry'; readonly delayMs: number }
  | { readonly kind: 'gone' }
  | { readonly kind: 'exhausted' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'dropped' };

export interface RetryPolicy {
  /**
   * The wait before each attempt, in milliseconds, counted from the end of the one before. The first entry belongs to
   * the first attempt. As many attempts are made as there are entries.
   */
  readonly delaysMs: readonly number[];
  /** A number in [0, 1) that spreads the retries of many lanes. */
  readonly random: number;
}

/** A receiver may ask for a pause up to this long; more is cut. */
export const RETRY_AFTER_CAP_MS = 24 * 3_600_000;

/** Up to this part of a wait is added to it at random. */
const JITTER_SHARE = 0.1;
const STATUS_GONE = 410;

/** Decides what follows the attempt with this number, counted from 1. */
export function afterAttempt(
  attempt: Pick<Attempt, 'outcome' | 'statusCode' | 'retryAfterMs' | 'incurable'>,
  number: number,
  policy: RetryPolicy,
): AttemptVerdict {
  if (attempt.outcome === 'delivered') return { kind: 'done' };
  if (attempt.incurable !== undefined) return { kind: attempt.incurable };
  if (attempt.outcome === 'too_large') return { kind: 'dropped' };
  if (attempt.statusCode === STATUS_GONE) return { kind: 'gone' };
  const planned = policy.delaysMs[number];
  if (planned === undefined) return { kind: 'exhausted' };
  const asked = Math.min(attempt.retryAfterMs ?? 0, RETRY_AFTER_CAP_MS);
  const jittered = planned * (1 + JITTER_SHARE * policy.random);
  return { kind: 'retry', delayMs: Math.round(Math.max(jittered, asked)) };
}
