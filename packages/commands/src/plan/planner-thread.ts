import { parentPort } from 'node:worker_threads';
import type { Explanation, PlanProblem } from '@watchbill/core';
import { explainHere, makePlanHere } from './make-plan-here.ts';
import type { PlanOutcome } from './planner.ts';

/** What a planner's thread is asked. */
export type ThreadTask =
  | { readonly kind: 'plan'; readonly problems: readonly PlanProblem[] }
  | {
      readonly kind: 'explain';
      readonly problems: readonly PlanProblem[];
      readonly assignment: Readonly<Record<string, string | null>>;
      readonly units: readonly string[];
    };

export type ThreadAnswer =
  | { readonly ok: true; readonly value: PlanOutcome | readonly Explanation[] }
  /** `limit`: the problem is too large, which is for whoever asked to mend. */
  | { readonly ok: false; readonly limit: boolean; readonly message: string };

function answerTo(task: ThreadTask): ThreadAnswer {
  try {
    return { ok: true, value: task.kind === 'plan' ? makePlanHere(task.problems) : explainHere(task) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, limit: error instanceof RangeError, message };
  }
}

parentPort?.on('message', (task: ThreadTask) => {
  parentPort?.postMessage(answerTo(task));
});
