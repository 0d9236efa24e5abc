import type { Attempt, RecordOutcome } from '@watchbill/commands';
import { type Database, deliveryFigures, type PositionedEvent } from '@watchbill/database';
import type { Metrics } from '@watchbill/runtime';
import type { LaneTurnEnd } from './delivery/lane-turn.ts';

const ENDPOINT_STATUSES = ['active', 'disabled'] as const;

export interface WorkerMetrics {
  applied(boundaries: number): void;
  fannedOut(events: readonly PositionedEvent[], deliveries: number): void;
  attempted(attempt: Attempt, outcome: RecordOutcome): void;
  turnEnded(end: LaneTurnEnd | 'error'): void;
}

/** The worker's own figures. What is pending is read from the database when somebody asks. */
export function createWorkerMetrics(metrics: Metrics, database: Database): WorkerMetrics {
  const boundaries = metrics.counter({
    name: 'watchbill_boundaries_applied_total',
    help: 'Boundaries whose events were written',
  });
  const events = metrics.counter({
    name: 'watchbill_events_fanned_out_total',
    help: 'Events that got their place in the stream',
    labels: ['type'],
  });
  const lateness = metrics.histogram({
    name: 'watchbill_event_lateness_seconds',
    help: 'From the instant an event was due to its writing, by the clock of schedules',
  });
  const deliveries = metrics.counter({
    name: 'watchbill_deliveries_created_total',
    help: 'Deliveries written for endpoints',
  });
  const attempts = metrics.counter({
    name: 'watchbill_delivery_attempts_total',
    help: 'Attempts to send a delivery, by outcome and by what follows',
    labels: ['outcome', 'verdict'],
  });
  const duration = metrics.histogram({
    name: 'watchbill_delivery_attempt_seconds',
    help: 'How long attempts took',
  });
  const turns = metrics.counter({
    name: 'watchbill_lane_turns_total',
    help: 'Turns of delivery lanes, by how they ended',
    labels: ['end'],
  });
  addPendingFigures(metrics, database);
  return {
    applied: (count) => boundaries.inc(count),
    fannedOut: (placed, created) => {
      for (const event of placed) {
        events.inc({ type: event.type });
        lateness.observe(event.lateMs / 1000);
      }
      deliveries.inc(created);
    },
    attempted: (attempt, outcome) => {
      attempts.inc({ outcome: attempt.outcome, verdict: outcome.kind });
      duration.observe(attempt.durationMs / 1000);
    },
    turnEnded: (end) => turns.inc({ end }),
  };
}

function addPendingFigures(metrics: Metrics, database: Database): void {
  metrics.addSource(async () => {
    const figures = new Map((await deliveryFigures(database)).map((row) => [row.endpointStatus, row]));
    const lines = [
      '# HELP watchbill_deliveries_pending Deliveries not yet sent, by the status of their endpoint',
      '# TYPE watchbill_deliveries_pending gauge',
      ...ENDPOINT_STATUSES.map(
        (status) =>
          `watchbill_deliveries_pending{endpoint_status="${status}"} ${figures.get(status)?.pending ?? 0}`,
      ),
      '# HELP watchbill_deliveries_oldest_pending_seconds Age of the oldest of them',
      '# TYPE watchbill_deliveries_oldest_pending_seconds gauge',
      ...ENDPOINT_STATUSES.map(
        (status) =>
          `watchbill_deliveries_oldest_pending_seconds{endpoint_status="${status}"} ${figures.get(status)?.oldestSeconds ?? 0}`,
      ),
    ];
    return `${lines.join('\n')}\n`;
  });
}
