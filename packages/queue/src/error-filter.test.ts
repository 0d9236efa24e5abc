import { expect, test } from 'vitest';
import { filterErrors } from './error-filter.ts';

test('the same message passes once a minute, another one at once', () => {
  let now = 0;
  const told: string[] = [];
  const filter = filterErrors(
    (error) => void told.push(error.message),
    () => now,
  );
  filter(new Error('refused'));
  filter(new Error('refused'));
  filter(new Error('reset'));
  now = 60_000;
  filter(new Error('refused'));
  expect(told).toEqual(['refused', 'reset', 'refused']);
});
