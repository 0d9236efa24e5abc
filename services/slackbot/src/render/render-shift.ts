import { parseInstant, type ZoneName } from '@watchbill/core';
import { clockNow, findStoredShift } from '@watchbill/database';
import type { EventFacts } from '@watchbill/events';
import {
  reminderMessage,
  type ShownMove,
  type ShownShift,
  shiftMovedMessage,
} from '../blocks/reminder-blocks.ts';
import type { ShiftMovedFacts } from '../follow/follow-shift.ts';
import type { Render } from './render.ts';
import { zoneOf } from './zone-of.ts';

type ShiftFacts = EventFacts<'shift.started'>['shift'];

/** A reminder. It is not sent once the shift has begun or is somebody else's; one that was sent says so. */
export const renderReminder: Render = async (database, { facts, ts }) => {
  const told = facts.shift as ShiftFacts;
  const shift = shown(told);
  const stored = await findStoredShift(database, told.id);
  const stands =
    stored !== null &&
    stored.status === 'active' &&
    stored.person === told.person &&
    stored.startsAt === shift.start;
  if (ts === null && (!stands || shift.start <= (await clockNow(database)))) return null;
  const current = stands && stored !== null ? { ...shift, end: stored.endsAt } : shift;
  const zone = await zoneOf(database, shift.schedule);
  return reminderMessage({ shift: current, leadMinutes: Number(facts.leadMinutes), stands, zone });
};

/** What changed of somebody's shifts. What came to nothing in the end, or is over, is left out. */
export const renderShiftMoved: Render = async (database, { facts }) => {
  const { moves, more } = facts as unknown as ShiftMovedFacts;
  const now = await clockNow(database);
  const shownMoves = Object.values(moves)
    .map(({ before, after }): ShownMove => ({ before: shownOrNull(before), after: shownOrNull(after) }))
    .filter((move) => isChange(move) && Math.max(move.before?.end ?? 0, move.after?.end ?? 0) > now)
    .sort((a, b) => startOf(a) - startOf(b));
  if (shownMoves.length === 0 && more === 0) return null;
  const zones = new Map<string, ZoneName>();
  for (const { before, after } of shownMoves) {
    const schedule = (after ?? before)?.schedule ?? '';
    if (!zones.has(schedule)) zones.set(schedule, await zoneOf(database, schedule));
  }
  return shiftMovedMessage({ moves: shownMoves, more, zoneOf: (schedule) => zones.get(schedule) ?? 'UTC' });
};

function isChange({ before, after }: ShownMove): boolean {
  if (before === null || after === null) return before !== after;
  return before.start !== after.start || before.end !== after.end || before.role !== after.role;
}

function startOf({ before, after }: ShownMove): number {
  return (after ?? before)?.start ?? 0;
}

function shownOrNull(shift: ShiftFacts | null): ShownShift | null {
  return shift === null ? null : shown(shift);
}

function shown({ schedule, role, start, end }: ShiftFacts): ShownShift {
  return { schedule, role, start: parseInstant(start) ?? 0, end: parseInstant(end) ?? 0 };
}
