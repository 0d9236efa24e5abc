import { createServer, type RequestListener, type Server } from 'node:http';
import { clockNow, openDatabase } from '@watchbill/database';
import {
  createLogger,
  createMetrics,
  type Logger,
  onShutdown,
  readSettings,
  type Settings,
  SettingsError,
  startHealthServer,
} from '@watchbill/runtime';
import { startSlackbot } from './start-slackbot.ts';

const MAX_CONNECTIONS = 15;
const CLOSE_LIMIT_MS = 20_000;
const NOT_CONNECTED = `No Slack app is connected: set SLACK_BOT_TOKEN and SLACK_APP_TOKEN. docs/slack.md shows how, in ten steps.`;

/** The Slack bot as a process of its own. */
async function main(settings: Settings): Promise<never> {
  if (settings.slack.mode === 'off') throw new SettingsError([NOT_CONNECTED]);
  const logger = createLogger(settings, 'slackbot');
  const metrics = createMetrics();
  const database = openDatabase({
    connectionString: settings.databaseUrl,
    max: MAX_CONNECTIONS,
    applicationName: 'watchbill-slackbot',
    onError: (error) => logger.warn({ err: error }, 'a connection to the database was lost'),
  });
  const bot = startSlackbot({ database, logger, metrics, settings });
  const server = bot.httpHandler === null ? null : await serve(bot.httpHandler, settings, logger);
  const health = await startHealthServer({
    port: settings.healthPort,
    checks: [bot.check, { name: 'database', check: () => clockNow(database).then(() => []) }],
    metrics,
  });
  logger.info({ healthPort: health.port }, 'ready');
  return onShutdown(
    [
      { name: 'slack requests', run: () => closeServer(server) },
      { name: 'slackbot', run: bot.close, limitMs: CLOSE_LIMIT_MS },
      { name: 'health server', run: health.close },
      { name: 'database', run: database.close },
    ],
    logger,
  );
}

/** Where Slack's requests and installations come in; put a proxy with TLS in front of it. */
async function serve(handler: RequestListener, settings: Settings, logger: Logger): Promise<Server> {
  const server = createServer(handler);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(settings.slack.port, settings.host, resolve);
  });
  logger.info({ host: settings.host, address: server.address() }, 'waiting for Slack');
  return server;
}

async function closeServer(server: Server | null): Promise<void> {
  if (server === null) return;
  server.closeIdleConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}

try {
  await main(readSettings(process.env));
} catch (error) {
  console.error(error instanceof SettingsError ? error.message : error);
  process.exit(1);
}
