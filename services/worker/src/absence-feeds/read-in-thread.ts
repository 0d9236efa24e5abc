import { Worker } from 'node:worker_threads';
import type { CalendarReading, CalendarTask } from './read-absence-calendar.ts';

/** A calendar whose rules lead nowhere could keep a reader busy for ever. */
export const READ_BUDGET_MS = 20_000;
const MAX_MEMORY_MB = 256;

export type ThreadReading = CalendarReading | { readonly ok: false; readonly outcome: 'too_costly' };
export type ReadCalendar = (task: CalendarTask) => Promise<ThreadReading>;

/** Reads a calendar in a thread of its own, which is ended when it takes more time or memory than it may. */
export async function readInThread(
  task: CalendarTask,
  budgetMs: number = READ_BUDGET_MS,
): Promise<ThreadReading> {
  const thread = startThread(task);
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<ThreadReading>((resolve, reject) => {
      const tooCostly = (): void => resolve({ ok: false, outcome: 'too_costly' });
      timer = setTimeout(tooCostly, budgetMs);
      thread.once('message', resolve);
      thread.once('error', (error: Error & { code?: string }) =>
        error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooCostly() : reject(error),
      );
      thread.once('exit', () =>
        reject(new Error('The thread that reads a calendar ended before it was done.')),
      );
    });
  } finally {
    clearTimeout(timer);
    await thread.terminate();
  }
}

/** As it was built; where the program runs from its sources, a loader for them comes first. */
function startThread(task: CalendarTask): Worker {
  const built = import.meta.url.endsWith('.js');
  const url = new URL(built ? './calendar-thread.js' : './calendar-thread.ts', import.meta.url);
  const load = `import('tsx/esm/api').then((tsx) => { tsx.register(); return import(${JSON.stringify(url.href)}); })`;
  const options = { workerData: task, resourceLimits: { maxOldGenerationSizeMb: MAX_MEMORY_MB } };
  return built
    ? new Worker(url, options)
    : new Worker(load, { ...options, eval: true, execArgv: ['--conditions=source'] });
}
