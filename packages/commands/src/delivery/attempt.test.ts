import { describe, expect, it } from 'vitest';
import { afterAttempt, RETRY_AFTER_CAP_MS } from './attempt.ts';

const failed = { outcome: 'status_5xx', statusCode: 503, retryAfterMs: null } as const;
const delaysMs = [0, 5_000, 300_000];

describe('afterAttempt', () => {
  it('walks the schedule, one entry for each attempt, and then gives up', () => {
    const verdicts = [1, 2, 3, 4].map((number) => afterAttempt(failed, number, { delaysMs, random: 0 }));
    expect(verdicts).toEqual([
      { kind: 'retry', delayMs: 5_000 },
      { kind: 'retry', delayMs: 300_000 },
      { kind: 'exhausted' },
      { kind: 'exhausted' },
    ]);
  });

  it('adds at most a tenth at random, and never takes away', () => {
    expect(afterAttempt(failed, 1, { delaysMs, random: 0.5 })).toEqual({ kind: 'retry', delayMs: 5_250 });
    expect(afterAttempt(failed, 1, { delaysMs, random: 1 - 1e-9 })).toEqual({
      kind: 'retry',
      delayMs: 5_500,
    });
  });

  it.each([
    [1_000, 5_000],
    [60_000, 60_000],
    [10 * RETRY_AFTER_CAP_MS, RETRY_AFTER_CAP_MS],
  ])('stays away for the longer of the schedule and Retry-After %i', (retryAfterMs, delayMs) => {
    const verdict = afterAttempt({ ...failed, retryAfterMs }, 1, { delaysMs, random: 0 });
    expect(verdict).toEqual({ kind: 'retry', delayMs });
  });

  it('does not give more attempts because a receiver asks for a pause', () => {
    const verdict = afterAttempt({ ...failed, retryAfterMs: 1_000 }, 3, { delaysMs, random: 0 });
    expect(verdict).toEqual({ kind: 'exhausted' });
  });

  it('knows success, gone and what can never be sent', () => {
    const policy = { delaysMs, random: 0 };
    const verdict = (outcome: 'delivered' | 'status_4xx' | 'too_large', statusCode: number | null) =>
      afterAttempt({ outcome, statusCode, retryAfterMs: null }, 1, policy).kind;
    expect(verdict('delivered', 204)).toBe('done');
    expect(verdict('status_4xx', 410)).toBe('gone');
    expect(verdict('status_4xx', 404)).toBe('retry');
    expect(verdict('too_large', null)).toBe('dropped');
  });
});
