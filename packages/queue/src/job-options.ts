import type { QueueSettings } from '@watchbill/runtime';
import type { JobsOptions } from 'bullmq';
import type { Job } from './queues.ts';

/** What a job carries inside BullMQ. */
export interface JobData {
  readonly payload: Readonly<Record<string, unknown>>;
  readonly traceparent: string | null;
}

/** Share of a wait that is random, so that jobs that failed together do not come back together. */
const BACKOFF_JITTER = 0.5;
const KEEP_DONE = { age: 600, count: 1_000 } as const;
const KEEP_FAILED = { age: 7 * 24 * 3_600, count: 1_000 } as const;
const MAX_KEY_LENGTH = 300;

/** Options of every job: exponential back-off, and what is kept of it afterwards. */
export function defaultJobOptions(backend: 'redis' | 'postgres', settings: QueueSettings): JobsOptions {
  return {
    attempts: settings.attempts,
    backoff: { type: 'exponential', delay: settings.backoffMs, jitter: BACKOFF_JITTER },
    // In PostgreSQL, trimming by count or age deletes rows that other workers delete too, which deadlocks, and a
    // deadlock re-runs or fails a finished job. There a job removes itself alone; a failure is told to `onError`.
    removeOnComplete: backend === 'redis' ? { ...KEEP_DONE } : true,
    removeOnFail: backend === 'redis' ? { ...KEEP_FAILED } : true,
  };
}

export interface BullJob {
  readonly name: string;
  readonly data: JobData;
  readonly opts: { readonly jobId: string };
}

/** @throws {RangeError} for a key that BullMQ would refuse or take for a number. */
export function toBullJob({ key, name, payload, traceparent }: Job): BullJob {
  if (key === '' || key.length > MAX_KEY_LENGTH || key.includes(':') || /^\d+$/.test(key)) {
    throw new RangeError(
      `The job key "${key}" must be 1 to ${MAX_KEY_LENGTH} characters, no ":" and not a number.`,
    );
  }
  return { name, data: { payload, traceparent }, opts: { jobId: key } };
}

export function fromBullJob(job: {
  readonly id?: string | undefined;
  readonly name: string;
  readonly data: JobData;
}): Job {
  return { key: job.id ?? '', name: job.name, payload: job.data.payload, traceparent: job.data.traceparent };
}
