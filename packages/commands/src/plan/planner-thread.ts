import { parentPort } from 'node:worker_threads';
import type { Explanation, PlanProblem } from '@watchbill/core';
import { explainHere, makePlanHere } from './make-plan-here.ts';
import type { PlanOutcome, PlanStep } from './planner.ts';

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
  | { readonly kind: 'step'; readonly step: PlanStep }
  | { readonly kind: 'done'; readonly value: PlanOutcome | readonly Explanation[] }
  /** `limit`: the problem is too large, which is for whoever asked to mend. */
  | { readonly kind: 'failed'; readonly limit: boolean; readonly message: string };

function tell(answer: ThreadAnswer): void {
  parentPort?.postMessage(answer);
}

async function answerTo(task: ThreadTask): Promise<ThreadAnswer> {
  try {
    const value =
      task.kind === 'plan'
        ? await makePlanHere(task.problems, (step) => tell({ kind: 'step', step }))
        : explainHere(task);
    return { kind: 'done', value };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { kind: 'failed', limit: error instanceof RangeError, message };
  }
}

parentPort?.on('message', async (task: ThreadTask) => tell(await answerTo(task)));
