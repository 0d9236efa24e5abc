import type { Instant } from '@watchbill/core';
import { markRetired } from '@watchbill/database';
import { refuseUnlessManager } from '../access/caller.ts';
import type { CommandResult } from '../command.ts';
import type { ShiftCounts } from '../horizon/plan-sync.ts';
import { type CommandContext, done, runCommand } from '../run-command.ts';
import { holdSchedule, syncHeld } from './change-schedule.ts';
import { NO_MEANING } from './load-schedule.ts';

export interface RetiredSchedule {
  readonly id: string;
  readonly retiredAt: Instant;
  readonly shifts: ShiftCounts;
}

/**
 * Takes a schedule out of use from now on: shifts in progress end, those ahead are cancelled, its gaps are closed.
 * Its past stays. A configuration that names it brings it back.
 */
export function retireSchedule(
  context: CommandContext,
  input: { readonly schedule: string },
): Promise<CommandResult<RetiredSchedule>> {
  return runCommand(context, { name: 'retireSchedule', input }, async (tx) => {
    const held = await holdSchedule(tx, input.schedule);
    if (!held.ok) return held;
    const refused = await refuseUnlessManager(tx, context.caller, input.schedule);
    if (refused !== null) return refused;
    const { now, row } = held.value;
    const shifts = await syncHeld(tx, held.value, {
      context,
      reason: 'retired',
      meaning: NO_MEANING,
      events: [
        {
          key: `schedule.retired.${row.id}.${now}`,
          type: 'schedule.retired',
          schedule: row.id,
          occurredAt: now,
          publishedAt: now,
          data: { schedule: row.id, retiredBy: context.actor },
        },
      ],
    });
    if (!shifts.ok) return shifts;
    await markRetired(tx, row.id, now);
    return done({ id: row.id, retiredAt: now, shifts: shifts.value });
  });
}
