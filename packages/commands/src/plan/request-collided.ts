import type { Instant } from '@watchbill/core';
import {
  notifyPlans,
  plannedPeople,
  plansInForce,
  requestPlans,
  type ShiftRow,
  shiftsElsewhere,
  type Transaction,
} from '@watchbill/database';
import { groupBy } from '../group-by.ts';

/**
 * Wishes for new plans where shifts that were just stored put somebody on call twice: a plan may have been made before
 * the other schedule had these shifts. The plan gives way, for it is the one that can.
 */
export async function requestCollided(
  tx: Transaction,
  stored: readonly Pick<ShiftRow, 'id' | 'person'>[],
  now: Instant,
): Promise<string[]> {
  const people = await plannedPeople(tx, [...new Set(stored.map(({ person }) => person))], now);
  if (people.length === 0) return [];
  const shifts = await shiftsElsewhere(tx, people, { than: [], after: now });
  const met = collided(shifts, new Set(stored.map(({ id }) => id)));
  if (met.length === 0) return [];
  const planned = new Set((await plansInForce(tx, met)).map((row) => row.schedule));
  const wanted = met.filter((schedule) => planned.has(schedule));
  if (wanted.length === 0) return [];
  await requestPlans(tx, wanted, { reason: 'elsewhere', now });
  await notifyPlans(tx);
  return wanted;
}

/** The schedules on which somebody has a shift of a rotation that meets another shift of theirs, one of the two fresh. */
export function collided(shifts: readonly ShiftRow[], fresh: ReadonlySet<string>): string[] {
  const schedules = new Set<string>();
  for (const own of groupBy(shifts, (row) => row.person).values()) {
    let running: ShiftRow[] = [];
    for (const shift of own.toSorted((a, b) => a.start - b.start)) {
      running = running.filter(({ end }) => end > shift.start);
      for (const other of running) {
        if (!fresh.has(shift.id) && !fresh.has(other.id)) continue;
        for (const { schedule, rotation } of [shift, other]) if (rotation !== null) schedules.add(schedule);
      }
      running.push(shift);
    }
  }
  return [...schedules].sort();
}
