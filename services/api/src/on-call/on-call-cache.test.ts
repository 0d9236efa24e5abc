import { describe, expect, it } from 'vitest';
import { createOnCallCache, type LoadSegment } from './on-call-cache.ts';

const LIMITS = { maxSchedules: 3, maxAgeMs: 1_000 };

function cacheWith(load: LoadSegment, clock = { ms: 0 }) {
  const cache = createOnCallCache(load, LIMITS, () => clock.ms);
  cache.setLive(true);
  return cache;
}

const segment = (json: string, from = 0, until = 100) => ({ from, until, json });

describe('createOnCallCache', () => {
  it('answers from memory inside the segment only', async () => {
    const cache = cacheWith(async () => segment('a', 10, 20));
    expect(await cache.load('s')).toBe('a');
    expect([9, 10, 19, 20].map((now) => cache.recall('s', now))).toEqual([undefined, 'a', 'a', undefined]);
  });

  it('remembers nothing about a schedule that is not there', async () => {
    const cache = cacheWith(async () => null);
    expect(await cache.load('s')).toBeNull();
    expect(cache.recall('s', 0)).toBeUndefined();
    expect(cache.size).toBe(0);
  });

  it('does not answer from memory while changes cannot reach it, nor from before', async () => {
    const cache = cacheWith(async () => segment('a'));
    await cache.load('s');
    cache.setLive(false);
    expect(cache.recall('s', 0)).toBeUndefined();
    await cache.load('s');
    expect(cache.recall('s', 0)).toBeUndefined();
    cache.setLive(true);
    expect(cache.recall('s', 0)).toBeUndefined();
  });

  it('does not keep a load that began before a change', async () => {
    let finish: (json: string) => void = () => undefined;
    const cache = cacheWith(() => new Promise((resolve) => (finish = (json) => resolve(segment(json)))));
    const old = cache.load('s');
    cache.forget('s');
    finish('old');
    expect(await old).toBe('old');
    expect(cache.recall('s', 0)).toBeUndefined();
    const fresh = cache.load('s');
    finish('new');
    expect(await fresh).toBe('new');
    expect(cache.recall('s', 0)).toBe('new');
  });

  it('shares one load among those who ask at once', async () => {
    let loads = 0;
    const cache = cacheWith(async () => {
      loads += 1;
      return segment('a');
    });
    await Promise.all(Array.from({ length: 50 }, () => cache.load('s')));
    expect(loads).toBe(1);
  });

  it('is bounded in size and age', async () => {
    const clock = { ms: 0 };
    const cache = cacheWith(async (schedule) => segment(schedule), clock);
    for (const schedule of ['a', 'b', 'c', 'd']) await cache.load(schedule);
    expect(cache.size).toBe(3);
    expect(cache.recall('a', 0)).toBeUndefined();
    expect(cache.recall('d', 0)).toBe('d');
    clock.ms = 1_001;
    expect(cache.recall('d', 0)).toBeUndefined();
  });

  it('passes a failed load on and tries again next time', async () => {
    let fail = true;
    const cache = cacheWith(async () => {
      if (fail) throw new Error('away');
      return segment('a');
    });
    await expect(cache.load('s')).rejects.toThrow('away');
    fail = false;
    expect(await cache.load('s')).toBe('a');
  });
});
