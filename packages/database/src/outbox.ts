import type { Transaction } from './connection.ts';
import { statement } from './statement.ts';

/** One wake-up for a queue, written in the transaction of the change that it tells. `key` has no `:`. */
export interface OutboxRow {
  readonly key: string;
  readonly queue: 'boundaries' | 'events' | 'deliveries' | 'pages' | 'notifications';
  readonly name: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly traceparent?: string | null;
}

const INSERT = statement(
  'outbox.insert',
  `INSERT INTO outbox (key, queue, name, payload, traceparent)
   SELECT key, queue, name, payload, traceparent
   FROM unnest($1::text[], $2::text[], $3::text[], $4::jsonb[], $5::text[])
     WITH ORDINALITY AS row (key, queue, name, payload, traceparent, place)
   ORDER BY place
   ON CONFLICT (key) DO NOTHING`,
);

/** Writes rows in their order. A key that is there already is left as it is. */
export async function insertOutbox(tx: Transaction, rows: readonly OutboxRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(INSERT, [
    rows.map((row) => row.key),
    rows.map((row) => row.queue),
    rows.map((row) => row.name),
    rows.map((row) => JSON.stringify(row.payload)),
    rows.map((row) => row.traceparent ?? null),
  ]);
}
