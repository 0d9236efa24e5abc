import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ExactSolver, RepairModel } from '@watchbill/core';
import { type GaveUp, SOLVE_LIMITS, type Solved } from './solve-model.ts';
import type { SolverTask } from './solver-thread.ts';

/** Who solves, for the record: the package, which pins the version of HiGHS. */
export const SOLVER = 'highs 1.15.3';

/** All models of one plan together: a multiple of what one may cost. */
const TOTAL_WORK = 60_000_000;
/** Real time of one model, and of all: for a machine that is far slower than any that was thought of. */
const SOLVE_MS = 30_000;
const TOTAL_MS = 60_000;
/** The thread's own memory; the program of the solver has a limit of its own. */
const MAX_MEMORY_MB = 512;

/** An exact solver in a thread of its own: it blocks, and a thread can be ended. */
export interface SolverThread {
  readonly solve: ExactSolver;
  /** Why it did not know an answer, the first time that it did not. */
  readonly gaveUp: () => GaveUp | null;
  readonly end: () => Promise<void>;
}

/**
 * A solver for one plan. Starts no thread before the first model, and asks nothing twice. Limits are counted in steps,
 * so that the same models get the same answers on every machine; where it fails, nothing is proven.
 */
export function startSolver({ solveMs = SOLVE_MS }: { readonly solveMs?: number } = {}): SolverThread {
  const known = new Map<string, Solved>();
  let worker: Worker | null = null;
  let left = TOTAL_WORK;
  let leftMs = TOTAL_MS;
  let gaveUp: GaveUp | null = null;
  const end = async (): Promise<void> => {
    const running = worker;
    worker = null;
    await running?.terminate();
  };
  const ask = async (model: RepairModel): Promise<Solved> => {
    const task = { model, work: Math.min(left, SOLVE_LIMITS.work) };
    if (task.work <= 0) return failed('work');
    if (leftMs <= 0) return failed('time');
    const started = performance.now();
    worker ??= startWorker();
    const solved = await answerOf(worker, task, Math.min(solveMs, leftMs));
    leftMs -= performance.now() - started;
    if (solved.gaveUp === 'time' || solved.gaveUp === 'failed') await end();
    return solved;
  };
  const solve: ExactSolver = async (model) => {
    const key = hashOf(model);
    const solved = known.get(key) ?? (await ask(model));
    if (!known.has(key)) left -= solved.work;
    known.set(key, solved);
    gaveUp ??= solved.gaveUp;
    return { status: solved.status, values: solved.values };
  };
  return { solve, gaveUp: () => gaveUp, end };
}

async function answerOf(worker: Worker, task: SolverTask, solveMs: number): Promise<Solved> {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), solveMs);
  // The error of a thread, such as one without memory, rejects both.
  const ended = once(worker, 'exit', { signal: over.signal });
  const answered = once(worker, 'message', { signal: over.signal });
  try {
    worker.postMessage(task);
    const first = await Promise.race([ended.then(() => null), answered]);
    return first === null ? failed('failed') : (first[0] as Solved);
  } catch {
    return failed(over.signal.aborted ? 'time' : 'failed');
  } finally {
    clearTimeout(timer);
    over.abort();
    ended.catch(() => undefined);
    answered.catch(() => undefined);
  }
}

function failed(gaveUp: GaveUp): Solved {
  return { status: 'unknown', values: [], work: 0, gaveUp };
}

function hashOf(model: RepairModel): string {
  const hash = createHash('sha256').update(`${model.columnCount} ${model.rowCount} `);
  const { cost, integer, rowLower, rowUpper, rowStarts, columns, values } = model;
  for (const part of [cost, integer, rowLower, rowUpper, rowStarts, columns, values]) {
    hash.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
  }
  return hash.digest('hex');
}

/** As it was built; where the program runs from its sources, a loader for them comes first. */
function startWorker(): Worker {
  const built = import.meta.url.endsWith('.js');
  const url = new URL(built ? './solver-thread.js' : './solver-thread.ts', import.meta.url);
  const load = `import('tsx/esm/api').then((tsx) => { tsx.register(); return import(${JSON.stringify(url.href)}); })`;
  const options = { stdout: true, stderr: true, resourceLimits: { maxOldGenerationSizeMb: MAX_MEMORY_MB } };
  const worker = built
    ? new Worker(url, options)
    : new Worker(load, { ...options, eval: true, execArgv: ['--conditions=source'] });
  // An idle solver must not keep a process alive, and an error of the thread is told by its exit.
  worker.on('error', () => undefined);
  worker.unref();
  return worker;
}
