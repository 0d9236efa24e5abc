import { type Database, markPublished, takeWaitingOutbox, type WaitingOutboxRow } from '@watchbill/database';

/** How many rows are published in one go. */
export const RELAY_BATCH = 500;

/** A row as the queue takes it. */
export interface RelayedJob {
  readonly key: string;
  readonly name: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly traceparent: string | null;
}

export type Publish = (queue: WaitingOutboxRow['queue'], jobs: readonly RelayedJob[]) => Promise<void>;

/**
 * Publishes the oldest waiting rows, in their order within each queue, and marks them. Rows stay when `publish`
 * rejects, and come again when the process dies between the two: published at least once, and the key makes the
 * second time the same job. Returns how many there were; as many as `limit` means that more may wait.
 */
export function relayOutbox(
  database: Database,
  publish: Publish,
  { limit = RELAY_BATCH }: { readonly limit?: number } = {},
): Promise<number> {
  return database.transaction(async (tx) => {
    const rows = await takeWaitingOutbox(tx, limit);
    if (rows.length === 0) return 0;
    for (const [queue, jobs] of byQueue(rows)) await publish(queue, jobs);
    await markPublished(
      tx,
      rows.map((row) => row.id),
    );
    return rows.length;
  });
}

function byQueue(rows: readonly WaitingOutboxRow[]): ReadonlyMap<WaitingOutboxRow['queue'], RelayedJob[]> {
  const queues = new Map<WaitingOutboxRow['queue'], RelayedJob[]>();
  for (const { queue, key, name, payload, traceparent } of rows) {
    const jobs = queues.get(queue) ?? [];
    queues.set(queue, jobs);
    // A row that the queue refuses would stop all others behind it: no ":" gets that far.
    jobs.push({ key: key.replaceAll(':', '.'), name, payload, traceparent });
  }
  return queues;
}
