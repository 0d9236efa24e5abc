import type { RepairModel } from '@watchbill/core';
import { afterAll, describe, expect, it } from 'vitest';
import { highsSolver } from './highs-solver.ts';

/** Two people, two turns that collide: `rows` bound what each column adds up to. */
function model(
  rows: readonly { readonly columns: number[]; readonly from: number; readonly to: number }[],
): RepairModel {
  const starts = [0];
  for (const { columns } of rows) starts.push((starts.at(-1) ?? 0) + columns.length);
  const columns = rows.flatMap((row) => row.columns);
  return {
    columnCount: 3,
    rowCount: rows.length,
    cost: Float64Array.of(3, 1, 2),
    integer: Uint8Array.of(1, 1, 1),
    rowLower: Float64Array.from(rows, ({ from }) => from),
    rowUpper: Float64Array.from(rows, ({ to }) => to),
    rowStarts: Int32Array.from(starts),
    columns: Int32Array.from(columns),
    values: Float64Array.from(columns, () => 1),
    person: Int32Array.of(0, 1, -1),
    unit: Int32Array.of(0, 0, 0),
    gapUnit: 1,
  };
}

describe('highsSolver', () => {
  const solver = highsSolver();
  afterAll(solver.end);

  it('finds the cheapest choice, and the next one when that is barred', async () => {
    const one = { columns: [0, 1, 2], from: 1, to: 1 };
    const found = await solver.solve(model([one]));
    expect([found.status, [...(found.values as Float64Array)]]).toEqual(['optimal', [0, 1, 0]]);
    const barred = await solver.solve(model([one, { columns: [1], from: 0, to: 0 }]));
    expect([...(barred.values as Float64Array)]).toEqual([0, 0, 1]);
  });

  it('says when nothing fits', async () => {
    const rows = [
      { columns: [0, 1, 2], from: 1, to: 1 },
      { columns: [0, 1, 2], from: 2, to: 2 },
    ];
    expect((await solver.solve(model(rows))).status).toBe('infeasible');
  });

  it('starts again after its thread has ended', async () => {
    await solver.end();
    expect((await solver.solve(model([{ columns: [0, 1, 2], from: 1, to: 1 }]))).status).toBe('optimal');
    await solver.end();
    await solver.end();
  });
});
