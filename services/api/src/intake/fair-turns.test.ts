import { describe, expect, it } from 'vitest';
import { createFairTurns } from './fair-turns.ts';

const LIMITS = {
  runningOfOne: 2,
  runningOfAll: 3,
  waitingOfOne: 4,
  waitingOfAll: 6,
  waitMs: 60_000,
  bytesOfOne: 100,
  bytesOfAll: 150,
};

/** Work that goes on until it is told to end. */
function openWork() {
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const work = (name: string) => () => {
    begun.push(name);
    return new Promise<string>((resolve) => {
      ends.push(() => resolve(name));
    });
  };
  const settle = () => new Promise((done) => setImmediate(done));
  const endOne = async (): Promise<void> => {
    await settle();
    ends.shift()?.();
    await settle();
  };
  return { begun, work, endOne, ends, settle };
}

describe('turns', () => {
  it('give everybody a place beside a storm', async () => {
    const { begun, work, endOne, ends, settle } = openWork();
    const turns = createFairTurns(LIMITS);
    const all = ['a1', 'a2', 'a3', 'a4', 'a5'].map((name) =>
      turns.take({ caller: 'a', bytes: 1 }, work(name)),
    );
    all.push(
      turns.take({ caller: 'b', bytes: 1 }, work('b1')),
      turns.take({ caller: 'c', bytes: 1 }, work('c1')),
    );
    await settle();
    expect(begun).toEqual(['a1', 'a2', 'b1']);
    await endOne();
    // c came later than a's third, but a is at work already.
    expect(begun).toEqual(['a1', 'a2', 'b1', 'c1']);
    while (ends.length > 0) await endOne();
    expect(begun).toHaveLength(7);
    expect((await Promise.all(all)).every((end) => end !== 'full')).toBe(true);
  });

  it('refuse who waits with too many, and nobody else for it', async () => {
    const { begun, work, endOne, ends, settle } = openWork();
    const turns = createFairTurns(LIMITS);
    const all = Array.from({ length: 9 }, (_, at) => turns.take({ caller: 'a', bytes: 1 }, work(`a${at}`)));
    const other = turns.take({ caller: 'b', bytes: 1 }, work('b'));
    await settle();
    while (ends.length > 0) await endOne();
    const results = await Promise.all(all);
    expect(results.filter((end) => end === 'full')).toHaveLength(3);
    expect(await other).toEqual({ value: 'b' });
    expect(begun).toHaveLength(7);
  });

  it('refuse who waits too long, and forget nobody for it', async () => {
    const { work, endOne } = openWork();
    const turns = createFairTurns({ ...LIMITS, runningOfAll: 1, waitMs: 5 });
    const first = turns.take({ caller: 'a', bytes: 1 }, work('first'));
    expect(await turns.take({ caller: 'b', bytes: 1 }, work('late'))).toBe('full');
    await endOne();
    expect(await first).toEqual({ value: 'first' });
    const again = turns.take({ caller: 'b', bytes: 1 }, work('again'));
    await endOne();
    expect(await again).toEqual({ value: 'again' });
  });

  it('hold no more in memory than they may', async () => {
    const { work, endOne, ends, settle } = openWork();
    const turns = createFairTurns({ ...LIMITS, runningOfAll: 1 });
    const take = (caller: string, bytes: number) => turns.take({ caller, bytes }, work(caller));
    const first = take('a', 90);
    await settle();
    const all = [take('a', 90), take('a', 20), take('b', 50), take('b', 20), take('a', 1)];
    await settle();
    while (ends.length > 0) await endOne();
    const ended = (await Promise.all(all)).map((end) => end !== 'full');
    expect(ended).toEqual([true, false, true, false, true]);
    expect(await first).toEqual({ value: 'a' });
    // What ended is held no longer.
    const again = take('a', 100);
    await settle();
    await endOne();
    expect(await again).toEqual({ value: 'a' });
  });

  it('go on after work that fails', async () => {
    const turns = createFairTurns({ ...LIMITS, runningOfAll: 1 });
    await expect(
      turns.take({ caller: 'a', bytes: 1 }, () => Promise.reject(new Error('no'))),
    ).rejects.toThrow('no');
    expect(await turns.take({ caller: 'a', bytes: 1 }, async () => 1)).toEqual({ value: 1 });
  });
});
