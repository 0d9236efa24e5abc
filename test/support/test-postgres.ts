import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@watchbill/standalone';
import pg from 'pg';
import { migrateTemplate } from './migrate-template.ts';

/** What a test needs to make databases; plain data, so that it can be handed to another process. */
export interface TestPostgresAddress {
  /** For the maintenance database, with the password in it. */
  readonly adminUrl: string;
  /** A migrated, otherwise empty database that nobody connects to. */
  readonly template: string;
}

export interface TestPostgres {
  readonly address: TestPostgresAddress;
  readonly server: EmbeddedPostgres;
  /** Ends the server, `immediate` as a crash would, and starts it again: the same data, the same port. */
  restart(how: 'fast' | 'immediate'): Promise<void>;
  stop(): Promise<void>;
}

export interface TestDatabase {
  readonly name: string;
  readonly connectionString: string;
  /** Drops the database. Throws, naming them, when connections were left open: something was not closed. */
  drop(): Promise<void>;
}

const TEMPLATE = 'watchbill_template';
const CONNECTIONS_GONE_MS = 3_000;
const STATE_ROOT = resolve(import.meta.dirname, '../../.test-state');

/** Starts a PostgreSQL for this process alone, with one migrated template. For a whole vitest run, or for a bench. */
export async function startTestPostgres(): Promise<TestPostgres> {
  await removeLeftovers();
  const folder = join(STATE_ROOT, `run-${process.pid}-${randomBytes(3).toString('hex')}`);
  mkdirSync(folder, { recursive: true });
  const options = { databases: [TEMPLATE], fastAndUnsafe: true };
  let server = await startEmbeddedPostgres({ stateFolder: folder, ...options });
  // The data may have had to move to a folder that the database's user can enter: remember where.
  writeFileSync(join(folder, 'state-folder'), server.stateFolder);
  const restart = async (how: 'fast' | 'immediate'): Promise<void> => {
    const { pid, port, stateFolder } = server;
    if (how === 'fast') await server.stop();
    else process.kill(pid, 'SIGQUIT');
    while (isRunning(pid)) await sleep(20);
    server = await startEmbeddedPostgres({ stateFolder, port, ...options });
  };
  const stop = async (): Promise<void> => {
    await server.stop();
    rmSync(server.stateFolder, { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await migrateTemplate(server.connectionStringFor(TEMPLATE));
  } catch (error) {
    await stop();
    throw error;
  }
  const address = { adminUrl: server.connectionStringFor('postgres'), template: TEMPLATE };
  return { address, server, restart, stop };
}

/** Makes a database: a copy of the migrated template, or an empty one. */
export async function createDatabaseOn(
  address: TestPostgresAddress,
  options: { readonly empty?: boolean } = {},
): Promise<TestDatabase> {
  const name = `test_${process.pid}_${randomBytes(4).toString('hex')}`;
  const template = options.empty ? 'template1' : address.template;
  await asAdmin(address, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`));
  const url = new URL(address.adminUrl);
  url.pathname = `/${name}`;
  const drop = async (): Promise<void> => {
    const open = await asAdmin(address, async (client) => {
      const left = await connectionsLeft(client, name);
      await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      return left;
    });
    if (open.length > 0) {
      throw new Error(
        `${open.length} connections were left open; the last thing each did:\n${open.join('\n')}`,
      );
    }
  };
  return { name, connectionString: url.href, drop };
}

async function asAdmin<T>(address: TestPostgresAddress, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: address.adminUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** A closed connection takes a moment to leave the server's list. */
async function connectionsLeft(client: pg.Client, database: string): Promise<readonly string[]> {
  const startedAt = performance.now();
  for (;;) {
    const { rows } = await client.query<{ said: string }>(
      `SELECT coalesce(nullif(application_name, ''), 'unnamed') || ': ' || left(query, 200) AS said
         FROM pg_stat_activity WHERE datname = $1`,
      [database],
    );
    if (rows.length === 0 || performance.now() - startedAt > CONNECTIONS_GONE_MS)
      return rows.map((row) => row.said);
    await sleep(50);
  }
}

/** A run that was killed leaves its server behind; the next run stops it and removes its folder. */
async function removeLeftovers(): Promise<void> {
  if (!existsSync(STATE_ROOT)) return;
  for (const name of readdirSync(STATE_ROOT)) {
    const owner = Number(/^run-(\d+)-/.exec(name)?.[1]);
    if (!Number.isInteger(owner) || isRunning(owner)) continue;
    const folder = join(STATE_ROOT, name);
    const note = join(folder, 'state-folder');
    const state = existsSync(note) ? readFileSync(note, 'utf8') : folder;
    stopLeftover(join(state, 'postgres', 'postmaster.pid'));
    await sleep(200);
    rmSync(state, { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  }
}

function stopLeftover(pidFile: string): void {
  if (!existsSync(pidFile)) return;
  const [pid, dataFolder] = readFileSync(pidFile, 'utf8').split('\n');
  if (!isRunning(Number(pid)) || dataFolder === undefined || !pidFile.startsWith(dataFolder)) return;
  process.kill(Number(pid), 'SIGQUIT');
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
