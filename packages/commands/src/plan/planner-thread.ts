import { parentPort } from 'node:worker_threads';
import type { PlanProblem } from '@watchbill/core';
import { makePlanHere } from './make-plan-here.ts';
import type { PlanOutcome } from './planner.ts';

/** What a planner's thread answers to each list of problems. */
export type ThreadAnswer =
  | { readonly ok: true; readonly outcome: PlanOutcome }
  /** `limit`: the problem is too large, which is for whoever asked to mend. */
  | { readonly ok: false; readonly limit: boolean; readonly message: string };

function answerTo(problems: readonly PlanProblem[]): ThreadAnswer {
  try {
    return { ok: true, outcome: makePlanHere(problems) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, limit: error instanceof RangeError, message };
  }
}

parentPort?.on('message', (problems: readonly PlanProblem[]) => {
  parentPort?.postMessage(answerTo(problems));
});
