import { type ExactSolver, repairModelText } from '@watchbill/core';
import highsModule, { type LegacyHighs } from 'highs';

/** Its types speak of CommonJS; what is imported is the loader itself. */
const loadHighs = highsModule as unknown as () => Promise<LegacyHighs>;

const STATUS: Readonly<Record<string, 'optimal' | 'infeasible'>> = {
  Optimal: 'optimal',
  Infeasible: 'infeasible',
};

/** HiGHS as the planner's exact solver, in this process: for tests, which may wait for it. */
export async function exactSolver(): Promise<ExactSolver & { readonly calls: () => number }> {
  const highs = await loadHighs();
  let calls = 0;
  const solve: ExactSolver = (model) => {
    calls += 1;
    const found = highs.solve(repairModelText(model), {
      output_flag: false,
      mip_rel_gap: 0,
      random_seed: 0,
      time_limit: 5,
    });
    const values = Array.from({ length: model.columnCount }, (_, k) => {
      const column = found.Columns[`x${k}`];
      return column !== undefined && 'Primal' in column ? Number(column.Primal) : 0;
    });
    const status = STATUS[found.Status] ?? 'unknown';
    return Promise.resolve({ status, values });
  };
  return Object.assign(solve, { calls: () => calls });
}
