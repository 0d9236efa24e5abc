import type { Instant } from '@watchbill/core';
import type { Database, Queryable } from './connection.ts';
import { toTimestampOrNull } from './instants.ts';
import { statement } from './statement.ts';

const NOW = statement('clock.now', 'SELECT clock_now() AS now');
const READ = statement(
  'clock.read',
  'SELECT clock_now() AS now, coalesce((SELECT factor FROM clock), 1) AS factor',
);
const SET = statement(
  'clock.set',
  `INSERT INTO clock (real_origin, virtual_origin, factor)
   SELECT clock_timestamp(), coalesce($2::timestamptz, clock_now()), $1
   ON CONFLICT (only_row) DO UPDATE SET
     real_origin = excluded.real_origin, virtual_origin = excluded.virtual_origin, factor = excluded.factor`,
);
const RESET = statement('clock.reset', 'DELETE FROM clock');

/** The time by which schedules run: the database's clock, made faster where `setClock` was called. */
export async function clockNow(queryable: Queryable): Promise<Instant> {
  const [row] = await queryable.query<{ now: Instant }>(NOW);
  if (row === undefined) throw new Error('the database told no time');
  return row.now;
}

/** The time and how many times faster than real time it runs; a sleeper divides by `factor`. */
export async function readClock(queryable: Queryable): Promise<{ now: Instant; factor: number }> {
  const [row] = await queryable.query<{ now: Instant; factor: number }>(READ);
  if (row === undefined) throw new Error('the database told no time');
  return row;
}

/**
 * Lets the clock of all schedules run `factor` times as fast as real time (above 0, up to 100,000), from `start`
 * on or from where it stands. For demonstrations and tests; a production database has no such row.
 */
export async function setClock(
  database: Database,
  settings: { readonly factor: number; readonly start?: Instant },
): Promise<void> {
  await database.query(SET, [settings.factor, toTimestampOrNull(settings.start ?? null)]);
}

/** Back to real time. */
export async function resetClock(database: Database): Promise<void> {
  await database.query(RESET);
}
