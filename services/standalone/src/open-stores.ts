import { type Database, migrate, openDatabase, sqlState } from '@watchbill/database';
import { migrateQueues } from '@watchbill/queue';
import { withoutCredentials } from '@watchbill/runtime';
import type { Closing } from './closing-steps.ts';
import { startEmbeddedPostgres } from './embedded-postgres/embedded-postgres.ts';

/** The demonstration has a database of its own, so that a fast clock never touches the real one. */
export const REAL_DATABASE = 'watchbill';
export const FAST_DATABASE = 'watchbill_fast';
/** Scheduler, worker and API share them; the worker alone may use 20 at once. */
const MAX_CONNECTIONS = 30;
const POSTGRES_STOP_LIMIT_MS = 70_000;

export interface StoreOptions {
  readonly databaseUrl: string | undefined;
  readonly stateFolder: string;
  readonly fast: boolean;
  readonly print: (line: string) => void;
}

/** The address of the database: of the server that the settings name, or of our own, started now. */
export async function findDatabase(options: StoreOptions, closing: Closing): Promise<string> {
  const { databaseUrl, stateFolder, fast, print } = options;
  if (databaseUrl !== undefined) return fast ? withDatabase(databaseUrl, FAST_DATABASE) : databaseUrl;
  print('Starting PostgreSQL…');
  const databases = [REAL_DATABASE, FAST_DATABASE];
  const server = await startEmbeddedPostgres({ stateFolder, databases, onProgress: print });
  closing.add('postgres', server.stop, POSTGRES_STOP_LIMIT_MS);
  if (server.adopted) print('It was still running after the last time.');
  return server.connectionStringFor(fast ? FAST_DATABASE : REAL_DATABASE);
}

function withDatabase(databaseUrl: string, name: string): string {
  if (!URL.canParse(databaseUrl)) return databaseUrl;
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** Brings the database to the shape of this version and opens it. */
export async function openMigrated(
  connectionString: string,
  onError: (error: Error) => void,
): Promise<Database> {
  try {
    await migrate(connectionString);
    await migrateQueues(connectionString);
  } catch (error) {
    throw explained(error, connectionString);
  }
  return openDatabase({ connectionString, max: MAX_CONNECTIONS, applicationName: 'watchbill', onError });
}

/** invalid_catalog_name: the server has no such database. */
const NO_SUCH_DATABASE = '3D000';

function explained(error: unknown, connectionString: string): Error {
  if (sqlState(error) === NO_SUCH_DATABASE) {
    const name = new URL(connectionString).pathname.slice(1);
    return new Error(`The server of DATABASE_URL has no database "${name}". Make it: createdb ${name}`);
  }
  const message = error instanceof Error ? error.message || String(error) : String(error);
  return new Error(`The database cannot be used: ${withoutCredentials(message)}`);
}
