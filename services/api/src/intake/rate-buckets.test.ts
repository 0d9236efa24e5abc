import { expect, it } from 'vitest';
import { createRateBuckets } from './rate-buckets.ts';

it('a caller may send so many in a minute, and goes on as time does', () => {
  let now = 0;
  const buckets = createRateBuckets(() => now);
  const takes = (caller: string, count: number) =>
    Array.from({ length: count }, () => buckets.take(caller, 60)).filter((wait) => wait === 0).length;
  expect(takes('a', 70)).toBe(60);
  expect(buckets.take('a', 60)).toBe(1);
  expect(takes('b', 70)).toBe(60);
  now += 10_000;
  expect(takes('a', 70)).toBe(10);
  now += 3_600_000;
  expect(takes('a', 70)).toBe(60);
});

it('a slow limit says how long to wait', () => {
  const buckets = createRateBuckets(() => 0);
  expect(buckets.take('a', 2)).toBe(0);
  expect(buckets.take('a', 2)).toBe(0);
  expect(buckets.take('a', 2)).toBe(30);
});

it('remembers a bounded number of callers', () => {
  const buckets = createRateBuckets(() => 0);
  buckets.take('first', 1);
  for (let at = 0; at < 20_000; at += 1) buckets.take(`caller ${at}`, 1);
  expect(buckets.take('first', 1)).toBe(0);
});
