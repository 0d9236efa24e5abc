import { closeLedgers, createOverride, retireSchedule } from '@watchbill/commands';
import type { Instant } from '@watchbill/core';
import { afterEach, describe, expect, it } from 'vitest';
import { accepted, apply, instantOf, openWorld, storedShifts, WEEK_MS, type World } from './apply-fixture.ts';
import { fairly, planAll, TOOLS } from './plan-fixture.ts';

/** A Monday on which a period begins. */
const START = instantOf('2026-11-23T00:00:00Z');
const PERIOD_MS = 4 * WEEK_MS;

const worlds: World[] = [];
const open = async (): Promise<World> => {
  const world = await openWorld('2026-11-23T00:00:00Z');
  worlds.push(world);
  accepted(await apply(world, [fairly('duty')]));
  await planAll(world);
  return world;
};
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

/** Ann stands in for whoever has the first turn after an instant. */
async function annStandsIn(world: World, at: Instant): Promise<void> {
  const shifts = await storedShifts(world.database, 'duty');
  const other = shifts.find(
    (shift) => shift.person !== 'ann' && shift.start > at && shift.status === 'active',
  );
  if (other === undefined) throw new Error('there are no shifts');
  const { start, end } = other;
  const swap = { schedule: 'duty', kind: 'replace', people: ['ann'], start, end } as const;
  accepted(await createOverride(world.context, swap));
}

async function balances(world: World): Promise<[string, number][]> {
  const { rows } = await world.database.pool.query<{ person: string; balance: number }>(
    'SELECT person, balance FROM ledger_accounts ORDER BY person',
  );
  return rows.map(({ person, balance }) => [person, balance]);
}

const sum = (rows: readonly [string, number][]): number =>
  rows.reduce((all, [, balance]) => all + balance, 0);

async function closings(world: World): Promise<number[]> {
  const { rows } = await world.database.pool.query<{ start: Instant }>(
    'SELECT starts_at AS start FROM ledger_closings ORDER BY closed_at, starts_at',
  );
  return rows.map(({ start }) => start);
}

describe('periods that ended while nobody was there', () => {
  it('are closed later, in order, by what was really stood: the same as if each had been closed in time', async () => {
    const [inTime, late] = [await open(), await open()];
    for (const period of [1, 2]) {
      for (const world of [inTime, late])
        await annStandsIn(world, START + (period - 1) * PERIOD_MS + WEEK_MS);
      await inTime.at(START + period * PERIOD_MS);
      expect(await closeLedgers(inTime.database, TOOLS)).toHaveLength(1);
    }
    await late.at(START + 2 * PERIOD_MS);
    const closed = await closeLedgers(late.database, TOOLS);
    expect(closed.map(({ period }) => instantOf(period.start))).toEqual([START, START + PERIOD_MS]);
    expect(await closings(late)).toEqual(await closings(inTime));
    const told = await balances(late);
    expect(told).toEqual(await balances(inTime));
    expect(Math.abs(sum(told))).toBeLessThan(1e-6);
    expect(await closeLedgers(late.database, TOOLS)).toEqual([]);
  });

  it('are closed once where two close them at once', async () => {
    const world = await open();
    await world.at(START + 2 * PERIOD_MS);
    const both = await Promise.all([
      closeLedgers(world.database, TOOLS),
      closeLedgers(world.database, TOOLS),
    ]);
    expect(both.flat().map(({ period }) => period.start)).toHaveLength(2);
    expect(await closings(world)).toEqual([START, START + PERIOD_MS]);
  });

  it('count turns of a rotation that has another name by now, and those before a schedule was retired', async () => {
    const [renamed, retired, plain] = [await open(), await open(), await open()];
    const end = START + PERIOD_MS;
    for (const world of [renamed, retired, plain]) await world.at(end - 1);
    const [rotation] = fairly('duty').rotations;
    if (rotation === undefined) throw new Error('there is no rotation');
    accepted(await apply(renamed, [fairly('duty', { rotations: [{ ...rotation, id: 'other' }] })]));
    accepted(await retireSchedule(retired.context, { schedule: 'duty' }));
    for (const world of [renamed, retired, plain]) {
      await world.at(end + WEEK_MS);
      expect(await closeLedgers(world.database, TOOLS)).toHaveLength(1);
    }
    const expected = await balances(plain);
    expect(expected.some(([, balance]) => Math.abs(balance) > 1)).toBe(true);
    for (const world of [renamed, retired]) {
      (await balances(world)).forEach(([person, balance], index) => {
        expect(person).toBe(expected[index]?.[0]);
        // A millisecond of the last turn is another's.
        expect(balance).toBeCloseTo(expected[index]?.[1] ?? 0, 0);
      });
    }
    await retired.at(end + 3 * PERIOD_MS);
    expect(await closeLedgers(retired.database, TOOLS)).toEqual([]);
  });
});

describe('a half-life', () => {
  it('halves what was carried before, also of who stands no more, and leaves the sum at zero', async () => {
    const [whole, half] = [await open(), await open()];
    for (const world of [whole, half]) {
      await annStandsIn(world, START + WEEK_MS);
      // Somebody who has stood and is gone: their account is like any other.
      await world.database.pool.query(
        `INSERT INTO ledger_accounts (person, balance, closed_until) VALUES ('zoe', 64, $1), ('zac', -64, $1)`,
        [new Date(START)],
      );
    }
    const tools = { ...TOOLS, halfLifeDays: 28 };
    const at = async (period: number) => {
      for (const world of [whole, half]) await world.at(START + period * PERIOD_MS);
      await closeLedgers(whole.database, TOOLS);
      await closeLedgers(half.database, tools);
      const [long, short] = [new Map(await balances(whole)), new Map(await balances(half))];
      expect(Math.abs(sum([...short]))).toBeLessThan(1e-6);
      return { long, short };
    };
    const first = await at(1);
    const second = await at(2);
    expect([first.short.get('zoe'), second.short.get('zoe'), second.long.get('zoe')]).toEqual([32, 16, 64]);
    for (const [person, balance] of second.short) {
      const stood = (second.long.get(person) ?? 0) - (first.long.get(person) ?? 0);
      expect(balance).toBeCloseTo((first.short.get(person) ?? 0) / 2 + stood, 6);
    }
    const { rows } = await half.database.pool.query(
      'SELECT DISTINCT half_life_days AS days FROM ledger_closings',
    );
    expect(rows).toEqual([{ days: 28 }]);
  });
});
