import { openDatabase } from '@watchbill/database';
import { openQueues } from '@watchbill/queue';
import {
  createLogger,
  createMetrics,
  onShutdown,
  readSettings,
  type Settings,
  SettingsError,
  startHealthServer,
} from '@watchbill/runtime';
import { startWorker } from './start-worker.ts';

/** As many as the jobs and lane turns of one process use at the same moment. */
const MAX_CONNECTIONS = 20;
/** A turn may be waiting for an answer; its time-out and the storing of the attempt fit into this. */
const CLOSE_LIMIT_MS = 30_000;

/** A worker as a process of its own. */
async function main(settings: Settings): Promise<never> {
  const logger = createLogger(settings, 'worker');
  const metrics = createMetrics();
  const database = openDatabase({
    connectionString: settings.databaseUrl,
    max: MAX_CONNECTIONS,
    applicationName: 'watchbill-worker',
    onError: (error) => logger.warn({ err: error }, 'a connection to the database was lost'),
  });
  const queues = openQueues({
    redis: settings.redis,
    postgres: { connectionString: settings.databaseUrl },
    settings: settings.queue,
    onError: (error) => logger.warn({ err: error }, 'the queue reports an error'),
  });
  const worker = await startWorker({ database, queues, logger, metrics, settings });
  const health = await startHealthServer({
    port: settings.healthPort,
    checks: [worker.check, { name: 'queues', check: queues.check }],
    metrics,
  });
  logger.info({ healthPort: health.port, queues: queues.backend }, 'ready');
  return onShutdown(
    [
      { name: 'worker', run: worker.close, limitMs: CLOSE_LIMIT_MS },
      { name: 'queues', run: queues.close },
      { name: 'health server', run: health.close },
      { name: 'database', run: database.close },
    ],
    logger,
  );
}

try {
  await main(readSettings(process.env));
} catch (error) {
  console.error(error instanceof SettingsError ? error.message : error);
  process.exit(1);
}
