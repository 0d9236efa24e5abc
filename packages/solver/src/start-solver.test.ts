import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { RepairModel } from '@watchbill/core';
import highsModule, { type Highs } from 'highs';
import { afterEach, describe, expect, it } from 'vitest';
import { solveModel } from './solve-model.ts';
import { SOLVER, type SolverThread, startSolver } from './start-solver.ts';

interface Row {
  readonly columns: readonly number[];
  readonly from: number;
  readonly to: number;
}

/** A choice among columns that cost what they are told; `rows` bound what each few of them add up to. */
function model(cost: readonly number[], rows: readonly Row[]): RepairModel {
  const starts = [0];
  for (const { columns } of rows) starts.push((starts.at(-1) ?? 0) + columns.length);
  const columns = rows.flatMap((row) => row.columns);
  return {
    columnCount: cost.length,
    rowCount: rows.length,
    cost: Float64Array.from(cost),
    integer: Uint8Array.from(cost, () => 1),
    rowLower: Float64Array.from(rows, ({ from }) => from),
    rowUpper: Float64Array.from(rows, ({ to }) => to),
    rowStarts: Int32Array.from(starts),
    columns: Int32Array.from(columns),
    values: Float64Array.from(columns, () => 1),
    person: Int32Array.from(cost, () => 0),
    unit: Int32Array.from(cost, () => 0),
    gapUnit: 1,
  };
}

/** Triples of columns of which one must be taken: small, and no solver knows the cheapest at once. */
function hardModel(size: number): RepairModel {
  let state = 7;
  const next = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state;
  };
  const rows = Array.from({ length: size * 3 }, () => {
    const columns = [...new Set([next() % size, next() % size, next() % size])];
    return { columns, from: 1, to: 3 };
  });
  return model(
    Array.from({ length: size }, () => 1 + (next() % 5)),
    rows,
  );
}

const ONE: Row = { columns: [0, 1, 2], from: 1, to: 1 };
const TOO_MANY = 100_001;

let solver: SolverThread;
const start = (options = {}): SolverThread => {
  solver = startSolver(options);
  return solver;
};
afterEach(() => solver.end());

describe('the exact solver', () => {
  it('finds the cheapest choice, and the next one when that is barred', async () => {
    const { solve, gaveUp } = start();
    const found = await solve(model([3, 1, 2], [ONE]));
    expect([found.status, [...(found.values as Float64Array)]]).toEqual(['optimal', [0, 1, 0]]);
    const barred = await solve(model([3, 1, 2], [ONE, { columns: [1], from: 0, to: 0 }]));
    expect([...(barred.values as Float64Array)]).toEqual([0, 0, 1]);
    expect(gaveUp()).toBeNull();
  });

  it('says when nothing fits', async () => {
    const { solve } = start();
    const found = await solve(model([3, 1, 2], [ONE, { columns: [0, 1, 2], from: 2, to: 2 }]));
    expect(found.status).toBe('infeasible');
  });

  it('answers the same models with the same bytes in another thread', async () => {
    const hard = hardModel(40);
    const first = await start().solve(hard);
    await solver.end();
    const second = await start().solve(hard);
    expect(first.status).toBe('optimal');
    expect(second).toEqual(first);
  });

  it('stops at the same step, wherever it runs', async () => {
    const loadHighs = highsModule as unknown as () => Promise<Highs>;
    const [one, two] = [await loadHighs(), await loadHighs()];
    const whole = solveModel(one, hardModel(40), 1e9);
    expect([whole.status, whole.gaveUp]).toEqual(['optimal', null]);
    const part = solveModel(one, hardModel(40), whole.work / 4);
    expect([part.status, part.gaveUp]).toEqual(['unknown', 'work']);
    expect(solveModel(two, hardModel(40), whole.work / 4)).toEqual(part);
  });

  it('does not try a model that is too large, and says so', async () => {
    const wide = { columns: Array.from({ length: TOO_MANY }, (_, k) => k), from: 1, to: 1 };
    const { solve, gaveUp } = start();
    expect((await solve(model(Array(TOO_MANY).fill(1), [wide]))).status).toBe('unknown');
    expect(gaveUp()).toBe('size');
    expect((await solve(model([3, 1, 2], [ONE]))).status).toBe('optimal');
    expect(gaveUp()).toBe('size');
  });

  it('whose thread is too slow or breaks proves nothing, and starts again', async () => {
    const slow = start({ solveMs: 1 });
    expect((await slow.solve(model([3, 1, 2], [ONE]))).status).toBe('unknown');
    expect(slow.gaveUp()).toBe('time');
    await slow.end();
    const { solve, gaveUp } = start();
    const broken = { ...model([3, 1, 2], [ONE]), columns: Int32Array.of(0, 1, 99) };
    expect((await solve(broken)).status).toBe('unknown');
    expect(gaveUp()).toBe('failed');
    expect((await solve(model([3, 1, 2], [ONE]))).status).toBe('optimal');
  });

  it('names the version that is installed', () => {
    const entry = createRequire(import.meta.url).resolve('highs');
    const file = readFileSync(new URL('../package.json', `file://${entry}`), 'utf8');
    const { version } = JSON.parse(file) as { version: string };
    expect(SOLVER).toBe(`highs ${version}`);
  });
});
