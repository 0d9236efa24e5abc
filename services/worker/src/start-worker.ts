import { applyBoundaries, fanOutEvents } from '@watchbill/commands';
import { clockNow, type Database, type LaneId } from '@watchbill/database';
import type { Consumer, Job, Queues } from '@watchbill/queue';
import { type HealthCheck, type Logger, type Metrics, type Settings, sealKeysOf } from '@watchbill/runtime';
import { openFeedFetcher } from './absence-feeds/feed-fetcher.ts';
import { startFeedPoller } from './absence-feeds/feed-poller.ts';
import type { GuardedAgentOptions } from './delivery/guarded-agent.ts';
import { createLaneRunner } from './delivery/lane-runner.ts';
import { type LaneTurnEnd, runLaneTurn, type StoredAttempt } from './delivery/lane-turn.ts';
import { openWebhookSender, type WebhookSender } from './delivery/webhook-sender.ts';
import { createFanOutGate } from './fan-out-gate.ts';
import { readEventJob, readLaneJob, readPagesJob, readSchedulesJob } from './job-payloads.ts';
import { openNotifyWorker, readNotifyJob } from './notify/notify-worker.ts';
import { createPageMetrics } from './pages/page-metrics.ts';
import { firePages, handOver } from './pages/page-worker.ts';
import { startAliveTeller } from './pages/tell-alive.ts';
import { startMirrorPoller } from './provider/mirror-poller.ts';
import { openPageForwarder, type PageForwarder } from './provider/page-forwarder.ts';
import { openSnsFetcher } from './sns/sns-fetcher.ts';
import { startSnsPoller } from './sns/sns-poller.ts';
import { createWorkerMetrics, type WorkerMetrics } from './worker-metrics.ts';

export type WorkerSettings = Pick<
  Settings,
  | 'webhookAllowedNetworks'
  | 'webhookTimeoutMs'
  | 'webhookRetrySeconds'
  | 'leaseMs'
  | 'wakeAgainMs'
  | 'feedPollMinutes'
> &
  Partial<Pick<Settings, 'aliveUrl' | 'aliveSeconds' | 'notify' | 'publicUrl' | 'secretKeys'>>;

export interface WorkerOptions {
  readonly database: Database;
  readonly queues: Queues;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly settings: WorkerSettings;
}

export interface Worker {
  /** For readiness: not well when the database does not answer. */
  readonly check: HealthCheck;
  /** Stops taking jobs; resolves when nothing runs any more. */
  close(): Promise<void>;
}

/** Jobs at once in one process. The PostgreSQL backend of the queue works best with four to eight. */
const CONCURRENCY = { boundaries: 4, events: 8, deliveries: 8, pages: 4, notifications: 8 } as const;

const MINUTE_MS = 60_000;
const NO_WAYS = { mail: null, twilio: null, ntfy: null } as const;

/**
 * Starts what works through the queues: due boundaries become events, events become deliveries, deliveries become
 * HTTP requests. Any number of workers may run; every step can be cut short and is taken up again by whoever comes
 * next.
 */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { database, queues, logger, settings } = options;
  const figures = createWorkerMetrics(options.metrics, database);
  const network = {
    timeoutMs: settings.webhookTimeoutMs,
    allowedNetworks: settings.webhookAllowedNetworks,
  };
  const pageFigures = createPageMetrics(options.metrics, database);
  const sender = openWebhookSender(network);
  const keys = sealKeysOf(settings.secretKeys ?? []);
  const publicUrl = settings.publicUrl ?? '';
  const forwarder = openPageForwarder({ database, network, keys, publicUrl });
  const notifier = openNotifyWorker({
    ...{ database, logger, network, metrics: options.metrics, publicUrl },
    settings: settings.notify ?? NO_WAYS,
  });
  let closing: Promise<void> | undefined;
  const runner = createLaneRunner({
    run: (lane) =>
      takeTurn({ options, figures, sender, forwarder, stopping: () => closing !== undefined }, lane),
  });
  const gate = createFanOutGate((events) => fanOut(options, figures, events));

  const consume = <T>(
    queue: keyof typeof CONCURRENCY,
    read: (job: Job) => T | null,
    handle: (payload: T) => Promise<void>,
  ): Consumer =>
    queues.consume(
      queue,
      async (job) => {
        const payload = read(job);
        // A job only wakes. One that cannot be read would fail for ever, and what it meant is woken by the sweep.
        if (payload === null)
          logger.error({ queue, job: job.key, name: job.name }, 'job of unknown shape dropped');
        else await handle(payload);
      },
      { concurrency: CONCURRENCY[queue] },
    );

  const consumers = [
    consume('boundaries', readSchedulesJob, async (schedules) => {
      const applied = await applyBoundaries(database, schedules);
      figures.applied(applied.boundaries);
      if (applied.boundaries > 0) await handOver(database, schedules, logger);
      logger.debug({ schedules: schedules.length, ...applied }, 'boundaries applied');
    }),
    consume('events', readEventJob, gate),
    consume('deliveries', readLaneJob, runner.submit),
    consume('pages', readPagesJob, (pages) => firePages(database, pages, { logger, figures: pageFigures })),
    consume('notifications', readNotifyJob, notifier.run),
  ];

  const pollers = startPollers(options, network);
  const close = async (): Promise<void> => {
    await Promise.all([...consumers, runner, pollers].map((part) => part.close()));
    await Promise.all([sender, forwarder, notifier].map((way) => way.close()));
  };
  logger.info({ queues: queues.backend }, 'worker started');
  return {
    check: { name: 'database', check: () => clockNow(database).then(() => []) },
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

/** What looks by itself, again and again, and is woken by no queue. */
function startPollers({ database, logger, settings }: WorkerOptions, network: GuardedAgentOptions) {
  const fetcher = openFeedFetcher(network);
  const keys = sealKeysOf(settings.secretKeys ?? []);
  const pollMs = settings.feedPollMinutes * MINUTE_MS;
  const parts = [
    startFeedPoller({ database, logger, fetcher, pollMs }),
    startSnsPoller({ database, logger, fetcher: openSnsFetcher(network) }),
    startMirrorPoller({ database, logger, network, keys }),
    startAliveTeller({ database, logger, network, settings }),
  ];
  return {
    close: async (): Promise<void> => {
      await Promise.all(parts.map((part) => part.close()));
      await fetcher.close();
    },
  };
}

async function fanOut(
  { database, logger, settings }: WorkerOptions,
  figures: WorkerMetrics,
  events: readonly string[],
): Promise<void> {
  const { wakeAgainMs } = settings;
  const result = await fanOutEvents(database, { events, wakeAgainMs, onBatch: figures.fannedOut });
  if (result.events > 0) logger.debug({ ...result }, 'events fanned out');
}

async function takeTurn(
  at: {
    readonly options: WorkerOptions;
    readonly figures: WorkerMetrics;
    readonly sender: WebhookSender;
    readonly forwarder: PageForwarder;
    readonly stopping: () => boolean;
  },
  lane: LaneId,
): Promise<void> {
  const { figures, sender, forwarder, stopping } = at;
  const { database, logger, settings } = at.options;
  let end: LaneTurnEnd | 'error';
  try {
    end = await runLaneTurn(
      {
        database,
        sender,
        forwarder,
        stopping,
        settings: {
          leaseMs: settings.leaseMs,
          wakeAgainMs: settings.wakeAgainMs,
          retryDelaysMs: settings.webhookRetrySeconds.map((seconds) => seconds * 1000),
        },
        onAttempt: (made) => {
          figures.attempted(made.attempt, made.outcome);
          logAttempt(logger, made);
        },
      },
      lane,
    );
  } catch (error) {
    // The lease runs out by itself, and the sweep wakes the lane again.
    logger.error({ ...lane, err: error }, 'lane turn failed');
    end = 'error';
  }
  if (end === 'lost') logger.warn({ ...lane }, 'lane lost to another worker');
  figures.turnEnded(end);
}

function logAttempt(logger: Logger, { lane, head, attempt, outcome }: StoredAttempt): void {
  const line = {
    endpoint: lane.endpoint,
    lane: lane.lane,
    delivery: head.delivery,
    event: head.event.id,
    outcome: attempt.outcome,
    statusCode: attempt.statusCode,
    durationMs: attempt.durationMs,
  };
  if (outcome.kind === 'done') logger.debug(line, 'delivered');
  else logger.warn({ ...line, attempt: head.attempts + 1, verdict: outcome.kind }, 'not delivered');
}
