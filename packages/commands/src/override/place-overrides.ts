import type { Instant, Interval } from '@watchbill/core';
import { type NewEvent, type OverrideRow, saveOverrides, type Transaction } from '@watchbill/database';
import type { CommandError } from '../command.ts';
import type { ShiftCounts } from '../horizon/plan-sync.ts';
import { type CommandContext, type CommandOutcome, refuse } from '../run-command.ts';
import { type HeldSchedule, syncHeld } from '../schedule/change-schedule.ts';
import type { StoredMeaning } from '../schedule/load-schedule.ts';
import { limitBroken } from './check-override.ts';
import { overrideEvent } from './override-events.ts';

export interface Placing {
  /** Checked, and all of the held schedule, in the order of creation. */
  readonly rows: readonly OverrideRow[];
  readonly context: CommandContext;
  readonly reason: 'override' | 'swap';
  /** Events that come before those of the overrides. */
  readonly announce?: readonly NewEvent[] | undefined;
}

/** Writes overrides of a held schedule, tells of them, and brings its stored shifts in line. */
export async function placeOverrides(
  tx: Transaction,
  held: HeldSchedule,
  { rows, context, reason, announce = [] }: Placing,
): Promise<CommandOutcome<ShiftCounts>> {
  await saveOverrides(tx, rows, held.now);
  const created = rows.map((row) => overrideEvent('override.created', row, held.now));
  return syncHeld(tx, held, { context, reason, events: [...announce, ...created] });
}

/** Refuses one more override where a schedule has too many. */
export function refuseTooMany(
  { overrides }: StoredMeaning,
  now: Instant,
  added: Interval,
): { readonly ok: false; readonly error: CommandError } | null {
  const live = overrides.filter((override) => override.end > now);
  const broken = limitBroken(live, added);
  return broken === null ? null : refuse('limit', 'override/too-many', { message: broken });
}
