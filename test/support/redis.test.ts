import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redisAvailable, startRedis, type TestRedis } from './redis.ts';

describe.skipIf(!redisAvailable())('a Redis of our own', () => {
  let keeping: TestRedis | null;
  let forgetful: TestRedis | null;

  beforeAll(async () => {
    [keeping, forgetful] = await Promise.all([startRedis({ appendOnly: true }), startRedis()]);
  });
  afterAll(() => Promise.all([keeping?.stop(), forgetful?.stop()]));

  it('keeps what was acknowledged over kill -9 only when asked to', async () => {
    for (const redis of [keeping, forgetful]) {
      expect(await redis?.command('SET', 'shift', 'ana')).toBe('+OK\r\n');
      await redis?.kill();
      await redis?.restart();
    }
    expect(await keeping?.command('GET', 'shift')).toBe('$3\r\nana\r\n');
    expect(await forgetful?.command('GET', 'shift')).toBe('$-1\r\n');
  });

  it('forgets everything when flushed, and never evicts', async () => {
    await keeping?.flush();
    expect(await keeping?.command('DBSIZE')).toBe(':0\r\n');
    expect(await keeping?.command('CONFIG', 'GET', 'maxmemory-policy')).toContain('noeviction');
  });
});
