import type { RepairModel, RepairSolution } from '@watchbill/core';
import type { Highs } from 'highs';

/** Why a solver stopped before it knew. Only `time` and `failed` depend on the machine. */
export type GaveUp = 'size' | 'work' | 'memory' | 'time' | 'failed';

/** What came of one model. */
export interface Solved extends RepairSolution {
  /** What it cost, in steps of the simplex method times rows: the same on every machine. */
  readonly work: number;
  readonly gaveUp: GaveUp | null;
}

/** Limits of one model that do not depend on how busy the machine is. */
export const SOLVE_LIMITS = {
  /** Coefficients; what happens before the first step grows with them. */
  coefficients: 100_000,
  /** Steps of the simplex method times rows: some seconds. */
  work: 20_000_000,
  /** Branches of the search, for models whose steps cost nothing. */
  nodes: 50_000,
  memoryBytes: 768 * 1024 * 1024,
} as const;

const OPTIONS = {
  output_flag: false,
  random_seed: 1,
  mip_rel_gap: 0,
  mip_abs_gap: 1e-6,
  mip_max_nodes: SOLVE_LIMITS.nodes,
};

/** Solves one model to the proven optimum, in this thread, with at most `work`. Throws when the solver breaks. */
export function solveModel(highs: Highs, model: RepairModel, work: number): Solved {
  if (model.values.length > SOLVE_LIMITS.coefficients) return { ...UNKNOWN, work: 0, gaveUp: 'size' };
  return highs.withModel(dataOf(model), (program): Solved => {
    program.options.set(OPTIONS);
    let spent = 0;
    let gaveUp: GaveUp | null = null;
    program.run({
      // There is nothing to tell this about time, so that the same model always stops at the same step.
      [highs.constants.callbackType.mipInterrupt]: (event) => {
        spent = Number(event.data.mip_total_lp_iterations ?? 0) * model.rowCount;
        if (spent > work) gaveUp = 'work';
        else if (highs.memoryBytes > SOLVE_LIMITS.memoryBytes) gaveUp = 'memory';
        else return undefined;
        event.interrupt();
        return undefined;
      },
    });
    const { optimal, infeasible } = highs.constants.modelStatus;
    const status = program.getModelStatus();
    if (status === optimal) {
      const values = Float64Array.from(program.getSolution().colValue);
      return { status: 'optimal', values, work: spent, gaveUp: null };
    }
    if (status === infeasible) return { status: 'infeasible', values: [], work: spent, gaveUp: null };
    return { ...UNKNOWN, work: spent, gaveUp: gaveUp ?? 'work' };
  });
}

const UNKNOWN = { status: 'unknown', values: [] } as const;

function dataOf(model: RepairModel) {
  const { columnCount, rowCount, cost, integer, rowLower, rowUpper, rowStarts, columns, values } = model;
  return {
    numCols: columnCount,
    numRows: rowCount,
    colCost: cost,
    colLower: new Float64Array(columnCount),
    colUpper: new Float64Array(columnCount).fill(1),
    rowLower,
    rowUpper,
    integrality: Int32Array.from(integer),
    matrix: {
      format: 'csr',
      numRows: rowCount,
      numCols: columnCount,
      starts: rowStarts,
      indices: columns,
      values,
    },
  } as const;
}
