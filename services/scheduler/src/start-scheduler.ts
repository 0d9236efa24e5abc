import { type Database, listen } from '@watchbill/database';
import type { Queues } from '@watchbill/queue';
import {
  type HealthCheck,
  type Logger,
  type Loop,
  type Metrics,
  type Settings,
  startLoop,
} from '@watchbill/runtime';
import { endSwaps } from './end-swaps.ts';
import { auditKeeper } from './keep-audit.ts';
import { horizonKeeper } from './keep-horizon.ts';
import { intakeKeeper } from './keep-intakes.ts';
import { keepStatistics } from './keep-statistics.ts';
import { sweepHandovers, tellAlive, tickPages } from './page-ticker.ts';
import { pruneOld } from './prune-old.ts';
import { relay } from './relay.ts';
import { schedulerFigures } from './scheduler-figures.ts';
import { startPlanning } from './start-planning.ts';
import { sweep } from './sweep.ts';
import { tick } from './ticker.ts';

const TICK_LIMIT_MS = 10_000;

export interface SchedulerOptions {
  readonly database: Database;
  readonly queues: Queues;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly settings: Pick<
    Settings,
    'wakeAgainMs' | 'horizonWeeks' | 'startingSoonMinutes' | 'eventRetentionDays' | 'ledgerHalfLifeDays'
  >;
}

export interface Scheduler {
  /** For readiness: not well when it did not look for due boundaries for 10 s. */
  readonly check: HealthCheck;
  /** Stops claiming and publishing; resolves when nothing runs any more. */
  close(): Promise<void>;
}

/**
 * Starts everything that time drives. Any number of schedulers may run on one database; each part claims its work
 * there. Resolves at once: while the database or the queue is away the parts try again.
 */
export async function startScheduler(options: SchedulerOptions): Promise<Scheduler> {
  const { database, queues, logger, settings } = options;
  const figures = schedulerFigures(options.metrics);
  const { wakeAgainMs, eventRetentionDays } = settings;
  let tickedAt = performance.now();
  let pagesTickedAt = tickedAt;
  const idleMs = (): number => performance.now() - Math.min(tickedAt, pagesTickedAt);
  const start = (name: string, run: () => Promise<number>): Loop => startLoop({ name, logger, run });
  const relaying = start('relay', () => relay(database, { queues, figures }));
  const ticking = start('ticker', async () => {
    const pauseMs = await tick(database, { wakeAgainMs, figures });
    tickedAt = performance.now();
    return pauseMs;
  });
  const planning = startPlanning({ database, wish: settings, logger }, start);
  const loops = [
    ...planning.loops,
    ticking,
    relaying,
    start('pages', async () => {
      const pauseMs = await tickPages(database, { wakeAgainMs, figures });
      pagesTickedAt = performance.now();
      return pauseMs;
    }),
    start('handovers', () => sweepHandovers(database, { logger })),
    start('alive', () => tellAlive(database, () => idleMs() < TICK_LIMIT_MS)),
    start('sweep', () => sweep(database, { wakeAgainMs, figures, logger })),
    start('audit', auditKeeper(database)),
    start('intakes', intakeKeeper(database, { figures, logger })),
    start('statistics', () => keepStatistics(database, { logger })),
    start('swaps', () => endSwaps(database, { logger })),
    start('horizon', horizonKeeper(database, { wish: settings, logger })),
    start('prune', () => pruneOld(database, { eventRetentionDays, figures, logger })),
  ];
  const wakes: Readonly<Record<string, Loop>> = {
    watchbill_outbox: relaying,
    watchbill_boundaries: ticking,
    ...planning.wakes,
  };
  const listener = listen({
    connectionString: database.connectionString,
    channels: Object.keys(wakes),
    onNotify: (channel) => wakes[channel]?.wake(),
    // After a break nobody knows what was told meanwhile.
    onState: (connected) => {
      if (connected) for (const loop of Object.values(wakes)) loop.wake();
    },
  });
  logger.info({ queues: queues.backend }, 'scheduler started');
  return {
    check: {
      name: 'scheduler',
      check: async () => {
        const idle = idleMs();
        return idle < TICK_LIMIT_MS
          ? []
          : [`has not looked for due shifts and pages for ${Math.round(idle / 1_000)} s`];
      },
    },
    close: async () => {
      // First the threads, so that nobody waits for a plan that is being made; it is made after the next start.
      await planning.endThreads();
      await Promise.all([listener.close(), ...loops.map((loop) => loop.close())]);
    },
  };
}
