import pg from 'pg';
import { start } from './migrations/0001-start.ts';
import { plans } from './migrations/0002-plans.ts';
import { absenceFeeds } from './migrations/0003-absence-feeds.ts';
import { swaps } from './migrations/0004-swaps.ts';
import { pages } from './migrations/0005-pages.ts';
import { ways } from './migrations/0006-ways.ts';
import { intakes } from './migrations/0007-intakes.ts';
import { slack } from './migrations/0008-slack.ts';
import { planJobs } from './migrations/0009-plan-jobs.ts';
import { accounts } from './migrations/0010-accounts.ts';
import { audit } from './migrations/0011-audit.ts';
import { slackTokens } from './migrations/0012-slack-tokens.ts';
import { providers } from './migrations/0013-providers.ts';
import { factSheetLinks } from './migrations/0014-fact-sheet-links.ts';

interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** In the order they are applied. A released migration never changes. */
const MIGRATIONS: readonly Migration[] = [
  start,
  plans,
  absenceFeeds,
  swaps,
  pages,
  ways,
  intakes,
  slack,
  planJobs,
  accounts,
  audit,
  slackTokens,
  providers,
  factSheetLinks,
];

/** One number for the whole product, so that two processes that start at once migrate one after the other. */
const LOCK = 872_301_944_517;
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Brings the database to this program's shape and returns the names of the migrations it applied now; none when
 * it was up to date. Safe to call from several processes at once. Rejects when the database is newer than the program.
 */
export async function migrate(connectionString: string): Promise<string[]> {
  const client = new pg.Client({
    connectionString,
    application_name: 'watchbill-migrate',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    return await applyMissing(client);
  } finally {
    // Ending the session also gives the lock back.
    await client.end();
  }
}

async function applyMissing(client: pg.Client): Promise<string[]> {
  await client.query("SELECT set_config('client_min_messages', 'warning', false)");
  await client.query('CREATE SCHEMA IF NOT EXISTS watchbill');
  await client.query('CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA watchbill');
  await client.query(`CREATE TABLE IF NOT EXISTS watchbill.migrations (
    name text PRIMARY KEY,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
  )`);
  const { rows } = await client.query<{ name: string }>('SELECT name FROM watchbill.migrations');
  const done = new Set(rows.map((row) => row.name));
  const known = new Set(MIGRATIONS.map((migration) => migration.name));
  const foreign = [...done].filter((name) => !known.has(name)).sort();
  if (foreign.length > 0) {
    throw new Error(
      `The database is newer than this program: it has the migrations ${foreign.join(', ')}, which this version does not know. Run the newer version.`,
    );
  }
  const applied: string[] = [];
  for (const migration of MIGRATIONS) {
    if (done.has(migration.name)) continue;
    await applyOne(client, migration);
    applied.push(migration.name);
  }
  return applied;
}

async function applyOne(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query("SELECT set_config('search_path', 'watchbill,public', true)");
    await client.query(migration.sql);
    await client.query('INSERT INTO watchbill.migrations (name) VALUES ($1)', [migration.name]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}
