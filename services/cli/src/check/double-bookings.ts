import type { Instant } from '@watchbill/core';
import { showLength } from '../format/clock.ts';
import type { OwnedShift, Timed, Warning } from './warning.ts';

interface Clash {
  readonly first: OwnedShift;
  readonly second: OwnedShift;
  readonly at: Instant;
  count: number;
  totalMs: number;
}

/** People who are on call in two places, schedules or roles, at once: one warning for each pair of places. */
export function doubleBookings(shifts: readonly OwnedShift[], { nameOf, when }: Timed): Warning[] {
  const clashes = new Map<string, Clash>();
  for (const own of byPerson(shifts).values()) {
    let running: OwnedShift[] = [];
    for (const shift of own) {
      running = running.filter((before) => before.end > shift.start);
      for (const before of running) note(clashes, before, shift);
      running.push(shift);
    }
  }
  return [...clashes.values()].map(({ first, second, at, count, totalMs }) => {
    const places = [placeOf(first), placeOf(second)].sort().join(' and ');
    const often = count === 1 ? 'once' : `${count} times`;
    const message = `${nameOf(first.person)} is on call for ${places} at once, ${often} (${showLength(totalMs)}), first on ${when(at, first)}`;
    return {
      code: 'person/double',
      schedule: first.schedule,
      role: first.role,
      person: first.person,
      message,
    };
  });
}

function note(clashes: Map<string, Clash>, first: OwnedShift, second: OwnedShift): void {
  if (placeOf(first) === placeOf(second)) return;
  const key = JSON.stringify([first.person, ...[placeOf(first), placeOf(second)].sort()]);
  const clash = clashes.get(key) ?? { first, second, at: second.start, count: 0, totalMs: 0 };
  clash.count += 1;
  clash.totalMs += Math.min(first.end, second.end) - second.start;
  clashes.set(key, clash);
}

function placeOf(shift: OwnedShift): string {
  return `${shift.schedule} (${shift.role})`;
}

/** The shifts of each person in order of time. */
export function byPerson(shifts: readonly OwnedShift[]): Map<string, OwnedShift[]> {
  const result = new Map<string, OwnedShift[]>();
  for (const shift of [...shifts].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const own = result.get(shift.person);
    if (own === undefined) result.set(shift.person, [shift]);
    else own.push(shift);
  }
  return result;
}
