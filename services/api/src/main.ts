import { openDatabase } from '@watchbill/database';
import { openQueues } from '@watchbill/queue';
import {
  createLogger,
  createMetrics,
  onShutdown,
  readSettings,
  type Settings,
  SettingsError,
} from '@watchbill/runtime';
import { startApi } from './start-api.ts';

const MAX_CONNECTIONS = 20;
/** Longer than the drain of the server itself. */
const CLOSE_LIMIT_MS = 12_000;

/** The API as a process of its own. */
async function main(settings: Settings): Promise<never> {
  const logger = createLogger(settings, 'api');
  const metrics = createMetrics();
  const database = openDatabase({
    connectionString: settings.databaseUrl,
    max: MAX_CONNECTIONS,
    applicationName: 'watchbill-api',
    onError: (error) => logger.warn({ err: error }, 'a connection to the database was lost'),
  });
  const queues = openQueues({
    redis: settings.redis,
    postgres: { connectionString: settings.databaseUrl },
    settings: settings.queue,
    onError: (error) => logger.warn({ err: error }, 'the queue reports an error'),
  });
  metrics.addSource(queues.metrics);
  const api = await startApi({ database, queues, logger, metrics, settings });
  logger.info({ url: api.url, queues: queues.backend }, 'ready');
  return onShutdown(
    [
      { name: 'api', run: api.close, limitMs: CLOSE_LIMIT_MS },
      { name: 'queues', run: queues.close },
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
