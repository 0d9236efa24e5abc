import { Worker } from 'node:worker_threads';
import type { Explanation } from '@watchbill/core';
import type { Planner, PlanOutcome, PlanProgress } from './planner.ts';
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

/** The planner broke, or its thread died, over what it was to plan. */
export class PlannerFailedError extends Error {
  override readonly name = 'PlannerFailedError';
}

export interface PlannerOptions {
  /** A task that takes longer, in real time, is given up. */
  readonly budgetMs: number;
  /** A task that needs more of the thread's memory is given up. */
  readonly memoryMb?: number;
}

const MEMORY_MB = 1_024;
/** A thread that nobody asks anything gives its memory back. */
const IDLE_MS = 60_000;

/** One task at a time; the thread starts with the first one, and again after a task that ended it. */
export function startPlanner({ budgetMs, memoryMb = MEMORY_MB }: PlannerOptions): PlannerThread {
  let thread: Worker | null = null;
  let idle: NodeJS.Timeout | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;
  const end = async (): Promise<void> => {
    const ending = thread;
    thread = null;
    clearTimeout(idle);
    await ending?.terminate();
  };
  const run = async (task: ThreadTask, progress: PlanProgress): Promise<unknown> => {
    if (closed) throw new PlannerClosedError('The planner is closed.');
    clearTimeout(idle);
    thread ??= startThread(memoryMb);
    let answer: LastAnswer;
    try {
      answer = await answerOf(thread, task, { budgetMs, progress });
    } catch (error) {
      await end();
      if (closed) throw new PlannerClosedError('The planner was closed.');
      throw error;
    }
    idle = setTimeout(end, IDLE_MS).unref();
    if (answer.kind === 'done') return answer.value;
    throw answer.limit ? new RangeError(answer.message) : new PlannerFailedError(answer.message);
  };
  const queue = (task: ThreadTask, progress: PlanProgress = () => undefined): Promise<unknown> => {
    const mine = last.then(() => run(task, progress));
    last = mine.catch(() => undefined);
    return mine;
  };
  return {
    planner: async (problems, progress) => (await queue({ kind: 'plan', problems }, progress)) as PlanOutcome,
    explain: async (task) => (await queue({ kind: 'explain', ...task })) as readonly Explanation[],
    close: async () => {
      closed = true;
      await end();
    },
  };
}

type LastAnswer = Exclude<ThreadAnswer, { kind: 'step' }>;

/** Rejects when the thread ends, or takes too long: then it is of no more use. */
function answerOf(
  thread: Worker,
  task: ThreadTask,
  of: { readonly budgetMs: number; readonly progress: PlanProgress },
): Promise<LastAnswer> {
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void): void => {
      clearTimeout(timer);
      thread.off('message', hear).off('error', fail).off('exit', leave);
      settle();
    };
    const hear = (answer: ThreadAnswer): void => {
      if (answer.kind === 'step') of.progress(answer.step);
      else finish(() => resolve(answer));
    };
    const fail = (error: Error & { readonly code?: string }): void =>
      finish(() =>
        reject(
          error.code === 'ERR_WORKER_OUT_OF_MEMORY'
            ? new RangeError(
                'The plan needs more memory than it may have. Plan fewer turns or people together.',
              )
            : new PlannerFailedError(`The planner broke: ${error.message}`),
        ),
      );
    const leave = (): void =>
      finish(() => reject(new PlannerFailedError('The thread of the planner ended before it was done.')));
    const late = `The plan was not done within ${of.budgetMs / 1000} s. Plan fewer turns or people together.`;
    const timer = setTimeout(() => finish(() => reject(new RangeError(late))), of.budgetMs);
    thread.on('message', hear).on('error', fail).on('exit', leave);
    thread.postMessage(task);
  });
}

/** As it was built; where the program runs from its sources, a loader for them comes first. */
function startThread(memoryMb: number): Worker {
  const built = import.meta.url.endsWith('.js');
  const url = new URL(built ? './planner-thread.js' : './planner-thread.ts', import.meta.url);
  const load = `import('tsx/esm/api').then((tsx) => { tsx.register(); return import(${JSON.stringify(url.href)}); })`;
  const resourceLimits = { maxOldGenerationSizeMb: memoryMb };
  const thread = built
    ? new Worker(url, { resourceLimits })
    : new Worker(load, { resourceLimits, eval: true, execArgv: ['--conditions=source'] });
  // An idle planner must not keep a process alive; an error is heard where a task waits for it.
  thread.on('error', () => undefined);
  thread.unref();
  return thread;
}
