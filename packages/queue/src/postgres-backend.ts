import { type QueueSettings, withinTime } from '@watchbill/runtime';
import {
  assertSchemaCompatibility,
  createPostgresBackend,
  type JobProgress,
  type PostgresConnectionOptions,
  type PostgresQueueBackend,
  Queue,
  Worker,
} from 'bullmq';
import pg from 'pg';
import type { Backend } from './backend.ts';
import { defaultJobOptions, type JobData } from './job-options.ts';
import { QUEUE_SCHEMA } from './migrate-queues.ts';
import { MAX_STREAM_EVENTS, workerOptions } from './worker-options.ts';

/** Each worker holds one connection to listen on; the rest is for its jobs and for adding. */
const DEFAULT_CONNECTIONS = 12;
/** BullMQ's functions on PostgreSQL get slower, not faster, beyond this. */
const MAX_CONCURRENCY = 8;
const CONNECT_TIMEOUT_MS = 3_000;
const CHECK_LIMIT_MS = 2_000;
const END_LIMIT_MS = 5_000;
/** A bulk costs 5 ms however small it is. */
const BULK_FROM = 5;

export interface PostgresQueueOptions {
  readonly connectionString: string;
  /** Connections at most; more than there are workers. */
  readonly maxConnections?: number;
}

/** Jobs in PostgreSQL, in a schema of their own. Run `migrateQueues` before. */
export function openPostgresBackend(
  options: PostgresQueueOptions,
  settings: QueueSettings,
  onError: (error: Error) => void,
): Backend {
  const pool = openPool(options, onError);
  // It is the very pool that BullMQ asks for; its own description of pg.Pool leaves no room for pg's overloads.
  const connection = pool as unknown as PostgresConnectionOptions;
  return {
    kind: 'postgres',
    bulkFrom: BULK_FROM,
    // Counting them would make all workers of a queue wait for one row.
    emptyMetrics: ['bullmq_job_completed_total', 'bullmq_job_failed_total'],
    openQueue: (name) =>
      new Queue<
        JobData,
        void,
        string,
        JobData,
        void,
        string,
        PostgresQueueBackend,
        PostgresConnectionOptions
      >(
        name,
        {
          connection,
          defaultJobOptions: defaultJobOptions('postgres', settings),
          streams: { events: { maxLen: MAX_STREAM_EVENTS } },
        },
        createPostgresBackend,
      ),
    openWorker: (name, run, concurrency) =>
      new Worker<JobData, void, string, PostgresQueueBackend, JobProgress, PostgresConnectionOptions>(
        name,
        run,
        { ...workerOptions(settings, Math.min(concurrency, MAX_CONCURRENCY)), connection },
        createPostgresBackend,
      ),
    check: async () => {
      try {
        const check = assertSchemaCompatibility(pool, QUEUE_SCHEMA, { skipVersionCheck: true });
        await withinTime(check, CHECK_LIMIT_MS, 'PostgreSQL did not answer in time.');
        return [];
      } catch (error) {
        return [`The queues in PostgreSQL cannot be used: ${(error as Error).message}`];
      }
    },
    close: () => withinTime(pool.end(), END_LIMIT_MS, 'The connections of the queues did not end in time.'),
  };
}

function openPool(options: PostgresQueueOptions, onError: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    options: `-c search_path=${QUEUE_SCHEMA},public`,
    max: options.maxConnections ?? DEFAULT_CONNECTIONS,
    application_name: 'watchbill-queue',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
  });
  pool.on('error', onError);
  // A connection in use has no listener of the pool: without this one a server restart ends the process.
  pool.on('connect', (client) => void client.on('error', onError));
  // Every queue and worker adds a listener of its own.
  pool.setMaxListeners(0);
  return pool;
}
