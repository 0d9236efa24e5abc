import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Account, postgresAccount, runAs } from './account.ts';
import { type Binaries, prepareBinaries } from './binaries.ts';
import { OWNER, prepareDataFolder } from './data-folder.ts';
import { isAlive, isPostmasterOf, type Postmaster, readPostmasterFile } from './postmaster-file.ts';
import { prepareStateFolder } from './state-folder.ts';

export interface EmbeddedPostgresOptions {
  /** Where the data, the password and the log live; made if missing. */
  readonly stateFolder: string;
  /** Databases made at the first start; the connection string names the first. Default: watchbill, watchbill_fast. */
  readonly databases?: readonly string[];
  /** Where it listens, on 127.0.0.1. Default: a port that is free. */
  readonly port?: number;
  /** For tests only: nothing is forced to disk, so a crash of the machine may lose everything. */
  readonly fastAndUnsafe?: boolean;
  /** Told, in plain words, what is being done when it takes time or differs from what was asked. */
  readonly onProgress?: (message: string) => void;
}

export interface EmbeddedPostgres {
  /** For the first database, with the password in it: do not print. */
  readonly connectionString: string;
  /** The same server, another database. */
  connectionStringFor(database: string): string;
  /** Whether the server was already running, left over by a process that was killed. */
  readonly adopted: boolean;
  readonly pid: number;
  readonly port: number;
  /** The folder in use, which may be another one than was asked for. */
  readonly stateFolder: string;
  /** Ends all connections and stops the server; call it after everything else is closed. Safe to call twice. */
  stop(): Promise<void>;
}

/** After a kill -9 of the server its helpers need a moment to go before a new one may start. */
const START_RETRY_MS = 10_000;
/** A server that has to recover from a crash may take long to become ready. */
const READY_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_SECONDS = 30;
/** From the removal of its file to the end of its process. */
const GONE_TIMEOUT_MS = 5_000;
const POLL_MS = 50;
const LOG_LIMIT_BYTES = 10 * 1024 * 1024;

const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=200',
  'shared_buffers=64MB',
  'timezone=UTC',
  'log_timezone=UTC',
];
/** A commit still reaches the operating system, so that a kill -9 of the server alone loses nothing. */
const UNSAFE_SETTINGS = ['fsync=off', 'full_page_writes=off', 'max_wal_size=2GB'];

interface Server {
  readonly stateFolder: string;
  readonly dataFolder: string;
  readonly logFile: string;
  readonly account: Account | undefined;
  readonly binaries: Binaries;
  readonly settings: readonly string[];
  readonly port: number | undefined;
}

/**
 * Starts the embedded PostgreSQL of a state folder, or adopts the one that already runs there. It listens on
 * 127.0.0.1 only, at a port chosen free, and asks every connection for a random password. Throws, saying what to
 * do, where the platform has no binaries, the data is of another major version, or the server does not come up.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const tell = options.onProgress ?? (() => {});
  const databases = options.databases ?? ['watchbill', 'watchbill_fast'];
  const account = postgresAccount();
  const { path: stateFolder, movedFrom } = prepareStateFolder(options.stateFolder, account);
  if (movedFrom !== undefined) {
    tell(
      `The user "${account?.name}" cannot enter ${movedFrom}: the database is kept in ${stateFolder} instead.`,
    );
  }
  const binaries = prepareBinaries(stateFolder, account);
  const fastAndUnsafe = options.fastAndUnsafe ?? false;
  if (!existsSync(join(stateFolder, 'postgres'))) tell('Making a database…');
  const { dataFolder, password } = prepareDataFolder({
    stateFolder,
    account,
    binaries,
    databases,
    fastAndUnsafe,
  });
  const server: Server = {
    stateFolder,
    dataFolder,
    logFile: join(stateFolder, 'postgres.log'),
    account,
    binaries,
    settings: fastAndUnsafe ? [...SETTINGS, ...UNSAFE_SETTINGS] : SETTINGS,
    port: options.port,
  };
  const { postmaster, adopted } = await startOrAdopt(server, tell);
  const connectionStringFor = (database: string): string =>
    `postgres://${OWNER}:${password}@127.0.0.1:${postmaster.port}/${database}`;
  return {
    connectionString: connectionStringFor(databases[0] ?? 'postgres'),
    connectionStringFor,
    adopted,
    pid: postmaster.pid,
    port: postmaster.port,
    stateFolder,
    stop: () => stop(server, postmaster.pid),
  };
}

async function startOrAdopt(
  server: Server,
  tell: (message: string) => void,
): Promise<{ postmaster: Postmaster; adopted: boolean }> {
  const startedAt = performance.now();
  for (;;) {
    const running = await findRunning(server);
    if (running !== undefined) return { postmaster: await becomeReady(server, running.pid), adopted: true };
    const child = await launch(server);
    const pid = child.pid;
    if (pid !== undefined) {
      const postmaster = await becomeReady(server, pid).catch(() => undefined);
      if (postmaster !== undefined) return { postmaster, adopted: false };
      if (isAlive(pid) && child.exitCode === null) child.kill('SIGQUIT');
    }
    if (performance.now() - startedAt > START_RETRY_MS) {
      throw new Error(
        `The embedded PostgreSQL did not start. The end of ${server.logFile}:\n${logEnd(server)}`,
      );
    }
    tell('PostgreSQL is not ready to start yet; trying again…');
    await sleep(500);
  }
}

/** The live server of this data folder. Removes the file of a dead one whose number belongs to somebody else now. */
async function findRunning(server: Server): Promise<Postmaster | undefined> {
  const postmaster = readPostmasterFile(server.dataFolder);
  if (postmaster === undefined) return undefined;
  if (await isPostmasterOf(server.dataFolder, postmaster)) return postmaster;
  if (isAlive(postmaster.pid)) rmSync(join(server.dataFolder, 'postmaster.pid'), { force: true });
  return undefined;
}

async function launch(server: Server): Promise<ChildProcess> {
  if (existsSync(server.logFile) && statSync(server.logFile).size > LOG_LIMIT_BYTES) {
    renameSync(server.logFile, `${server.logFile}.old`);
  }
  const log = openSync(server.logFile, 'a', 0o600);
  const settings = [...server.settings, `port=${server.port ?? (await freePort())}`].flatMap((setting) => [
    '-c',
    setting,
  ]);
  const child = spawn(server.binaries.postgres, ['-D', server.dataFolder, ...settings], {
    ...runAs(server.account),
    cwd: server.stateFolder,
    env: { ...server.binaries.environment },
    // A group of its own: Ctrl-C in the terminal must reach us first, and the server last.
    detached: true,
    stdio: ['ignore', log, log],
  });
  child.on('error', () => {});
  child.unref();
  closeSync(log);
  return child;
}

/** Waits until the server of this process number says that it takes connections. Throws when it ends before that. */
async function becomeReady(server: Server, pid: number): Promise<Postmaster> {
  const startedAt = performance.now();
  while (performance.now() - startedAt < READY_TIMEOUT_MS) {
    const postmaster = readPostmasterFile(server.dataFolder);
    if (postmaster?.pid === pid && postmaster.ready && postmaster.port > 0) return postmaster;
    if (!isAlive(pid)) break;
    await sleep(POLL_MS);
  }
  throw new Error(`The embedded PostgreSQL is not ready. The end of ${server.logFile}:\n${logEnd(server)}`);
}

async function stop(server: Server, pid: number): Promise<void> {
  const running = readPostmasterFile(server.dataFolder);
  if (running?.pid !== pid || !(await isPostmasterOf(server.dataFolder, running))) return;
  for (const mode of ['fast', 'immediate']) {
    if (await askToStop(server, mode)) break;
  }
  const startedAt = performance.now();
  while (isAlive(pid) && performance.now() - startedAt < GONE_TIMEOUT_MS) await sleep(POLL_MS);
}

/** Whether the server has stopped in time. */
function askToStop(server: Server, mode: string): Promise<boolean> {
  const how = ['-m', mode, '-w', '-t', String(STOP_TIMEOUT_SECONDS)];
  return new Promise((resolve) => {
    const child = spawn(server.binaries.pgCtl, ['stop', '-D', server.dataFolder, ...how], {
      ...runAs(server.account),
      cwd: server.stateFolder,
      env: { ...server.binaries.environment },
      // Like the server itself: a second Ctrl-C must not end the one who stops it.
      detached: true,
      stdio: 'ignore',
    });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function logEnd(server: Server): string {
  return existsSync(server.logFile) ? readFileSync(server.logFile, 'utf8').slice(-2_000).trim() : '(no log)';
}
