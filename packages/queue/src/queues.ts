/**
 * The queues. `boundaries`: schedules with fired boundaries to apply. `events`: one job for each event, named
 * after its type, that wakes the fan-out. `deliveries`: lanes (endpoint + schedule) with something to send. `pages`:
 * pages with a step due. `notifications`: notices to people that are due.
 */
export const QUEUE_NAMES = ['boundaries', 'events', 'deliveries', 'pages', 'notifications'] as const;
export type QueueName = (typeof QUEUE_NAMES)[number];

/** One piece of work. `key` makes it the same job when it is added twice; no `:` in it. Payloads are small JSON. */
export interface Job {
  readonly key: string;
  readonly name: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly traceparent: string | null;
}

export interface Consumer {
  /** Stops taking jobs and waits for the running ones. */
  close(): Promise<void>;
}

/**
 * Where work waits. A job only wakes: it may be lost, doubled, late or out of order, and nothing may depend on it.
 * What is true stands in PostgreSQL.
 */
export interface Queues {
  readonly backend: 'redis' | 'postgres';
  /** Adds jobs in order. Rejects when the backend is unreachable, after a short, finite time. */
  enqueue(queue: QueueName, jobs: readonly Job[]): Promise<void>;
  /** Runs `handler` for each job; a rejection is a retry with back-off, a bounded number of times. */
  consume(
    queue: QueueName,
    handler: (job: Job) => Promise<void>,
    options: { readonly concurrency: number },
  ): Consumer;
  /** Problems that make this backend unfit (unreachable, Redis not `noeviction`), in plain words; none is well. */
  check(): Promise<readonly string[]>;
  /** Prometheus text of the queues' own figures. */
  metrics(): Promise<string>;
  close(): Promise<void>;
}
