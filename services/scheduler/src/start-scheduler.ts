import { startPlanner } from '@watchbill/commands';
import { holidayCalendar } from '@watchbill/config';
import { type Database, listen } from '@watchbill/database';
import type { Queues } from '@watchbill/queue';
import type { HealthCheck, Logger, Metrics, Settings } from '@watchbill/runtime';
import { horizonKeeper } from './keep-horizon.ts';
import { type Loop, startLoop } from './loop.ts';
import { aheadPlanner } from './plan-ahead.ts';
import { pruneOld } from './prune-old.ts';
import { relay } from './relay.ts';
import { schedulerFigures } from './scheduler-figures.ts';
import { sweep } from './sweep.ts';
import { tick } from './ticker.ts';

const TICK_LIMIT_MS = 10_000;
/** The longest that one plan may take; the largest that is allowed takes some seconds. */
const PLAN_BUDGET_MS = 120_000;

export interface SchedulerOptions {
  readonly database: Database;
  readonly queues: Queues;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly settings: Pick<
    Settings,
    'wakeAgainMs' | 'horizonWeeks' | 'startingSoonMinutes' | 'eventRetentionDays'
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
  const start = (name: string, run: () => Promise<number>): Loop => startLoop({ name, logger, run });
  const relaying = start('relay', () => relay(database, { queues, figures }));
  const ticking = start('ticker', async () => {
    const pauseMs = await tick(database, { wakeAgainMs, figures });
    tickedAt = performance.now();
    return pauseMs;
  });
  const thread = startPlanner({ budgetMs: PLAN_BUDGET_MS });
  const tools = { planner: thread.planner, holidayCalendar };
  const planning = start('planner', aheadPlanner(database, { tools, wish: settings, logger }));
  const loops = [
    planning,
    ticking,
    relaying,
    start('sweep', () => sweep(database, { wakeAgainMs, figures, logger })),
    start('horizon', horizonKeeper(database, { wish: settings, logger })),
    start('prune', () => pruneOld(database, { eventRetentionDays, figures, logger })),
  ];
  const wakes: Readonly<Record<string, Loop>> = {
    watchbill_outbox: relaying,
    watchbill_boundaries: ticking,
    watchbill_plans: planning,
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
        const idleMs = performance.now() - tickedAt;
        return idleMs < TICK_LIMIT_MS
          ? []
          : [`has not looked for due shifts for ${Math.round(idleMs / 1_000)} s`];
      },
    },
    close: async () => {
      // First the thread, so that nobody waits for a plan that is being made; it is made after the next start.
      await thread.close();
      await Promise.all([listener.close(), ...loops.map((loop) => loop.close())]);
    },
  };
}
