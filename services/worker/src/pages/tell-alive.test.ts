import { expect, it } from 'vitest';
import { reasonForSilence } from './tell-alive.ts';

it.each([
  [{ tickAgeMs: 400, overdueMs: 0 }, null],
  [{ tickAgeMs: 29_000, overdueMs: 59_000 }, null],
  [{ tickAgeMs: null, overdueMs: 0 }, /no scheduler has ever run/],
  [{ tickAgeMs: 31_000, overdueMs: 0 }, /no scheduler for 31 s/],
  [{ tickAgeMs: 400, overdueMs: 61_000 }, /61 s late/],
])('%j is a reason for silence: %s', (age, expected) => {
  const reason = reasonForSilence(age);
  if (expected === null) expect(reason).toBe(null);
  else expect(reason).toMatch(expected);
});
