import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { ExactSolver, RepairModel, RepairSolution } from '@watchbill/core';
import { repairModelText } from '@watchbill/core';

/** How long one model may take; beyond, nothing is proven. */
const SOLVE_MS = 30_000;
/** And all models of one run together. */
const TOTAL_MS = 90_000;
/** Branches of the search: a limit that does not depend on how busy the machine is. */
const MAX_NODES = 200_000;

/**
 * The solver blocks the thread it runs in and cannot be told to stop, so that it has a thread of its own, which can
 * be ended. The thread's program is text: it needs no file beside this one, compiled or not.
 */
const PROGRAM = `
const { parentPort, workerData } = require('node:worker_threads');
const ready = require(workerData.highs)();
parentPort.on('message', async ({ text, options }) => {
  try {
    const { Status, Columns } = (await ready).solve(text, options);
    const values = Object.entries(Columns).map(([name, column]) => [Number(name.slice(1)), column.Primal ?? 0]);
    parentPort.postMessage({ status: Status, values });
  } catch (error) {
    parentPort.postMessage({ status: String(error), values: [] });
  }
});
`;

const OPTIONS = { random_seed: 1, mip_max_nodes: MAX_NODES, mip_rel_gap: 0, mip_abs_gap: 1e-6, threads: 1 };
const UNKNOWN: RepairSolution = { status: 'unknown', values: [] };

interface Answer {
  readonly status: string;
  readonly values: readonly (readonly [number, number])[];
}

/** An exact solver in a thread of its own, and what ends it. */
export interface SolverThread {
  readonly solve: ExactSolver;
  readonly end: () => Promise<void>;
}

/** Starts no thread before the first model. Where the solver is missing, fails or is late, nothing is proven. */
export function highsSolver(): SolverThread {
  let worker: Worker | null = null;
  let left = TOTAL_MS;
  const end = async (): Promise<void> => {
    const running = worker;
    worker = null;
    await running?.terminate();
  };
  const solve: ExactSolver = async (model) => {
    if (left <= 0) return UNKNOWN;
    const started = performance.now();
    try {
      worker ??= startWorker();
      const answer = await ask(worker, model, Math.min(left, SOLVE_MS));
      if (answer === null) await end();
      return answer === null ? UNKNOWN : solutionOf(answer, model);
    } catch {
      await end();
      return UNKNOWN;
    } finally {
      left -= performance.now() - started;
    }
  };
  return { solve, end };
}

function startWorker(): Worker {
  const highs = createRequire(import.meta.url).resolve('highs');
  return new Worker(PROGRAM, { eval: true, workerData: { highs }, stdout: true, stderr: true });
}

/** The answer to one model; null when it is late or the thread has failed. */
function ask(worker: Worker, model: RepairModel, budgetMs: number): Promise<Answer | null> {
  return new Promise((resolve) => {
    const finish = (answer: Answer | null): void => {
      clearTimeout(timer);
      worker.off('message', finish);
      worker.off('error', fail);
      resolve(answer);
    };
    const fail = (): void => finish(null);
    const timer = setTimeout(fail, budgetMs);
    worker.on('message', finish);
    worker.on('error', fail);
    worker.postMessage({
      text: repairModelText(model),
      options: { ...OPTIONS, time_limit: budgetMs / 1000 },
    });
  });
}

function solutionOf({ status, values }: Answer, { columnCount }: RepairModel): RepairSolution {
  if (status === 'Infeasible') return { status: 'infeasible', values: [] };
  if (status !== 'Optimal') return UNKNOWN;
  const all = new Float64Array(columnCount);
  for (const [column, value] of values) if (column < columnCount) all[column] = value;
  return { status: 'optimal', values: all };
}
