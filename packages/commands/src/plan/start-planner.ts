import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Explanation } from '@watchbill/core';
import type { Planner, PlanOutcome } from './planner.ts';
import type { ThreadAnswer, ThreadTask } from './planner-thread.ts';

/** A planner in a thread of its own: it blocks, and handoffs are to be told in time whatever is being planned. */
export interface PlannerThread {
  readonly planner: Planner;
  /** Why units of a plan are held by whom they are. Rejects as the planner does. */
  explain(task: Omit<Extract<ThreadTask, { kind: 'explain' }>, 'kind'>): Promise<readonly Explanation[]>;
  /** Ends the thread; what it works on rejects. */
  close(): Promise<void>;
}

/** The planner was closed before it was done: nothing is wrong with what it was to plan. */
export class PlannerClosedError extends Error {
  override readonly name = 'PlannerClosedError';
}

/** One task at a time; the thread starts with the first one. One that takes longer than `budgetMs` is given up. */
export function startPlanner({ budgetMs }: { readonly budgetMs: number }): PlannerThread {
  let thread: Worker | null = null;
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;
  const end = async (): Promise<void> => {
    const ending = thread;
    thread = null;
    await ending?.terminate();
  };
  const run = async (task: ThreadTask): Promise<PlanOutcome | readonly Explanation[]> => {
    if (closed) throw new PlannerClosedError('The planner is closed.');
    thread ??= startThread();
    let answer: ThreadAnswer;
    try {
      answer = await answerOf(thread, task, budgetMs);
    } catch (error) {
      await end();
      if (closed) throw new PlannerClosedError('The planner was closed.');
      throw error;
    }
    if (answer.ok) return answer.value;
    throw answer.limit ? new RangeError(answer.message) : new Error(answer.message);
  };
  const queue = (task: ThreadTask): Promise<PlanOutcome | readonly Explanation[]> => {
    const mine = last.then(() => run(task));
    last = mine.catch(() => undefined);
    return mine;
  };
  return {
    planner: async (problems) => (await queue({ kind: 'plan', problems })) as PlanOutcome,
    explain: async (task) => (await queue({ kind: 'explain', ...task })) as readonly Explanation[],
    close: async () => {
      closed = true;
      await end();
    },
  };
}

async function answerOf(thread: Worker, task: ThreadTask, budgetMs: number): Promise<ThreadAnswer> {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), budgetMs);
  const ended = once(thread, 'exit', { signal: over.signal }).then(() => {
    throw new Error('The thread of the planner ended before it was done.');
  });
  const answered = once(thread, 'message', { signal: over.signal });
  try {
    thread.postMessage(task);
    const [answer] = await Promise.race([answered, ended]);
    return answer as ThreadAnswer;
  } catch (error) {
    if (!over.signal.aborted) throw error;
    const told = `The plan was not done within ${budgetMs / 1000} s. Plan fewer turns or people together.`;
    throw new RangeError(told);
  } finally {
    clearTimeout(timer);
    over.abort();
    ended.catch(() => undefined);
    answered.catch(() => undefined);
  }
}

/** As it was built; where the program runs from its sources, a loader for them comes first. */
function startThread(): Worker {
  const built = import.meta.url.endsWith('.js');
  const url = new URL(built ? './planner-thread.js' : './planner-thread.ts', import.meta.url);
  const load = `import('tsx/esm/api').then((tsx) => { tsx.register(); return import(${JSON.stringify(url.href)}); })`;
  const thread = built
    ? new Worker(url)
    : new Worker(load, { eval: true, execArgv: ['--conditions=source'] });
  // An idle planner must not keep a process alive, and an error of the thread is told by its exit.
  thread.on('error', () => undefined);
  thread.unref();
  return thread;
}
