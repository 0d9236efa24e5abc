import type { BullJob, JobData } from './job-options.ts';
import type { QueueName } from './queues.ts';

/** What we use of a BullMQ queue; both backends fit it. */
export interface BullQueue {
  add(name: string, data: JobData, options: BullJob['opts']): Promise<unknown>;
  addBulk(jobs: { name: string; data: JobData; opts: BullJob['opts'] }[]): Promise<unknown>;
  exportPrometheusMetrics(): Promise<string>;
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** What we use of a BullMQ worker; both backends fit it. */
export interface BullWorker {
  waitUntilReady(): Promise<unknown>;
  close(force?: boolean): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'failed', listener: (job: FailedJob | undefined, error: Error) => void): unknown;
}

export interface FailedJob {
  readonly id?: string | undefined;
  readonly attemptsMade: number;
  readonly opts: { readonly attempts?: number | undefined };
}

export interface RunningJob {
  readonly id?: string | undefined;
  readonly name: string;
  readonly data: JobData;
}

/** One place where jobs are kept. Everything that differs between Redis and PostgreSQL is behind it. */
export interface Backend {
  readonly kind: 'redis' | 'postgres';
  openQueue(name: QueueName): BullQueue;
  openWorker(name: QueueName, run: (job: RunningJob) => Promise<void>, concurrency: number): BullWorker;
  /** From this many jobs on, one bulk is cheaper than single adds. */
  readonly bulkFrom: number;
  /** Metrics that BullMQ prints and nobody counts here. */
  readonly emptyMetrics: readonly string[];
  check(): Promise<readonly string[]>;
  /** Lets go of every connection, also of those that wait for an answer; the last thing that is called. */
  close(): Promise<void>;
}
