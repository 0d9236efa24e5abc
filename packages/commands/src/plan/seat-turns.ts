import type { Interval, PlannedTurn } from '@watchbill/core';
import type { PlannedTurnRow } from '@watchbill/database';
import { groupBy } from '../group-by.ts';

/**
 * Stored turns as the resolver takes them, by rotation. A turn that had begun under an earlier plan ends where the
 * next one on its seat begins, so that a seat never holds two people.
 */
export function seatTurns(rows: readonly PlannedTurnRow[]): Map<string, PlannedTurn[]> {
  const byRotation = new Map<string, PlannedTurn[]>();
  for (const [rotation, own] of groupBy(rows, (row) => row.rotation)) {
    const seats = [...groupBy(own, (row) => String(row.seat)).values()];
    byRotation.set(rotation, seats.flatMap(oneAfterAnother).sort(byStart));
  }
  return byRotation;
}

function oneAfterAnother(rows: readonly PlannedTurnRow[]): PlannedTurn[] {
  const sorted = [...rows].sort((a, b) => a.startsAt - b.startsAt || (a.unit < b.unit ? -1 : 1));
  return sorted.flatMap(({ unit, seat, person, intervals }, index): PlannedTurn[] => {
    const until = sorted[index + 1]?.startsAt ?? Number.POSITIVE_INFINITY;
    const cut = intervals.flatMap(({ start, end }): Interval[] =>
      start < Math.min(end, until) ? [{ start, end: Math.min(end, until) }] : [],
    );
    return cut.length === 0 ? [] : [{ unit, seat, intervals: cut, person }];
  });
}

function byStart(a: PlannedTurn, b: PlannedTurn): number {
  return (a.intervals[0]?.start ?? 0) - (b.intervals[0]?.start ?? 0) || a.seat - b.seat;
}
