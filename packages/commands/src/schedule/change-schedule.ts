import type { Instant } from '@watchbill/core';
import {
  clockNow,
  lockSchedules,
  type NewEvent,
  type ScheduleRow,
  type Transaction,
} from '@watchbill/database';
import type { CommandError } from '../command.ts';
import { DEFAULT_HORIZON } from '../horizon/horizon-settings.ts';
import {
  countShifts,
  planSync,
  readStoredTime,
  type ShiftCounts,
  type SyncTarget,
} from '../horizon/plan-sync.ts';
import { syncHorizon } from '../horizon/sync-horizon.ts';
import { planOrRefuse, targetOf } from '../horizon/sync-target.ts';
import { type CommandContext, type CommandOutcome, done, refuse } from '../run-command.ts';
import { NO_MEANING, readMeanings, type StoredMeaning } from './load-schedule.ts';

/** A schedule that this transaction holds, and the instant of the change. */
export interface HeldSchedule {
  readonly row: ScheduleRow;
  readonly now: Instant;
}

/** Locks a schedule for a change and takes the time; refuses for one that is unknown or retired. */
export async function holdSchedule(
  tx: Transaction,
  id: string,
): Promise<
  { readonly ok: true; readonly value: HeldSchedule } | { readonly ok: false; readonly error: CommandError }
> {
  const [row] = await lockSchedules(tx, [id]);
  if (row === undefined) {
    return refuse('not_found', 'schedule/unknown', {
      message: `There is no schedule "${id}". Apply a configuration that names it.`,
    });
  }
  if (row.retiredAt !== null) {
    return refuse('conflict', 'schedule/retired', {
      message: `The schedule "${id}" is retired. Apply a configuration that names it to use it again.`,
    });
  }
  return { ok: true, value: { row, now: await clockNow(tx) } };
}

export interface ScheduleChange {
  readonly reason: SyncTarget['reason'];
  /** The events of the change itself; they come before those of the shifts. */
  readonly events: readonly NewEvent[];
  /** What the schedule means after the change; what is stored unless said. */
  readonly meaning?: StoredMeaning;
}

/** Brings the stored shifts of a held schedule in line after its change was written. */
export async function syncHeld(
  tx: Transaction,
  held: HeldSchedule,
  change: ScheduleChange & { readonly context: CommandContext },
): Promise<CommandOutcome<ShiftCounts>> {
  const { row, now } = held;
  const { horizon } = change.context;
  const meaning = change.meaning ?? (await readMeanings(tx, [row.id], now)).get(row.id);
  const stored = await readStoredTime(tx, [row.id], now);
  const target = targetOf(row, meaning ?? NO_MEANING, {
    now,
    reason: change.reason,
    horizon,
  });
  const plan = planOrRefuse(() => planSync(target, stored(row.id), now));
  if (!plan.ok) return plan;
  await syncHorizon(tx, [plan.value], {
    now,
    leadMinutes: (horizon ?? DEFAULT_HORIZON).leadMinutes,
    announce: () => change.events,
  });
  return done(countShifts(plan.value));
}
