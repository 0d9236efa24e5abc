import type { Instant } from '@watchbill/core';
import type { ScheduleRow } from '@watchbill/database';
import type { CommandError } from '../command.ts';
import { refuse } from '../run-command.ts';
import { type StoredMeaning, versionsOf } from '../schedule/load-schedule.ts';
import { DEFAULT_HORIZON, type HorizonSettings, nextHorizon } from './horizon-settings.ts';
import { PlanError, type SyncPlan, type SyncTarget } from './plan-sync.ts';

/** What a stored schedule is to be brought in line with. */
export function targetOf(
  row: ScheduleRow,
  meaning: StoredMeaning,
  at: {
    readonly now: Instant;
    readonly reason: SyncTarget['reason'];
    readonly turnReason?: SyncTarget['turnReason'];
    readonly horizon?: HorizonSettings | undefined;
  },
): SyncTarget {
  const { horizonMs } = at.horizon ?? DEFAULT_HORIZON;
  return {
    id: row.id,
    revision: row.revision,
    nextDueAt: row.nextDueAt,
    knownUntil: row.horizonUntil,
    horizonUntil: nextHorizon(row.horizonUntil, at.now, horizonMs),
    versions: versionsOf(meaning, at.now),
    reason: at.reason,
    turnReason: at.turnReason,
  };
}

/** Runs `plan`; where the schedule cannot be planned, refuses and says why. */
export function planOrRefuse(
  plan: () => SyncPlan,
): { readonly ok: true; readonly value: SyncPlan } | { readonly ok: false; readonly error: CommandError } {
  try {
    return { ok: true, value: plan() };
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    const reason = error.code === 'limit' ? 'schedule/too-many-shifts' : 'schedule/seat-taken-twice';
    return refuse(error.code, reason, { message: `Schedule "${error.schedule}": ${error.message}` });
  }
}
