import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Account, runAs } from './account.ts';
import type { Binaries } from './binaries.ts';
import { giveTo } from './state-folder.ts';

/** The one major version whose data we read. A newer one needs a dump and a restore, so it is never taken silently. */
export const POSTGRES_MAJOR = '18';

/** The role that owns every database of the embedded server. */
export const OWNER = 'watchbill';

/** The name a database may have: it is written into SQL. */
const DATABASE_NAME = /^[a-z][a-z0-9_]{0,62}$/;

export interface DataFolderOptions {
  readonly stateFolder: string;
  readonly account: Account | undefined;
  readonly binaries: Binaries;
  readonly databases: readonly string[];
  readonly fastAndUnsafe: boolean;
}

/** The data folder and the owner's password, made at the first start. Throws where existing data cannot be used. */
export function prepareDataFolder(options: DataFolderOptions): { dataFolder: string; password: string } {
  const dataFolder = join(options.stateFolder, 'postgres');
  const passwordFile = join(options.stateFolder, 'postgres-password');
  const version = join(dataFolder, 'PG_VERSION');
  if (existsSync(version)) {
    refuseOtherMajor(dataFolder, readFileSync(version, 'utf8').trim());
    if (!existsSync(passwordFile)) {
      throw new Error(
        `${passwordFile} is missing, so the database in ${dataFolder} cannot be opened. Restore the file from a backup, or move the folder away to start with an empty database.`,
      );
    }
    return { dataFolder, password: readFileSync(passwordFile, 'utf8').trim() };
  }
  if (existsSync(dataFolder) && readdirSync(dataFolder).length > 0) {
    throw new Error(
      `${dataFolder} exists but holds no PostgreSQL data. Move it away, or name another folder with --state.`,
    );
  }
  const password = readOrMakePassword(passwordFile);
  createCluster(options, dataFolder, password);
  return { dataFolder, password };
}

function refuseOtherMajor(dataFolder: string, found: string): void {
  if (found === POSTGRES_MAJOR) return;
  throw new Error(
    `${dataFolder} was written by PostgreSQL ${found}, and this Watchbill runs PostgreSQL ${POSTGRES_MAJOR}. Export the data with the Watchbill that wrote it and load it here, or name another folder with --state.`,
  );
}

function readOrMakePassword(file: string): string {
  if (existsSync(file)) {
    const known = readFileSync(file, 'utf8').trim();
    if (known !== '') return known;
  }
  const password = randomBytes(24).toString('base64url');
  writeFileSync(`${file}.new`, `${password}\n`, { mode: 0o600 });
  chmodSync(`${file}.new`, 0o600);
  renameSync(`${file}.new`, file);
  return password;
}

/** Everything happens in a temporary folder that is renamed at the end: a kill in the middle leaves no half database. */
function createCluster(options: DataFolderOptions, dataFolder: string, password: string): void {
  const { stateFolder, account, binaries } = options;
  const temporary = join(stateFolder, 'postgres.new');
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { mode: 0o700 });
  giveTo(account, temporary);
  const passwordInput = join(stateFolder, 'postgres.new-password');
  writeFileSync(passwordInput, `${password}\n`, { mode: 0o600 });
  giveTo(account, passwordInput);
  try {
    const noSync = options.fastAndUnsafe ? ['--no-sync'] : [];
    const place = ['-D', temporary, '-U', OWNER, `--pwfile=${passwordInput}`, '--auth=scram-sha-256'];
    const words = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    run(options, { program: binaries.initdb, parameters: [...place, ...words, ...noSync] });
    // No server listens yet, so the databases are made in single-user mode: nothing is ever open without a password.
    const statements = options.databases.map((name) => `CREATE DATABASE ${checkedName(name)};\n`).join('');
    const flags = options.fastAndUnsafe ? ['-F'] : [];
    const parameters = ['--single', ...flags, '-D', temporary, 'postgres'];
    run(options, { program: binaries.postgres, parameters, input: statements });
  } finally {
    rmSync(passwordInput, { force: true });
  }
  rmSync(dataFolder, { recursive: true, force: true });
  renameSync(temporary, dataFolder);
}

function checkedName(name: string): string {
  if (!DATABASE_NAME.test(name))
    throw new Error(`"${name}" is not a database name of the form ${DATABASE_NAME}.`);
  return name;
}

interface Run {
  readonly program: string;
  readonly parameters: readonly string[];
  readonly input?: string;
}

function run(options: DataFolderOptions, { program, parameters, input = '' }: Run): void {
  const done = spawnSync(program, [...parameters], {
    ...runAs(options.account),
    cwd: options.stateFolder,
    env: { ...options.binaries.environment },
    input,
    encoding: 'utf8',
  });
  if (done.status === 0) return;
  const said = [done.error?.message, done.stderr, done.stdout]
    .filter(Boolean)
    .join('\n')
    .trim()
    .slice(-2_000);
  throw new Error(`Could not make the database in ${options.stateFolder}: ${program} failed.\n${said}`);
}
