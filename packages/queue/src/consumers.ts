import { withinTime } from '@watchbill/runtime';
import type { Backend, BullWorker, FailedJob, RunningJob } from './backend.ts';
import { fromBullJob } from './job-options.ts';
import type { Consumer, Job, QueueName } from './queues.ts';

const REOPEN_AFTER_MS = 1_000;
/** How long running jobs may take to end; after that their locks run out and another worker runs them again. */
const CLOSE_LIMIT_MS = 20_000;
/** A worker without a running job that still does not close waits for a backend that is away. */
const IDLE_CLOSE_LIMIT_MS = 2_000;
const IDLE_LOOK_MS = 50;

/** Runs jobs until it is closed; a worker that could not start is replaced by a new one. */
export function startConsumer(
  backend: Backend,
  work: {
    readonly queue: QueueName;
    readonly handler: (job: Job) => Promise<void>;
    readonly concurrency: number;
    readonly onError: (error: Error) => void;
  },
): Consumer {
  let stopping: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let running = 0;
  let worker = openWatched();

  async function run(job: RunningJob): Promise<void> {
    running += 1;
    try {
      await work.handler(fromBullJob(job));
    } finally {
      running -= 1;
    }
  }

  function openWatched(): BullWorker {
    const opened = backend.openWorker(work.queue, run, work.concurrency);
    opened.on('error', (error) => work.onError(error));
    opened.on('failed', (job, error) => work.onError(describeFailure(work.queue, job, error)));
    opened.waitUntilReady().catch((error: Error) => {
      if (stopping !== undefined) return;
      work.onError(error);
      void opened.close(true).catch(() => undefined);
      timer = setTimeout(() => {
        worker = openWatched();
      }, REOPEN_AFTER_MS);
    });
    return opened;
  }

  async function stop(): Promise<void> {
    clearTimeout(timer);
    const message = `The jobs of the queue ${work.queue} did not end in ${CLOSE_LIMIT_MS} ms; others will run them again.`;
    const idle = new AbortController();
    const closed = worker.close().finally(() => idle.abort());
    try {
      await withinTime(
        Promise.race([closed, untilIdle(() => running === 0, idle.signal)]),
        CLOSE_LIMIT_MS,
        message,
      );
    } catch (error) {
      work.onError(error as Error);
    } finally {
      idle.abort();
    }
  }

  return {
    close: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}

/** Resolves when there was nothing to do for so long that waiting on has no sense, or when told to stop. */
async function untilIdle(isIdle: () => boolean, signal: AbortSignal): Promise<void> {
  let idleMs = 0;
  while (!signal.aborted && idleMs < IDLE_CLOSE_LIMIT_MS) {
    await new Promise((done) => setTimeout(done, IDLE_LOOK_MS));
    idleMs = isIdle() ? idleMs + IDLE_LOOK_MS : 0;
  }
}

function describeFailure(queue: QueueName, job: FailedJob | undefined, error: Error): Error {
  const tries = job === undefined ? '' : ` (attempt ${job.attemptsMade} of ${job.opts.attempts ?? 1})`;
  return new Error(`The job ${job?.id ?? 'unknown'} of the queue ${queue} failed${tries}: ${error.message}`, {
    cause: error,
  });
}
