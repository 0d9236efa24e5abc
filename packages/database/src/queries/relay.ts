import type { Queryable, Transaction } from '../connection.ts';
import type { OutboxRow } from '../outbox.ts';
import { statement } from '../statement.ts';

/** An outbox row that is not published yet, in the hands of this transaction. */
export interface WaitingOutboxRow extends OutboxRow {
  readonly id: number;
  readonly traceparent: string | null;
}

/** How much waits to be published; counted up to a bound. */
export interface OutboxFigures {
  readonly depth: number;
  readonly oldestSeconds: number;
}

const TAKE = statement(
  'relay.take',
  `SELECT id, key, queue, name, payload, traceparent FROM outbox
   WHERE published_at IS NULL ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED`,
);
/** Losing this commit in a crash only publishes the rows again, so it need not wait for the disk. */
const HURRY = statement('relay.hurry', `SELECT set_config('synchronous_commit', 'off', true)`);
const MARK = statement(
  'relay.mark',
  'UPDATE outbox SET published_at = clock_timestamp() WHERE id = ANY($1::bigint[])',
);
const FIGURES = statement(
  'relay.figures',
  `SELECT count(*)::int AS depth,
     coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::double precision AS "oldestSeconds"
   FROM (SELECT created_at FROM outbox WHERE published_at IS NULL ORDER BY id LIMIT $1) AS waiting`,
);

/** Takes the oldest rows that wait and that no other relay holds, in their order. */
export function takeWaitingOutbox(tx: Transaction, limit: number): Promise<WaitingOutboxRow[]> {
  return tx.query<WaitingOutboxRow>(TAKE, [limit]);
}

/** Marks taken rows as published; the commit of this transaction does not wait for the disk. */
export async function markPublished(tx: Transaction, ids: readonly number[]): Promise<void> {
  await tx.query(HURRY);
  await tx.query(MARK, [ids]);
}

/** How many rows wait, counted up to `limit`, and how old the oldest of them is. */
export async function outboxFigures(queryable: Queryable, limit: number): Promise<OutboxFigures> {
  const [row] = await queryable.query<OutboxFigures>(FIGURES, [limit]);
  return row ?? { depth: 0, oldestSeconds: 0 };
}
