import { type QueueSettings, type RedisAddress, withinTime } from '@watchbill/runtime';
import { Queue, Worker } from 'bullmq';
import type { Backend } from './backend.ts';
import { defaultJobOptions, type JobData } from './job-options.ts';
import { openRedis, type RedisConnection, serverInfo } from './redis-connection.ts';
import { redisProblems } from './redis-fitness.ts';
import { MAX_STREAM_EVENTS, workerOptions } from './worker-options.ts';

const CHECK_LIMIT_MS = 2_000;
const QUIT_LIMIT_MS = 1_000;
const BULK_FROM = 2;

/** Jobs in Redis. Works while Redis is away, too: adding fails fast, workers wait and come back by themselves. */
export function openRedisBackend(
  address: RedisAddress,
  settings: QueueSettings,
  onError: (error: Error) => void,
): Backend {
  // One connection for all queues; one for all workers, of which each takes a copy to wait on.
  const producer = openRedis(address, 'producer', onError);
  const copies: RedisConnection[] = [];
  let consumer: RedisConnection | undefined;
  const consumerConnection = (): RedisConnection => {
    if (consumer !== undefined) return consumer;
    consumer = openRedis(address, 'worker', onError);
    rememberCopies(consumer, copies);
    return consumer;
  };
  return {
    kind: 'redis',
    bulkFrom: BULK_FROM,
    emptyMetrics: [],
    openQueue: (name) =>
      new Queue<JobData, void, string>(name, {
        connection: producer,
        prefix: settings.prefix,
        defaultJobOptions: defaultJobOptions('redis', settings),
        streams: { events: { maxLen: MAX_STREAM_EVENTS } },
      }),
    openWorker: (name, run, concurrency) =>
      new Worker<JobData, void, string>(name, run, {
        ...workerOptions(settings, concurrency),
        connection: consumerConnection(),
        // Counts finished and failed jobs; the minutes it keeps are of no interest.
        metrics: { maxDataPoints: 1 },
        prefix: settings.prefix,
      }),
    check: async () => {
      const infos = await withinTime(serverInfo(producer), CHECK_LIMIT_MS, 'Redis did not answer in time.');
      if (infos.length === 0) return ['No master of the Redis Cluster is known yet.'];
      return infos.flatMap(redisProblems);
    },
    close: async () => {
      await Promise.all([producer, ...(consumer === undefined ? [] : [consumer])].map(hangUp));
      for (const copy of copies) copy.disconnect();
    },
  };
}

/** A worker's copy that hangs while Redis is away would keep the process alive: keep hold of it to end it. */
function rememberCopies(connection: RedisConnection, copies: RedisConnection[]): void {
  const duplicate = connection.duplicate.bind(connection) as (...options: unknown[]) => RedisConnection;
  const remembering = (...options: unknown[]): RedisConnection => {
    const copy = duplicate(...options);
    copies.push(copy);
    return copy;
  };
  Object.assign(connection, { duplicate: remembering });
}

async function hangUp(connection: RedisConnection): Promise<void> {
  try {
    if (connection.status === 'ready') await withinTime(connection.quit(), QUIT_LIMIT_MS, 'no answer');
  } catch {
    // It is being ended anyway.
  } finally {
    connection.disconnect();
  }
}
