import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startPlanner } from '@watchbill/commands';
import { DAY_MS } from '@watchbill/core';
import {
  ACCESS_CHANNEL,
  type Database,
  listen,
  PLAN_JOB_ENDED_CHANNEL,
  STREAM_CHANNEL,
} from '@watchbill/database';
import type { Queues } from '@watchbill/queue';
import type { Logger, Metrics } from '@watchbill/runtime';
import { createAuthenticator } from './access/authenticator.ts';
import type { ApiContext, ApiSettings } from './context.ts';
import { createEventTail } from './live/event-tail.ts';
import { segmentLoader } from './on-call/load-segment.ts';
import { createOnCallCache } from './on-call/on-call-cache.ts';
import { createServerClock } from './on-call/server-clock.ts';
import { createPlanJobWaits } from './planning/plan-job-waits.ts';
import { buildServer } from './server.ts';
import { openIdentityProvider } from './sign-in/identity-provider.ts';

export interface ApiOptions {
  readonly database: Database;
  readonly queues: Queues;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly settings: ApiSettings;
  /** Takes the raw requests below `/slack/`: of a Slack bot in the same process. */
  readonly slackHandler?: RequestListener | null | undefined;
}

export interface RunningApi {
  /** Where it listens, such as `http://127.0.0.1:4400`. */
  readonly url: string;
  /** Finishes the requests under way, then stops. May be called twice. */
  close(): Promise<void>;
}

const WEEK_MS = 7 * DAY_MS;
/** Requests under way get this long to finish; then their connections are cut. */
const DRAIN_MS = 8_000;
/** Plans are explained while the client waits. */
const EXPLAIN_BUDGET_MS = 25_000;
const SCHEDULE_CHANNEL = 'watchbill_schedule';

/** Starts the API. Rejects when the database cannot be read or the port is taken. */
export async function startApi(options: ApiOptions): Promise<RunningApi> {
  const { database, logger, settings } = options;
  const clock = await createServerClock(database, logger);
  const authenticator = createAuthenticator(database, logger);
  const onCall = createOnCallCache(segmentLoader(database, clock));
  const horizon = { horizonMs: settings.horizonWeeks * WEEK_MS, leadMinutes: settings.startingSoonMinutes };
  const planning = startPlanner({ budgetMs: EXPLAIN_BUDGET_MS });
  const planJobs = createPlanJobWaits(database);
  const liveEvents = createEventTail(database, logger);
  const signInProviders = settings.signInProviders.map(openIdentityProvider);
  const context: ApiContext = {
    ...{ ...options, horizon, clock, authenticator, onCall, planning, planJobs },
    ...{ signInProviders, liveEvents },
  };
  const stopListening = listenForChanges(context);
  const stop = async (): Promise<void> => {
    clock.close();
    await planning.close();
    await stopListening();
    await liveEvents.close();
  };
  try {
    const app = await buildServer(context);
    await app.listen({ host: settings.host, port: settings.port });
    const url = urlOf(app.server.address() as AddressInfo, settings.host);
    logger.info({ url }, 'api listens');
    let closing: Promise<void> | undefined;
    const close = async (): Promise<void> => {
      const cut = setTimeout(() => app.server.closeAllConnections(), DRAIN_MS);
      planJobs.close();
      await app.close();
      clearTimeout(cut);
      await stop();
    };
    return {
      url,
      close: () => {
        closing ??= close();
        return closing;
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What is kept in memory is forgotten when it changes, and not used at all while changes cannot reach us. */
function listenForChanges({
  database,
  authenticator,
  onCall,
  liveEvents,
  planJobs,
  logger,
}: ApiContext): () => Promise<void> {
  const listener = listen({
    connectionString: database.connectionString,
    channels: [SCHEDULE_CHANNEL, ACCESS_CHANNEL, STREAM_CHANNEL, PLAN_JOB_ENDED_CHANNEL],
    onNotify: (channel, payload) => {
      if (channel === ACCESS_CHANNEL) authenticator.forget();
      else if (channel === STREAM_CHANNEL) liveEvents.wake();
      else if (channel === PLAN_JOB_ENDED_CHANNEL) planJobs.ended(payload);
      else onCall.forget(payload);
    },
    onState: (connected) => {
      authenticator.setLive(connected);
      onCall.setLive(connected);
      liveEvents.setLive(connected);
      if (!connected) logger.warn('changes cannot reach us: answering from the database until they do');
    },
  });
  return () => listener.close();
}

function urlOf(address: AddressInfo, host: string): string {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${address.port}`;
}
