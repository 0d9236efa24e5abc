import {
  type PlanFile,
  type PlanFileExact,
  type Planned,
  type Progress,
  planFileOf,
  type Repaired,
  repairPlan,
} from '@watchbill/core';
import { SOLVER, type SolverThread, startSolver } from './start-solver.ts';

/** Plans that an exact solver has seen to, and their file. */
export interface ProvenPlans {
  readonly planned: readonly Planned[];
  readonly file: PlanFile;
}

export interface ProveOptions {
  /** Version of the time-zone data. */
  readonly tzdata: string;
  readonly progress?: Progress | undefined;
  /** Rotations that are planned as if they were fair: named in the file. */
  readonly asFair?: readonly string[] | undefined;
  /** One that nobody else uses; it is ended. A new one if left out. */
  readonly solver?: SolverThread | undefined;
}

/**
 * Lets an exact solver fill what gaps it can and take back what changes it can, in plans that share nobody; then
 * writes their file, which says what is proven. The same plans give the same bytes, unless the solver's thread dies
 * or is far too slow, which the file says as well. Without gaps and spare changes no thread is started.
 */
export async function provePlans(plans: readonly Planned[], options: ProveOptions): Promise<ProvenPlans> {
  const { tzdata, progress, asFair } = options;
  const solver = options.solver ?? startSolver();
  try {
    const repaired: Repaired[] = [];
    for (const plan of plans) repaired.push(await repairPlan(plan, solver.solve, progress));
    const planned = repaired.map((one) => one.planned);
    const reports = repaired.flatMap((one) => one.reports);
    const exact: PlanFileExact = { solver: SOLVER, fewestChanges: fewest(repaired), gaveUp: solver.gaveUp() };
    return { planned, file: planFileOf(planned, { tzdata, reports, exact, asFair }) };
  } finally {
    await solver.end();
  }
}

function fewest(repaired: readonly Repaired[]): PlanFileExact['fewestChanges'] {
  if (repaired.every(({ planned }) => !planned.problem.keepPrevious)) return null;
  return repaired.every(({ fewestChanges }) => fewestChanges === 'proven') ? 'proven' : 'not-proven';
}
