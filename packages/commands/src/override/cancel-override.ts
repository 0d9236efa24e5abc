import type { Instant } from '@watchbill/core';
import { cancelOverrides, findOverride, isoInstant, type OverrideRow } from '@watchbill/database';
import { refuseUnlessManager } from '../access/caller.ts';
import type { CommandError, CommandResult } from '../command.ts';
import type { ShiftCounts } from '../horizon/plan-sync.ts';
import { requestReplans } from '../plan/request-replans.ts';
import { type CommandContext, done, refuse, runCommand } from '../run-command.ts';
import { holdSchedule, syncHeld } from '../schedule/change-schedule.ts';
import { overrideEvent } from './override-events.ts';

export interface CancelledOverride {
  readonly id: string;
  readonly schedule: string;
  readonly cancelledAt: Instant;
  readonly shifts: ShiftCounts;
}

/** Takes an override back from now on; what it did before now stays. */
export function cancelOverride(
  context: CommandContext,
  input: { readonly schedule: string; readonly override: string },
): Promise<CommandResult<CancelledOverride>> {
  return runCommand(context, { name: 'cancelOverride', input }, async (tx) => {
    const held = await holdSchedule(tx, input.schedule);
    if (!held.ok) return held;
    const forbidden = await refuseUnlessManager(tx, context.caller, input.schedule);
    if (forbidden !== null) return forbidden;
    const { now } = held.value;
    const row = await findOverride(tx, input.schedule, input.override);
    if (row === null) {
      return refuse('not_found', 'override/unknown', {
        message: `The schedule "${input.schedule}" has no override "${input.override}".`,
      });
    }
    const refusal = refuseCancel(row, now);
    if (refusal !== null) return refusal;
    await cancelOverrides(tx, [{ schedule: row.schedule, id: row.id }], now);
    const event = overrideEvent('override.cancelled', row, now);
    const shifts = await syncHeld(tx, held.value, { context, reason: 'override', events: [event] });
    if (!shifts.ok) return shifts;
    // Whoever it stood in for may be away by now, or stand something else too near.
    const touched = { people: [], schedules: [row.schedule] };
    await requestReplans(tx, touched, { reason: 'override', now });
    return done({ id: row.id, schedule: row.schedule, cancelledAt: now, shifts: shifts.value }, row);
  });
}

function refuseCancel(
  row: OverrideRow,
  now: Instant,
): { readonly ok: false; readonly error: CommandError } | null {
  if (row.cancelledAt !== null) {
    const message = `The override was cancelled already, at ${isoInstant(row.cancelledAt)}.`;
    return refuse('conflict', 'override/cancelled', { message });
  }
  if (row.origin === 'file') {
    const message =
      'The override stands in the configuration. Take it out there and apply it, or create another override on top.';
    return refuse('conflict', 'override/in-the-file', { message });
  }
  if (row.end <= now) {
    const message = `The override ended at ${isoInstant(row.end)}. The past is never changed.`;
    return refuse('conflict', 'override/in-the-past', { message });
  }
  return null;
}
