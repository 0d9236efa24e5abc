import { parentPort } from 'node:worker_threads';
import type { RepairModel } from '@watchbill/core';
import highsModule, { type Highs } from 'highs';
import { type Solved, solveModel } from './solve-model.ts';

/** A model, and how much work may go into it. */
export interface SolverTask {
  readonly model: RepairModel;
  readonly work: number;
}

/** The types speak of CommonJS; what is imported is the loader itself. */
const loadHighs = highsModule as unknown as () => Promise<Highs>;

let loaded: Promise<Highs> | null = null;

async function answerTo({ model, work }: SolverTask): Promise<Solved> {
  try {
    loaded ??= loadHighs();
    return solveModel(await loaded, model, work);
  } catch {
    // Whatever broke it, the program in it is not to be used again.
    loaded = null;
    return { status: 'unknown', values: [], work: 0, gaveUp: 'failed' };
  }
}

parentPort?.on('message', async (task: SolverTask) => {
  parentPort?.postMessage(await answerTo(task));
});
