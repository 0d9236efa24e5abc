import { setImmediate as tick } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createLaneRunner, type LaneRunnerOptions } from './lane-runner.ts';

/** Turns that last until they are ended by hand. */
function manualTurns(limits: Omit<LaneRunnerOptions, 'run'>) {
  const started: string[] = [];
  const endings = new Map<string, () => void>();
  const runner = createLaneRunner({
    ...limits,
    run: ({ endpoint, lane }) => {
      started.push(`${endpoint}/${lane}`);
      return new Promise((resolve) => endings.set(`${endpoint}/${lane}`, resolve));
    },
  });
  const end = async (name: string): Promise<void> => {
    endings.get(name)?.();
    await tick();
  };
  return { runner, started, end };
}

describe('createLaneRunner', () => {
  it('gives one endpoint no more than its share, and others their places', async () => {
    const { runner, started, end } = manualTurns({ maxTurns: 4, maxTurnsAnEndpoint: 2 });
    for (const lane of ['1', '2', '3']) await runner.submit({ endpoint: 'slow', lane });
    await runner.submit({ endpoint: 'quick', lane: '1' });
    expect(started).toEqual(['slow/1', 'slow/2', 'quick/1']);
    expect([runner.running, runner.waiting]).toEqual([3, 1]);
    await end('slow/1');
    expect(started.at(-1)).toBe('slow/3');
    expect(runner.waiting).toBe(0);
  });

  it('holds the caller back while every place is taken', async () => {
    const { runner, started, end } = manualTurns({ maxTurns: 1, maxTurnsAnEndpoint: 1 });
    let resumed = false;
    const first = runner.submit({ endpoint: 'a', lane: '1' }).then(() => {
      resumed = true;
    });
    await tick();
    expect(resumed).toBe(false);
    await end('a/1');
    await first;
    expect(started).toEqual(['a/1']);
    expect(runner.running).toBe(0);
  });

  it('remembers a lane once, takes endpoints in turn, and forgets what is too much', async () => {
    const { runner, started, end } = manualTurns({ maxTurns: 9, maxTurnsAnEndpoint: 1, maxWaiting: 3 });
    await runner.submit({ endpoint: 'a', lane: '1' });
    for (const lane of ['2', '2', '3']) await runner.submit({ endpoint: 'a', lane });
    await runner.submit({ endpoint: 'b', lane: '1' });
    await runner.submit({ endpoint: 'b', lane: '2' });
    await runner.submit({ endpoint: 'b', lane: '3' });
    expect(runner.waiting).toBe(3);
    for (const name of ['a/1', 'b/1', 'a/2', 'b/2', 'a/3']) await end(name);
    expect(started).toEqual(['a/1', 'b/1', 'a/2', 'b/2', 'a/3']);
    expect([runner.running, runner.waiting]).toEqual([0, 0]);
  });

  it('starts nothing more once it closes, and waits for what runs', async () => {
    const { runner, started, end } = manualTurns({ maxTurns: 1, maxTurnsAnEndpoint: 1 });
    const held = runner.submit({ endpoint: 'a', lane: '1' });
    void runner.submit({ endpoint: 'a', lane: '2' });
    let closed = false;
    const closing = runner.close().then(() => {
      closed = true;
    });
    await tick();
    expect(closed).toBe(false);
    await end('a/1');
    await Promise.all([closing, held]);
    await runner.submit({ endpoint: 'a', lane: '3' });
    expect(started).toEqual(['a/1']);
  });
});
