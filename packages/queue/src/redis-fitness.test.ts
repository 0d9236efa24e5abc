import { expect, test } from 'vitest';
import { redisProblems } from './redis-fitness.ts';

const info = (fields: Record<string, string>): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name}:${value}`)
    .join('\r\n');

test('a current Redis that keeps everything is fit', () => {
  for (const version of ['6.2.0', '7.0.15', '8.0.1', '10.1.0']) {
    expect(redisProblems(info({ redis_version: version, maxmemory_policy: 'noeviction' }))).toEqual([]);
  }
});

test('an old Redis is not fit', () => {
  expect(redisProblems(info({ redis_version: '6.0.16' }))[0]).toContain('6.2 or newer');
  expect(redisProblems(info({ redis_version: '5.0.7' }))[0]).toContain('too old');
  expect(redisProblems('')[0]).toContain('unknown version');
});

test('a Redis that evicts or loads is not fit', () => {
  expect(redisProblems(info({ redis_version: '7.2.0', maxmemory_policy: 'allkeys-lru' }))[0]).toContain(
    'allkeys-lru',
  );
  expect(redisProblems(info({ redis_version: '7.2.0', loading: '1' }))).toHaveLength(1);
});

test('a Valkey is judged by its policy only', () => {
  const valkey = { redis_version: '7.2.4', valkey_version: '8.1.0', maxmemory_policy: 'volatile-lru' };
  expect(redisProblems(info(valkey))).toHaveLength(1);
});
