import { HOUR_MS, type Interval } from '../time/interval.ts';
import { showLength } from '../time/show.ts';
import { type CheckWarning, MAX_STRETCHES, sayOften } from './check-warning.ts';
import { type ShiftSaying, shiftsByPerson } from './double-bookings.ts';
import type { OwnedShift } from './owned-shift.ts';

/** Daily rest after EU directive 2003/88/EC. */
const MIN_REST_HOURS = 11;

interface Rest {
  readonly restMs: number;
  readonly next: OwnedShift;
}

/**
 * People with less than eleven hours between the end of one turn and the start of the next: one warning each. The
 * hours between the parts of one turn (the nights of a week) are not counted: whoever planned the turn saw them.
 */
export function shortRests(
  shifts: readonly OwnedShift[],
  checked: ReadonlySet<string>,
  { nameOf, when }: ShiftSaying,
): CheckWarning[] {
  const warnings: CheckWarning[] = [];
  for (const [person, own] of shiftsByPerson(shifts)) {
    const rests = restsOf(own, checked).filter(({ restMs }) => restMs < MIN_REST_HOURS * HOUR_MS);
    const first = rests[0];
    if (first === undefined) continue;
    const detail = `${showLength(first.restMs)} before ${when(first.next.start, first.next)}`;
    const often = sayOften(rests.length);
    const message = `${nameOf(person)} has less than ${MIN_REST_HOURS} h rest between shifts ${often}, first ${detail}`;
    const { schedule, role, start } = first.next;
    const stretches = rests.slice(0, MAX_STRETCHES).map(missingPart);
    warnings.push({
      code: 'rest/short',
      level: 'warning',
      schedule,
      role,
      person,
      at: start,
      message,
      stretches,
    });
  }
  return warnings;
}

/** The part of the next turn that the rest should have reached into. */
function missingPart({ restMs, next }: Rest): Interval {
  return { start: next.start, end: Math.min(next.end, next.start - restMs + MIN_REST_HOURS * HOUR_MS) };
}

function restsOf(own: readonly OwnedShift[], checked: ReadonlySet<string>): Rest[] {
  const rests: Rest[] = [];
  let last: OwnedShift | null = null;
  for (const next of own) {
    const isNew = last !== null && next.start > last.end && (next.turn === null || next.turn !== last.turn);
    if (last !== null && isNew && (checked.has(last.schedule) || checked.has(next.schedule))) {
      rests.push({ restMs: next.start - last.end, next });
    }
    if (last === null || next.end > last.end) last = next;
  }
  return rests;
}
