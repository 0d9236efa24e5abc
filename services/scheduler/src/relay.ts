import { RELAY_BATCH, relayOutbox } from '@watchbill/commands';
import { type Database, outboxFigures } from '@watchbill/database';
import type { Queues } from '@watchbill/queue';
import type { SchedulerFigures } from './scheduler-figures.ts';

/** Rows are published when the database tells of them; this is for what it could not tell. */
const LOOK_EVERY_MS = 1_000;
const MAX_BATCHES = 100;
const MAX_COUNTED = 10_000;

/** Publishes what waits. Rejects, and leaves every row where it is, when the queue is away. */
export async function relay(
  database: Database,
  { queues, figures }: { readonly queues: Pick<Queues, 'enqueue'>; readonly figures: SchedulerFigures },
): Promise<number> {
  for (let batches = 0; batches < MAX_BATCHES; batches += 1) {
    const published = await relayOutbox(database, queues.enqueue);
    figures.published.inc(published);
    if (published < RELAY_BATCH) return LOOK_EVERY_MS;
  }
  return 0;
}

/** Measures what waits, however well the relay does. */
export async function measureOutbox(database: Database, figures: SchedulerFigures): Promise<void> {
  const { depth, oldestSeconds } = await outboxFigures(database, MAX_COUNTED);
  figures.outboxDepth.set(depth);
  figures.outboxOldest.set(oldestSeconds);
}
