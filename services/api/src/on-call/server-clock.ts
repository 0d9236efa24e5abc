import type { Instant } from '@watchbill/core';
import { type Database, readClock } from '@watchbill/database';
import type { Logger } from '@watchbill/runtime';

/** The clock of the database, kept here: the same time as `clock_now()`, to within half a round trip. */
export interface ServerClock {
  now(): Instant;
  close(): void;
}

/** The own clock drifts, and the database's may be set: it is measured this often. */
const MEASURE_EVERY_MS = 5_000;

interface Reading {
  readonly now: Instant;
  /** Of the monotonic clock of this process, when `now` was right. */
  readonly takenAt: number;
  readonly factor: number;
}

/** Measures the clock once, then keeps measuring. Rejects when the database cannot be read at the start. */
export async function createServerClock(database: Database, logger: Logger): Promise<ServerClock> {
  let reading = await measure(database);
  let measuring = false;
  const timer = setInterval(() => {
    if (measuring) return;
    measuring = true;
    measure(database)
      .then((next) => {
        reading = next;
      })
      .catch((error: unknown) => logger.warn({ err: error }, 'clock of the database not measured'))
      .finally(() => {
        measuring = false;
      });
  }, MEASURE_EVERY_MS);
  timer.unref();
  return {
    now: () => Math.floor(reading.now + (performance.now() - reading.takenAt) * reading.factor),
    close: () => clearInterval(timer),
  };
}

async function measure(database: Database): Promise<Reading> {
  const before = performance.now();
  const { now, factor } = await readClock(database);
  return { now, factor, takenAt: (before + performance.now()) / 2 };
}
