import pg from 'pg';
import type { Statement } from './statement.ts';
import { valueTypes } from './value-types.ts';

/** What can run a statement: the database (one connection for each statement) or a transaction (always the same). */
export interface Queryable {
  query<Row extends object>(statement: Statement, values?: readonly unknown[]): Promise<Row[]>;
}

export interface Transaction extends Queryable {}

export interface TransactionOptions<T> {
  /** Says whether to keep the changes; where it is false they are rolled back and the value returned all the same. */
  readonly keep?: (value: T) => boolean;
}

export interface Database extends Queryable {
  /**
   * Runs `work` in one transaction at READ COMMITTED. A deadlock or a serialisation failure runs it again, up to
   * `TRANSACTION_TRIES` times in all, so `work` must have no effect outside the database. Rejects with what `work`
   * rejects with, after a rollback.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>, options?: TransactionOptions<T>): Promise<T>;
  readonly pool: pg.Pool;
  readonly connectionString: string;
  /** Waits for running statements, then closes every connection. May be called twice. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly connectionString: string;
  /** Connections at most; 10 unless said. */
  readonly max?: number;
  readonly applicationName?: string;
  /** Hears errors of idle connections (a server that restarts). They are not fatal: the next statement reconnects. */
  readonly onError?: (error: Error) => void;
}

export const TRANSACTION_TRIES = 6;
const DEFAULT_CONNECTIONS = 10;
const CONNECT_TIMEOUT_MS = 10_000;
const STATEMENT_TIMEOUT_MS = 60_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 60_000;
const RETRY_BASE_MS = 5;
const RETRY_CEILING_MS = 200;
/** serialization_failure and deadlock_detected: the server itself says that trying again is right. */
const RETRIED = new Set(['40001', '40P01']);

/** What every connection of the product is set to, whatever the server, its roles or the URL say. */
const SESSION = [
  "set_config('search_path', 'watchbill,public', false)",
  "set_config('timezone', 'UTC', false)",
  "set_config('datestyle', 'ISO, YMD', false)",
  `set_config('statement_timeout', '${STATEMENT_TIMEOUT_MS}', false)`,
  `set_config('idle_in_transaction_session_timeout', '${IDLE_IN_TRANSACTION_TIMEOUT_MS}', false)`,
];

/** Opens a pool. Nothing connects until the first statement. */
export function openDatabase(options: DatabaseOptions): Database {
  const onError = options.onError ?? (() => undefined);
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    max: options.max ?? DEFAULT_CONNECTIONS,
    application_name: options.applicationName ?? 'watchbill',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    types: valueTypes,
    onConnect: async (client) => {
      await client.query(`SELECT ${SESSION.join(', ')}`);
    },
  });
  pool.on('error', onError);
  // A checked-out client without a listener would end the process when the server goes away. Its statement rejects,
  // so nobody misses the error here; idle ones are told to the pool's listener.
  pool.on('connect', (client) => client.on('error', () => undefined));
  let closed: Promise<void> | undefined;
  return {
    pool,
    connectionString: options.connectionString,
    query: <Row extends object>(statement: Statement, values?: readonly unknown[]) =>
      run<Row>(pool, statement, values),
    transaction: (work, settings) => retried(() => once(pool, work, settings ?? {})),
    close: () => {
      closed ??= pool.end();
      return closed;
    },
  };
}

async function run<Row extends object>(
  client: Pick<pg.Pool | pg.PoolClient, 'query'>,
  statement: Statement,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const result = await client.query<Row>({ name: statement.name, text: statement.text, values: [...values] });
  return result.rows;
}

async function once<T>(
  pool: pg.Pool,
  work: (tx: Transaction) => Promise<T>,
  options: TransactionOptions<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const value = await work({ query: (statement, values) => run(client, statement, values) });
    await client.query(options.keep === undefined || options.keep(value) ? 'COMMIT' : 'ROLLBACK');
    return value;
  } catch (error) {
    // Where even the rollback fails the connection is thrown away, so that no transaction stays open in the pool.
    await client.query('ROLLBACK').catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

async function retried<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (tried >= TRANSACTION_TRIES || !RETRIED.has(sqlState(error) ?? '')) throw error;
      const ceiling = Math.min(RETRY_CEILING_MS, RETRY_BASE_MS * 2 ** tried);
      await new Promise((done) => setTimeout(done, Math.random() * ceiling));
    }
  }
}

/** The five-character SQLSTATE of a PostgreSQL error (`23P01`), or undefined for any other value. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined;
}
