import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

async function connect(target: TestDatabase): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: target.connectionString });
  // The server ends what a test leaves open when the database is dropped.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

it('is migrated, while an empty one has no table of ours', async () => {
  const empty = await createTestDatabase({ empty: true });
  const counts: number[] = [];
  for (const target of [database, empty]) {
    const client = await connect(target);
    const { rows } = await client.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_tables WHERE schemaname = 'watchbill'`,
    );
    counts.push(rows[0]?.n ?? -1);
    await client.end();
  }
  await empty.drop();
  expect(counts[0]).toBeGreaterThan(0);
  expect(counts[1]).toBe(0);
});

it('does not see what another database is told', async () => {
  const other = await createTestDatabase();
  const [here, there] = await Promise.all([connect(database), connect(other)]);
  await there.query('CREATE TABLE public.only_there (n int)');
  const { rows } = await here.query(`SELECT to_regclass('public.only_there') AS found`);
  expect(rows).toEqual([{ found: null }]);
  await Promise.all([here.end(), there.end()]);
  await other.drop();
});

it('tells which connections were left open when it is dropped', async () => {
  const leaky = await createTestDatabase();
  const client = await connect(leaky);
  await client.query('SELECT 41 + 1 AS answer');
  await expect(leaky.drop()).rejects.toThrow(/1 connections were left open.*41 \+ 1/s);
  await client.end().catch(() => undefined);
});
