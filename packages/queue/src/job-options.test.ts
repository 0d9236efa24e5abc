import { SETTING_DEFAULTS } from '@watchbill/runtime';
import { expect, test } from 'vitest';
import { defaultJobOptions, toBullJob } from './job-options.ts';

const settings = {
  prefix: SETTING_DEFAULTS.queuePrefix,
  lockMs: SETTING_DEFAULTS.lockMs,
  stalledMs: SETTING_DEFAULTS.stalledMs,
  attempts: SETTING_DEFAULTS.jobAttempts,
  backoffMs: SETTING_DEFAULTS.jobBackoffMs,
};

test('in PostgreSQL a finished job removes itself and nothing else', () => {
  expect(defaultJobOptions('postgres', settings)).toMatchObject({
    removeOnComplete: true,
    removeOnFail: true,
  });
});

test('in Redis finished jobs are bounded by age and number', () => {
  const options = defaultJobOptions('redis', settings);
  for (const kept of [options.removeOnComplete, options.removeOnFail]) {
    expect(kept).toMatchObject({ age: expect.any(Number), count: expect.any(Number) });
  }
});

test.each(['', 'a:b', '42', 'x'.repeat(301)])('the key %j is refused', (key) => {
  expect(() => toBullJob({ key, name: 'n', payload: {}, traceparent: null })).toThrow(RangeError);
});
