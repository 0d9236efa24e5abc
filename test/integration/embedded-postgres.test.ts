import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@watchbill/standalone';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let folder: string;
const running: EmbeddedPostgres[] = [];

async function start(): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ stateFolder: folder, fastAndUnsafe: true });
  running.push(server);
  return server;
}

async function query(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

function setting(server: EmbeddedPostgres, name: string): Promise<unknown> {
  return query(server.connectionString, `SELECT current_setting('${name}') AS value`).then(
    (rows) => rows[0]?.value,
  );
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

beforeEach(() => {
  // 0700, as `mktemp -d` makes them: the user that root drops to cannot enter it.
  folder = mkdtempSync(join(tmpdir(), 'watchbill-embedded-'));
});

afterEach(async () => {
  for (const server of running.splice(0)) {
    await server.stop();
    rmSync(server.stateFolder, { recursive: true, force: true });
  }
  rmSync(folder, { recursive: true, force: true });
});

describe('first start', () => {
  it('listens on the loopback only, with a password, without a socket file, in UTC', async () => {
    const server = await start();
    expect(await setting(server, 'listen_addresses')).toBe('127.0.0.1');
    expect(await setting(server, 'unix_socket_directories')).toBe('');
    expect(await setting(server, 'password_encryption')).toBe('scram-sha-256');
    expect(await setting(server, 'TimeZone')).toBe('UTC');
    expect(Number(await setting(server, 'port'))).toBe(server.port);
    const url = new URL(server.connectionString);
    url.password = 'wrong';
    await expect(query(url.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
    expect(statSync(join(server.stateFolder, 'postgres-password')).mode & 0o777).toBe(0o600);
  });

  it('makes both databases, which know words of every language', async () => {
    const server = await start();
    const rows = await query(
      server.connectionStringFor('watchbill_fast'),
      `SELECT upper('ångström') AS word, (SELECT count(*)::int FROM pg_database WHERE datname LIKE 'watchbill%') AS count`,
    );
    expect(rows).toEqual([{ word: 'ÅNGSTRÖM', count: 2 }]);
  });
});

describe('life and death', () => {
  it('adopts a server that is already running, and stops it', async () => {
    const first = await start();
    await query(first.connectionString, 'CREATE TABLE kept AS SELECT 7 AS n');
    const second = await start();
    expect(second.adopted).toBe(true);
    expect(second.pid).toBe(first.pid);
    await second.stop();
    expect(isAlive(first.pid)).toBe(false);
    const third = await start();
    expect(third.adopted).toBe(false);
    expect(await query(third.connectionString, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  });

  it('starts again after kill -9, with every acknowledged row, five times over', async () => {
    let server = await start();
    await query(server.connectionString, 'CREATE TABLE kept (n int)');
    for (let round = 0; round < 5; round++) {
      await query(server.connectionString, `INSERT INTO kept VALUES (${round})`);
      process.kill(server.pid, 'SIGKILL');
      server = await start();
      expect(server.adopted).toBe(false);
    }
    expect(await query(server.connectionString, 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 5 }]);
  });

  it('is not misled by a stale file whose process number belongs to somebody else', async () => {
    const first = await start();
    process.kill(first.pid, 'SIGKILL');
    const pidFile = join(first.stateFolder, 'postgres', 'postmaster.pid');
    const stranger = spawn('sleep', ['60'], { stdio: 'ignore' });
    try {
      const lines = readFileSync(pidFile, 'utf8').split('\n');
      writeFileSync(pidFile, [String(stranger.pid), ...lines.slice(1)].join('\n'));
      const second = await start();
      expect(second.adopted).toBe(false);
      expect(isAlive(stranger.pid ?? -1)).toBe(true);
    } finally {
      stranger.kill('SIGKILL');
      await once(stranger, 'exit');
    }
  });

  it('is out of reach of the Ctrl-C of a terminal: it has a process group of its own', async () => {
    const server = await start();
    const group = Number(readFileSync(`/proc/${server.pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[2]);
    expect(group).toBe(server.pid);
  });
});

describe('refusals say what to do', () => {
  it('refuses data of another major version and leaves it alone', async () => {
    const server = await start();
    await server.stop();
    const version = join(server.stateFolder, 'postgres', 'PG_VERSION');
    writeFileSync(version, '17\n');
    await expect(start()).rejects.toThrow(/written by PostgreSQL 17.*runs PostgreSQL 18.*--state/s);
    expect(readFileSync(version, 'utf8')).toBe('17\n');
  });

  it('refuses a folder that holds something else', async () => {
    const server = await start();
    await server.stop();
    rmSync(join(server.stateFolder, 'postgres', 'PG_VERSION'));
    await expect(start()).rejects.toThrow(/holds no PostgreSQL data/);
    expect(existsSync(join(server.stateFolder, 'postgres', 'base'))).toBe(true);
  });

  it('says which file is missing when the password is gone', async () => {
    const server = await start();
    await server.stop();
    rmSync(join(server.stateFolder, 'postgres-password'));
    await expect(start()).rejects.toThrow(/postgres-password is missing/);
  });
});

it('never runs as root, and says where the data went when its user cannot enter the folder', async () => {
  const said: string[] = [];
  const server = await startEmbeddedPostgres({
    stateFolder: folder,
    fastAndUnsafe: true,
    onProgress: (message) => said.push(message),
  });
  running.push(server);
  const { uid } = statSync(`/proc/${server.pid}`);
  const isRoot = process.getuid?.() === 0;
  expect(uid === 0).toBe(false);
  expect(uid === process.getuid?.()).toBe(!isRoot);
  expect(statSync(join(server.stateFolder, 'postgres')).uid).toBe(uid);
  expect(server.stateFolder === folder).toBe(!isRoot);
  expect(said.join('\n').includes(server.stateFolder)).toBe(isRoot);
});

it('two starts at the same moment end with one server', async () => {
  const [first, second] = await Promise.all([start(), start()]);
  expect(first.pid).toBe(second.pid);
});
