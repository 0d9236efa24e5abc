import { openDatabase } from '@watchbill/database';
import { openQueues } from '@watchbill/queue';
import { createLogger, createMetrics, onShutdown, readSettings } from '@watchbill/runtime';
import { startApi } from './start-api.ts';

const settings = readSettings(process.env);
const logger = createLogger(settings, 'api');
const metrics = createMetrics();
const onError = (error: Error): void => logger.error({ err: error }, 'connection lost or refused');
const database = openDatabase({
  connectionString: settings.databaseUrl,
  applicationName: 'watchbill-api',
  onError,
});
const queues = openQueues({
  redis: settings.redis,
  postgres: { connectionString: settings.databaseUrl },
  settings: settings.queue,
  onError,
});
metrics.addSource(() => queues.metrics());
const api = await startApi({ database, queues, logger, metrics, settings });

await onShutdown(
  [
    { name: 'api', run: () => api.close() },
    { name: 'queues', run: () => queues.close() },
    { name: 'database', run: () => database.close() },
  ],
  logger,
);
