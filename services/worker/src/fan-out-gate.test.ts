import { expect, it } from 'vitest';
import { createFanOutGate } from './fan-out-gate.ts';

it('runs one fan-out at a time, with all that came while the last one ran', async () => {
  const runs: (readonly string[])[] = [];
  const endings: (() => void)[] = [];
  const pass = createFanOutGate((events) => {
    runs.push([...events]);
    return new Promise((resolve) => endings.push(resolve));
  });
  const first = pass(['a']);
  await Promise.resolve().then(() => undefined);
  await new Promise((done) => setImmediate(done));
  const others = [pass(['b']), pass(['c'])];
  await new Promise((done) => setImmediate(done));
  expect(runs).toEqual([['a']]);
  endings[0]?.();
  await first;
  await new Promise((done) => setImmediate(done));
  expect(runs).toEqual([['a'], ['b', 'c']]);
  endings[1]?.();
  await Promise.all(others);
});

it('tells a failure to those it concerns, and goes on', async () => {
  let fails = true;
  const pass = createFanOutGate(() => (fails ? Promise.reject(new Error('no database')) : Promise.resolve()));
  await expect(pass(['a'])).rejects.toThrow('no database');
  fails = false;
  await expect(pass(['b'])).resolves.toBeUndefined();
});
