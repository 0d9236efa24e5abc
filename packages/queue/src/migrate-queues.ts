import { runMigrations } from 'bullmq';
import pg from 'pg';

/** Where BullMQ keeps its tables. */
export const QUEUE_SCHEMA = 'bullmq';
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Brings the tables of the queues to the shape that this version needs. Part of every deployment whose queues are
 * in PostgreSQL; doing it twice, or from two processes at once, is harmless. Rejects when the database is newer.
 */
export async function migrateQueues(connectionString: string): Promise<void> {
  const client = new pg.Client({
    connectionString,
    application_name: 'watchbill-migrate',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query("SET client_min_messages = 'warning'");
    await runMigrations(client, QUEUE_SCHEMA);
  } finally {
    await client.end();
  }
}
