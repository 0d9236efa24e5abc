import { startApi } from '@watchbill/api';
import { createFirstLink, createFirstToken } from '@watchbill/commands';
import { DAY_MS } from '@watchbill/core';
import type { Database } from '@watchbill/database';
import { openQueues } from '@watchbill/queue';
import { createLogger, createMetrics, type Logger, readSettings, type Settings } from '@watchbill/runtime';
import { startScheduler } from '@watchbill/scheduler';
import { startSlackbot } from '@watchbill/slackbot';
import { startWorker } from '@watchbill/worker';
import type { Closing } from './closing-steps.ts';
import type { CommandLine } from './command-line.ts';
import { startDemonstration } from './demonstration/demonstration.ts';
import { startFastClock } from './demonstration/fast-clock.ts';
import { applyFirstSchedule } from './first-schedule.ts';
import { freePort, isFree } from './free-port.ts';
import { openLogFile } from './log-file.ts';
import { findDatabase, openMigrated } from './open-stores.ts';
import { firstTokenText } from './screen/first-token-text.ts';
import { situationText } from './screen/situation.ts';
import { slackText } from './screen/slack-text.ts';

const WEEK_MS = 7 * DAY_MS;
/** A webhook may be waiting for its answer; its time-out and the storing of the attempt fit into this. */
const WORKER_CLOSE_LIMIT_MS = 30_000;
/** Requests of Slack that are being answered, and messages that are being sent. */
const SLACKBOT_CLOSE_LIMIT_MS = 25_000;
/** Loopback: the demonstration sends webhooks to itself and to whatever a newcomer starts beside it. */
const OWN_NETWORKS = '127.0.0.0/8,::1/128';
const FAST_QUEUE_PREFIX = '{watchbill_fast}';

export interface StandaloneOptions {
  readonly line: CommandLine;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly print: (text: string) => void;
  /** Throws when it is time to stop: asked between any two steps of the start. */
  readonly checkpoint: () => void;
}

/** Starts everything and prints what a newcomer wants to see. What was opened is in `closing`, also when it throws. */
export async function runStandalone(options: StandaloneOptions, closing: Closing): Promise<Running> {
  const { line, environment, print, checkpoint } = options;
  const fast = line.clockFactor !== undefined;
  const log = openLogFile(line.stateFolder);
  closing.add('log', log.close);
  const given = nonEmpty(environment.DATABASE_URL);
  const databaseUrl = await findDatabase({ ...line, databaseUrl: given, fast, print }, closing);
  checkpoint();
  const settings = await settingsOf({ databaseUrl, fast }, options);
  const logger = createLogger(settings, 'standalone', log);
  const database = await openMigrated(databaseUrl, (error) => {
    logger.warn({ err: error }, 'a connection to the database was lost');
  });
  closing.add('pool', database.close);
  checkpoint();
  const horizon = { horizonMs: settings.horizonWeeks * WEEK_MS, leadMinutes: settings.startingSoonMinutes };
  const example = await applyFirstSchedule(database, horizon);
  if (line.clockFactor !== undefined) await startFastClock(database, line.clockFactor);
  checkpoint();
  const url = await startServices({ database, settings, logger }, closing);
  checkpoint();
  // Only now, with nothing in between that could fail: it is printed once and never again.
  const token = await createFirstToken(database);
  const link = await createFirstLink(database);
  if (example !== null) print(`The database was empty: ${example} is applied.`);
  print('');
  for (const text of await situationText(database)) print(text);
  print(`Open  ${link === null ? url : `${url}/setup/${link}`}`);
  if (link !== null) print('      The link makes the first account. It works once, within three days.');
  print(`API   ${url}/openapi.json`);
  print(slackText(settings));
  print(`Log   ${log.path}`);
  if (token !== null) print(`\n${firstTokenText(token)}`);
  print('');
  if (fast) {
    print(`The clock runs ${line.clockFactor} times as fast, in a database of its own. What happens:\n`);
    closing.add('demonstration', (await startDemonstration(database, print)).close);
  }
  return { url, logger };
}

export interface Running {
  readonly url: string;
  readonly logger: Logger;
}

async function settingsOf(
  database: { readonly databaseUrl: string; readonly fast: boolean },
  { line, environment, print }: StandaloneOptions,
): Promise<Settings> {
  const own = {
    ...environment,
    DATABASE_URL: database.databaseUrl,
    ...(line.port === undefined ? {} : { PORT: String(line.port) }),
    ...(database.fast
      ? {
          WATCHBILL_QUEUE_PREFIX: FAST_QUEUE_PREFIX,
          WATCHBILL_WEBHOOK_ALLOWED_NETWORKS:
            nonEmpty(environment.WATCHBILL_WEBHOOK_ALLOWED_NETWORKS) ?? OWN_NETWORKS,
        }
      : {}),
  };
  const wanted = readSettings(own);
  const isChosen = line.port !== undefined || nonEmpty(environment.PORT) !== undefined;
  if (wanted.port > 0 && (await isFree(wanted.host, wanted.port))) return wanted;
  if (wanted.port > 0 && isChosen) {
    throw new Error(
      `Port ${wanted.port} of ${wanted.host} is taken. Name another one with --port, or 0 for any.`,
    );
  }
  const port = await freePort(wanted.host);
  if (wanted.port > 0) print(`Port ${wanted.port} is taken; using ${port}. Name one with --port.`);
  // Settled before the settings are read, since addresses that are given out contain it.
  return readSettings({ ...own, PORT: String(port) });
}

async function startServices(
  { database, settings, logger }: { database: Database; settings: Settings; logger: Logger },
  closing: Closing,
): Promise<string> {
  const metrics = createMetrics();
  const queues = openQueues({
    redis: settings.redis,
    postgres: { connectionString: settings.databaseUrl },
    settings: settings.queue,
    onError: (error) => logger.warn({ err: error }, 'the queue reports an error'),
  });
  closing.add('queues', queues.close);
  metrics.addSource(queues.metrics);
  const shared = { database, queues, logger, metrics, settings };
  closing.add('scheduler', (await startScheduler(shared)).close);
  closing.add('worker', (await startWorker(shared)).close, WORKER_CLOSE_LIMIT_MS);
  const bot = settings.slack.mode === 'off' ? null : startSlackbot(shared);
  if (bot !== null) closing.add('slackbot', bot.close, SLACKBOT_CLOSE_LIMIT_MS);
  const api = await startApi({ ...shared, slackHandler: bot?.httpHandler });
  closing.add('api', api.close);
  return api.url;
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text;
}
