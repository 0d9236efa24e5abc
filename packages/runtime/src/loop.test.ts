import { expect, test } from 'vitest';
import { startLoop } from './loop.ts';

const quiet = { warn: () => undefined, info: () => undefined } as never;
const turn = (ms = 5): Promise<void> => new Promise((done) => setTimeout(done, ms));

test('a wake-up during the work makes it run once more, and one during the pause ends the pause', async () => {
  let runs = 0;
  let finish = (): void => undefined;
  const loop = startLoop({
    name: 'test',
    logger: quiet,
    run: async () => {
      runs += 1;
      if (runs === 1) {
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
      }
      return 60_000;
    },
  });
  loop.wake();
  loop.wake();
  finish();
  await turn();
  expect(runs).toBe(2);
  loop.wake();
  await turn();
  expect(runs).toBe(3);
  await loop.close();
});

test('a failure is a pause that wake-ups do not cut short, and is logged once until it ends', async () => {
  const told: string[] = [];
  const logger = {
    warn: (fields: { readonly failures: number }) => void told.push(`failed ${fields.failures}`),
    info: (fields: { readonly failures: number }) => void told.push(`ended ${fields.failures}`),
  } as never;
  let runs = 0;
  const loop = startLoop({
    name: 'test',
    logger,
    run: async () => {
      runs += 1;
      if (runs < 3) throw new Error('the queue is away');
      return 60_000;
    },
  });
  for (let wakes = 0; wakes < 5; wakes += 1) {
    await turn(2);
    loop.wake();
  }
  expect(runs).toBe(1);
  while (runs < 3) await turn();
  await turn();
  expect(told).toEqual(['failed 1', 'ended 2']);
  await loop.close();
});

test('closing waits for the work that runs, and nothing runs afterwards', async () => {
  let ended = false;
  let runs = 0;
  const loop = startLoop({
    name: 'test',
    logger: quiet,
    run: async () => {
      runs += 1;
      await turn(30);
      ended = true;
      return 0;
    },
  });
  await turn();
  await loop.close();
  expect(ended).toBe(true);
  loop.wake();
  const before = runs;
  await turn(40);
  expect(runs).toBe(before);
});
