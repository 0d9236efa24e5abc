import { HOUR_MS } from '@watchbill/core';
import { showLength } from '../format/clock.ts';
import { byPerson } from './double-bookings.ts';
import type { OwnedShift, Timed, Warning } from './warning.ts';

/** Daily rest after EU directive 2003/88/EC. */
export const MIN_REST_HOURS = 11;

interface Rest {
  readonly restMs: number;
  readonly next: OwnedShift;
}

/**
 * People with less than eleven hours between the end of one turn and the start of the next: one warning each. The
 * hours between the parts of one turn (the nights of a week) are not counted: whoever planned the turn saw them.
 */
export function shortRests(shifts: readonly OwnedShift[], { nameOf, when }: Timed): Warning[] {
  const warnings: Warning[] = [];
  for (const [person, own] of byPerson(shifts)) {
    const rests = restsOf(own).filter(({ restMs }) => restMs < MIN_REST_HOURS * HOUR_MS);
    const first = rests[0];
    if (first === undefined) continue;
    const often = rests.length === 1 ? 'once' : `${rests.length} times`;
    const detail = `${showLength(first.restMs)} before ${when(first.next.start, first.next)}`;
    const message = `${nameOf(person)} has less than ${MIN_REST_HOURS} h rest between shifts ${often}, first ${detail}`;
    warnings.push({
      code: 'rest/short',
      schedule: first.next.schedule,
      role: first.next.role,
      person,
      message,
    });
  }
  return warnings;
}

function restsOf(own: readonly OwnedShift[]): Rest[] {
  const rests: Rest[] = [];
  let last: OwnedShift | null = null;
  for (const next of own) {
    if (last !== null && next.start > last.end && !sameTurn(last, next)) {
      rests.push({ restMs: next.start - last.end, next });
    }
    if (last === null || next.end > last.end) last = next;
  }
  return rests;
}

function sameTurn(a: OwnedShift, b: OwnedShift): boolean {
  return a.turn !== null && a.turn === b.turn && a.rotation === b.rotation && a.schedule === b.schedule;
}
