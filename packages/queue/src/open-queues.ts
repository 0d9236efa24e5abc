import { type QueueSettings, type RedisAddress, SETTING_DEFAULTS, withinTime } from '@watchbill/runtime';
import type { Backend, BullQueue } from './backend.ts';
import { startConsumer } from './consumers.ts';
import { filterErrors } from './error-filter.ts';
import { toBullJob } from './job-options.ts';
import { openPostgresBackend, type PostgresQueueOptions } from './postgres-backend.ts';
import { keepProducer } from './producers.ts';
import { joinPrometheusTexts } from './prometheus-text.ts';
import { type Consumer, type Job, QUEUE_NAMES, type QueueName, type Queues } from './queues.ts';
import { openRedisBackend } from './redis-backend.ts';

const READY_LIMIT_MS = 1_000;
const ENQUEUE_LIMIT_MS = 5_000;
const METRICS_LIMIT_MS = 3_000;
const CLOSE_LIMIT_MS = 5_000;

export interface QueueOptions {
  /** Where jobs are kept: in Redis when an address is given, else in PostgreSQL. */
  readonly redis?: RedisAddress | null;
  readonly postgres?: PostgresQueueOptions;
  /** Locks and retries; left out fields have their defaults. */
  readonly settings?: Partial<QueueSettings>;
  /** Hears every error of connections and jobs, the same message at most once a minute. */
  readonly onError: (error: Error) => void;
}

const DEFAULT_SETTINGS: QueueSettings = {
  prefix: SETTING_DEFAULTS.queuePrefix,
  lockMs: SETTING_DEFAULTS.lockMs,
  stalledMs: SETTING_DEFAULTS.stalledMs,
  attempts: SETTING_DEFAULTS.jobAttempts,
  backoffMs: SETTING_DEFAULTS.jobBackoffMs,
};

/**
 * Opens the queues. Does not wait for the backend: while it is away adding fails fast and `check` says so.
 * @throws when neither Redis nor PostgreSQL is given.
 */
export function openQueues(options: QueueOptions): Queues {
  const settings = { ...DEFAULT_SETTINGS, ...options.settings };
  const onError = filterErrors(options.onError);
  const backend = openBackend(options, settings, onError);
  const producers = new Map(
    QUEUE_NAMES.map((name) => [name, keepProducer(() => backend.openQueue(name), onError)] as const),
  );
  const consumers = new Set<Consumer>();
  let closing: Promise<void> | undefined;
  return {
    backend: backend.kind,
    enqueue: async (queue, jobs) => {
      if (jobs.length === 0) return;
      if (closing !== undefined) throw new Error('The queues are closed.');
      await addAll(backend, queueOf(producers, queue), jobs);
    },
    consume: (queue, handler, { concurrency }) => {
      if (closing !== undefined) throw new Error('The queues are closed.');
      const consumer = startConsumer(backend, { queue, handler, concurrency, onError });
      consumers.add(consumer);
      return consumer;
    },
    check: () => backend.check().catch((error: Error) => [error.message]),
    metrics: async () => {
      const texts = QUEUE_NAMES.map((name) => queueOf(producers, name).exportPrometheusMetrics());
      const all = await withinTime(Promise.all(texts), METRICS_LIMIT_MS, 'The queues did not answer.');
      return joinPrometheusTexts(all, backend.emptyMetrics);
    },
    close: () => {
      closing ??= closeInOrder(backend, consumers, [...producers.values()]);
      return closing;
    },
  };
}

function openBackend(
  options: QueueOptions,
  settings: QueueSettings,
  onError: (error: Error) => void,
): Backend {
  if (options.redis) return openRedisBackend(options.redis, settings, onError);
  if (options.postgres) return openPostgresBackend(options.postgres, settings, onError);
  throw new Error('The queues need a Redis or a PostgreSQL to live in.');
}

function queueOf(producers: ReadonlyMap<QueueName, { current(): BullQueue }>, name: QueueName): BullQueue {
  const producer = producers.get(name);
  if (producer === undefined) throw new RangeError(`There is no queue "${name}".`);
  return producer.current();
}

async function addAll(backend: Backend, queue: BullQueue, jobs: readonly Job[]): Promise<void> {
  const added = jobs.map(toBullJob);
  await withinTime(queue.waitUntilReady(), READY_LIMIT_MS, 'The queue cannot be reached.');
  const adding =
    added.length >= backend.bulkFrom
      ? queue.addBulk(added)
      : (async () => {
          for (const { name, data, opts } of added) await queue.add(name, data, opts);
        })();
  await withinTime(adding, ENQUEUE_LIMIT_MS, 'The queue did not answer in time.');
}

/** Workers first, so that they finish their jobs; then the queues; the connections last. */
async function closeInOrder(
  backend: Backend,
  consumers: ReadonlySet<Consumer>,
  producers: readonly { close(): Promise<void> }[],
): Promise<void> {
  await Promise.all([...consumers].map((consumer) => consumer.close()));
  const closings = producers.map((producer) => producer.close().catch(() => undefined));
  await withinTime(Promise.all(closings), CLOSE_LIMIT_MS, 'The queues did not close.').catch(() => undefined);
  await backend.close();
}
