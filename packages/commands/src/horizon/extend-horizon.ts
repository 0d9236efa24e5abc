import type { Instant } from '@watchbill/core';
import {
  clockNow,
  type Database,
  lockShortHorizons,
  type ScheduleRow,
  type Transaction,
} from '@watchbill/database';
import { NO_MEANING, readMeanings } from '../schedule/load-schedule.ts';
import { DEFAULT_HORIZON, horizonStep } from './horizon-settings.ts';
import { planSync, readStoredTime, type SyncPlan } from './plan-sync.ts';
import { syncHorizon } from './sync-horizon.ts';
import { targetOf } from './sync-target.ts';

/** Few at a time: while a schedule is held here, nothing of it can fall due. */
export const SCHEDULES_PER_EXTENSION = 20;
/** Batches in one call; the next call goes on. */
export const BATCHES_PER_EXTENSION = 500;

export interface ExtendOptions {
  /** Only this schedule. */
  readonly schedule?: string;
  readonly horizonMs?: number;
  readonly leadMinutes?: readonly number[];
}

export interface ExtendedHorizons {
  readonly extended: number;
  /** Schedules whose stored definition this program cannot plan, with the reason; they are tried again next time. */
  readonly failed: readonly { readonly schedule: string; readonly message: string }[];
}

/**
 * Stores the shifts of schedules whose horizon has come nearer than a step: about once a week each. Many schedules go
 * in bounded batches, each in its own transaction; those that another process holds are left to it.
 */
export async function extendHorizon(
  database: Database,
  options: ExtendOptions = {},
): Promise<ExtendedHorizons> {
  let extended = 0;
  const failed: { schedule: string; message: string }[] = [];
  let after = '';
  for (let batch = 0; batch < BATCHES_PER_EXTENSION; batch += 1) {
    const result = await database.transaction((tx) => extendBatch(tx, options, after));
    extended += result.extended;
    failed.push(...result.failed);
    if (result.last === null) break;
    after = result.last;
  }
  return { extended, failed };
}

async function extendBatch(
  tx: Transaction,
  options: ExtendOptions,
  after: string,
): Promise<ExtendedHorizons & { readonly last: string | null }> {
  const horizonMs = options.horizonMs ?? DEFAULT_HORIZON.horizonMs;
  const leadMinutes = options.leadMinutes ?? DEFAULT_HORIZON.leadMinutes;
  const rows = await lockShortHorizons(tx, {
    before: (await clockNow(tx)) + horizonMs - horizonStep(horizonMs),
    schedule: options.schedule ?? null,
    after,
    limit: SCHEDULES_PER_EXTENSION,
  });
  if (rows.length === 0) return { extended: 0, failed: [], last: null };
  const now = await clockNow(tx);
  const { plans, failed } = await planAll(tx, rows, { now, horizon: { horizonMs, leadMinutes } });
  await syncHorizon(tx, plans, { now, leadMinutes });
  return { extended: plans.length, failed, last: rows.at(-1)?.id ?? null };
}

async function planAll(
  tx: Transaction,
  rows: readonly ScheduleRow[],
  at: { readonly now: Instant; readonly horizon: { horizonMs: number; leadMinutes: readonly number[] } },
): Promise<{ plans: SyncPlan[]; failed: { schedule: string; message: string }[] }> {
  const ids = rows.map((row) => row.id);
  const meanings = await readMeanings(tx, ids, at.now);
  const stored = await readStoredTime(tx, ids, at.now);
  const plans: SyncPlan[] = [];
  const failed: { schedule: string; message: string }[] = [];
  for (const row of rows) {
    // One definition that cannot be planned must not keep the horizon of all the others from growing.
    try {
      const meaning = meanings.get(row.id) ?? NO_MEANING;
      plans.push(
        planSync(targetOf(row, meaning, { ...at, reason: 'configuration' }), stored(row.id), at.now),
      );
    } catch (error) {
      failed.push({ schedule: row.id, message: error instanceof Error ? error.message : String(error) });
    }
  }
  return { plans, failed };
}
