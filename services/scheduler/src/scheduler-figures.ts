import type { Metrics } from '@watchbill/runtime';

/** What a scheduler tells about itself. */
export type SchedulerFigures = ReturnType<typeof schedulerFigures>;

export function schedulerFigures(metrics: Metrics) {
  return {
    firedLateness: metrics.histogram({
      name: 'watchbill_boundary_fired_lateness_seconds',
      help: 'Real time from the instant a boundary is due to its being claimed.',
    }),
    oldestDue: metrics.gauge({
      name: 'watchbill_boundary_oldest_due_seconds',
      help: 'Real time since the oldest boundary that is due and not claimed; 0 when there is none.',
    }),
    lastTick: metrics.gauge({
      name: 'watchbill_scheduler_last_tick_timestamp_seconds',
      help: 'When the scheduler last looked for due boundaries, in Unix time.',
    }),
    published: metrics.counter({
      name: 'watchbill_outbox_published_total',
      help: 'Outbox rows given to the queue.',
    }),
    outboxDepth: metrics.gauge({
      name: 'watchbill_outbox_depth',
      help: 'Outbox rows that wait to be published, counted up to 10,000.',
    }),
    outboxOldest: metrics.gauge({
      name: 'watchbill_outbox_oldest_seconds',
      help: 'Age of the oldest outbox row that waits to be published.',
    }),
    oldestStep: metrics.gauge({
      name: 'watchbill_page_oldest_step_seconds',
      help: 'Real time since the oldest step of a page that is due and did not fire; 0 when there is none.',
    }),
    pageWakes: metrics.counter({
      name: 'watchbill_page_wakes_total',
      help: 'Wake-ups written for steps of pages and for notifications that were due, the repeated ones too.',
      labels: ['kind'],
    }),
    wokenAgain: metrics.counter({
      name: 'watchbill_wakes_repeated_total',
      help: 'Wake-ups written by the sweep: retries of lanes, and work whose first wake-up had no effect.',
      labels: ['kind'],
    }),
    pruned: metrics.counter({
      name: 'watchbill_pruned_rows_total',
      help: 'Old rows deleted.',
      labels: ['table'],
    }),
  };
}
