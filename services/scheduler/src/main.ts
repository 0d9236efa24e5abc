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
import { startScheduler } from './start-scheduler.ts';

/** A scheduler as a process of its own. */
async function main(settings: Settings): Promise<never> {
  const logger = createLogger(settings, 'scheduler');
  const metrics = createMetrics();
  const database = openDatabase({
    connectionString: settings.databaseUrl,
    applicationName: 'watchbill-scheduler',
    onError: (error) => logger.warn({ err: error }, 'a connection to the database was lost'),
  });
  const queues = openQueues({
    redis: settings.redis,
    postgres: { connectionString: settings.databaseUrl },
    settings: settings.queue,
    onError: (error) => logger.warn({ err: error }, 'the queue reports an error'),
  });
  metrics.addSource(queues.metrics);
  const scheduler = await startScheduler({ database, queues, logger, metrics, settings });
  const health = await startHealthServer({
    port: settings.healthPort,
    checks: [scheduler.check, { name: 'queues', check: queues.check }],
    metrics,
  });
  logger.info({ healthPort: health.port }, 'ready');
  return onShutdown(
    [
      { name: 'scheduler', run: scheduler.close },
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
