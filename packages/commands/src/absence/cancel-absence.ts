import type { Instant } from '@watchbill/core';
import { clockNow, holdAbsence, insertEvents, isoInstant, markAbsenceCancelled } from '@watchbill/database';
import { ownOrManager } from '../access/caller.ts';
import type { CommandResult } from '../command.ts';
import { requestReplans } from '../plan/request-replans.ts';
import { type CommandContext, done, refuse, runCommand } from '../run-command.ts';
import { absenceEvent } from './absence-event.ts';

export interface CancelledAbsence {
  readonly id: string;
  readonly cancelledAt: Instant;
  /** Schedules that are planned again because of it. */
  readonly replanned: readonly string[];
}

/** Takes an absence back. Turns that went to others meanwhile stay with them; gaps are filled. */
export function cancelAbsence(
  context: CommandContext,
  input: { readonly person: string; readonly absence: string },
): Promise<CommandResult<CancelledAbsence>> {
  return runCommand(context, { name: 'cancelAbsence', input }, async (tx) => {
    const now = await clockNow(tx);
    const row = await holdAbsence(tx, input.person, input.absence);
    if (row === null) {
      const message = `The person "${input.person}" has no absence "${input.absence}".`;
      return refuse('not_found', 'absence/not-found', { message });
    }
    const refusal = await ownOrManager(tx, context.caller, { person: input.person, schedule: null });
    if (refusal !== null) return refusal;
    if (row.cancelledAt !== null) {
      const message = `The absence was cancelled already, at ${isoInstant(row.cancelledAt)}.`;
      return refuse('conflict', 'absence/cancelled', { message });
    }
    if (row.endsAt <= now) {
      const message = `The absence ended at ${isoInstant(row.endsAt)}. The past is never changed.`;
      return refuse('conflict', 'absence/in-the-past', { message });
    }
    await markAbsenceCancelled(tx, row.id, now);
    await insertEvents(tx, [absenceEvent('absence.cancelled', row, now)]);
    const touched = { people: [row.person], schedules: [] };
    const replanned = await requestReplans(tx, touched, { reason: 'absence', now });
    return done({ id: row.id, cancelledAt: now, replanned });
  });
}
