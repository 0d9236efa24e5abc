import type { PlannedTurn, Schedule } from '../schedule/schedule.ts';
import type { Instant, Interval } from '../time/interval.ts';
import { toUtc } from '../time/zone.ts';
import type { Shift } from '../timeline/timeline.ts';
import type { Turn } from '../timeline/turn.ts';
import { turnsIn } from '../timeline/turns.ts';

/** A shift with the schedule it belongs to and the turn it is a part of; null for an override. */
export interface OwnedShift extends Shift {
  readonly schedule: string;
  readonly turn: string | null;
}

/** The shifts of a schedule's timeline over a window, each with its turn. */
export function ownedShifts(schedule: Schedule, window: Interval, shifts: readonly Shift[]): OwnedShift[] {
  const turns = new Map(
    schedule.rotations.map((rotation) => [rotation.id, turnsIn(rotation, schedule.coreHours, window)]),
  );
  const planned = new Map(
    schedule.rotations.flatMap(({ id, strategy }) =>
      strategy.kind === 'fair' ? [[id, plannedStarts(strategy.turns)] as const] : [],
    ),
  );
  return shifts.map((shift) => {
    const whole = { ...shift, schedule: schedule.id };
    const { rotation } = shift;
    if (rotation === null) return { ...whole, turn: null };
    const starts = planned.get(rotation)?.get(shift.person) ?? [];
    const start = planned.has(rotation)
      ? lastUpTo(starts, shift.start)?.turn
      : lastUpTo<Turn>(turns.get(rotation) ?? [], shift.start)?.start;
    return { ...whole, turn: start === undefined ? null : `${schedule.id} ${rotation} ${start}` };
  });
}

/** The stretches of planned turns by person, each with the start of its whole turn, in order. */
type PlannedStarts = ReadonlyMap<string, readonly { readonly start: Instant; readonly turn: Instant }[]>;

function plannedStarts(turns: readonly PlannedTurn[]): PlannedStarts {
  const byPerson = new Map<string, { start: Instant; turn: Instant }[]>();
  for (const { person, intervals } of turns) {
    const [first] = intervals;
    if (person === null || first === undefined) continue;
    const own = byPerson.get(person) ?? [];
    for (const { start } of intervals) own.push({ start, turn: first.start });
    byPerson.set(person, own);
  }
  for (const own of byPerson.values()) own.sort((a, b) => a.start - b.start);
  return byPerson;
}

/** The last item that starts at or before an instant, of items in order. */
function lastUpTo<T extends { readonly start: Instant }>(items: readonly T[], at: Instant): T | undefined {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((items[middle] as T).start <= at) low = middle + 1;
    else high = middle;
  }
  return items[low - 1];
}

/**
 * The shifts before today that a file vouches for: from where a rotation in order begins; all of fixed and planned
 * turns, and of overrides. What an order would have been before its start is no history.
 */
export function vouchedShifts(schedule: Schedule, shifts: readonly Shift[]): Shift[] {
  const since = new Map(
    schedule.rotations.map(({ id, strategy, timeZone, effectiveFrom }) => {
      const anchor = strategy.kind === 'in_order' ? toUtc(strategy.start, timeZone, 'first') : null;
      return [id, Math.max(anchor ?? Number.NEGATIVE_INFINITY, effectiveFrom ?? Number.NEGATIVE_INFINITY)];
    }),
  );
  return shifts.filter(({ rotation, start }) => rotation === null || start >= (since.get(rotation) ?? start));
}
