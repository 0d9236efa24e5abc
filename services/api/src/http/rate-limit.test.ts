import { describe, expect, it } from 'vitest';
import { createRateLimiter } from './rate-limit.ts';

describe('createRateLimiter', () => {
  it('lets so many through in a minute, and again in the next', () => {
    let now = 0;
    const limiter = createRateLimiter(2, () => now);
    expect(limiter.count('a')).toEqual({ exceeded: false, remaining: 1, resetSeconds: 60 });
    now = 59_001;
    expect(limiter.count('a')).toEqual({ exceeded: false, remaining: 0, resetSeconds: 1 });
    expect(limiter.count('a')).toMatchObject({ exceeded: true, remaining: 0 });
    expect(limiter.count('b').exceeded).toBe(false);
    now = 60_000;
    expect(limiter.count('a')).toEqual({ exceeded: false, remaining: 1, resetSeconds: 60 });
  });

  it('forgets the oldest callers rather than grow', () => {
    const limiter = createRateLimiter(1, () => 0);
    limiter.count('first');
    for (let i = 0; i < 9_999; i += 1) limiter.count(`caller ${i}`);
    expect(limiter.count('first').exceeded).toBe(true);
    limiter.count('one more');
    expect(limiter.count('first').exceeded).toBe(false);
    expect(limiter.count('one more').exceeded).toBe(true);
  });
});
