import type { Instant, Interval } from '../time/interval.ts';
import { showLength } from '../time/show.ts';
import { type CheckWarning, MAX_STRETCHES, sayOften } from './check-warning.ts';
import type { OwnedShift } from './owned-shift.ts';

interface Clash {
  readonly first: OwnedShift;
  readonly second: OwnedShift;
  readonly at: Instant;
  count: number;
  totalMs: number;
  readonly stretches: Interval[];
}

/** How a warning names the person of a shift and tells when it happens. */
export interface ShiftSaying {
  readonly nameOf: (person: string) => string;
  readonly when: (at: Instant, shift: OwnedShift) => string;
}

/** People who are on call in two places, schedules or roles, at once: one warning for each pair of places. */
export function doubleBookings(
  shifts: readonly OwnedShift[],
  checked: ReadonlySet<string>,
  { nameOf, when }: ShiftSaying,
): CheckWarning[] {
  const clashes = new Map<string, Clash>();
  for (const own of shiftsByPerson(shifts).values()) {
    let running: OwnedShift[] = [];
    for (const shift of own) {
      running = running.filter((before) => before.end > shift.start);
      for (const before of running) {
        if (checked.has(before.schedule) || checked.has(shift.schedule)) note(clashes, before, shift);
      }
      running.push(shift);
    }
  }
  return [...clashes.values()].map(({ first, second, at, count, totalMs, stretches }) => {
    const places = [placeOf(first), placeOf(second)].sort().join(' and ');
    const often = `${sayOften(count)} (${showLength(totalMs)})`;
    const message = `${nameOf(first.person)} is on call for ${places} at once, ${often}, first on ${when(at, first)}`;
    const place = checked.has(first.schedule) ? first : second;
    const about = { schedule: place.schedule, role: place.role, person: first.person, at };
    return { code: 'person/double', level: 'warning', ...about, message, stretches };
  });
}

function note(clashes: Map<string, Clash>, first: OwnedShift, second: OwnedShift): void {
  if (placeOf(first) === placeOf(second)) return;
  const key = JSON.stringify([first.person, ...[placeOf(first), placeOf(second)].sort()]);
  const clash = clashes.get(key) ?? { first, second, at: second.start, count: 0, totalMs: 0, stretches: [] };
  clash.count += 1;
  const stretch = { start: second.start, end: Math.min(first.end, second.end) };
  clash.totalMs += stretch.end - stretch.start;
  if (clash.stretches.length < MAX_STRETCHES) clash.stretches.push(stretch);
  clashes.set(key, clash);
}

function placeOf(shift: OwnedShift): string {
  return `${shift.schedule} (${shift.role})`;
}

/** The shifts of each person in order of time. */
export function shiftsByPerson(shifts: readonly OwnedShift[]): Map<string, OwnedShift[]> {
  const result = new Map<string, OwnedShift[]>();
  for (const shift of [...shifts].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const own = result.get(shift.person);
    if (own === undefined) result.set(shift.person, [shift]);
    else own.push(shift);
  }
  return result;
}
