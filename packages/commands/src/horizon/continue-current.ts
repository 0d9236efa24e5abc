import type { Instant, Shift } from '@watchbill/core';
import type { ShiftRow } from '@watchbill/database';

interface CurrentInput {
  readonly now: Instant;
  /** Planned shifts in progress at `now`, cut at `now`. */
  readonly planned: readonly Shift[];
  /** Planned shifts that start after `now`. */
  readonly later: readonly Shift[];
  /** Stored shifts in progress at `now`. */
  readonly stored: readonly ShiftRow[];
}

interface CurrentDecision {
  readonly pairs: readonly (readonly [ShiftRow, ShiftRow])[];
  readonly added: readonly Shift[];
  readonly cancelled: readonly ShiftRow[];
}

/**
 * What becomes of the shifts in progress. One whose person still holds the role goes on: the same row, with the
 * planned end and source. Its seat stays as it is, since somebody else may have held the planned seat before; where
 * its seat is wanted for another person from now on, the shift is cut in two instead.
 */
export function continueCurrent({ now, planned, later, stored }: CurrentInput): CurrentDecision {
  const left = new Set(stored);
  const added: Shift[] = [];
  const going: { row: ShiftRow; shift: Shift }[] = [];
  for (const shift of planned) {
    const row = likest(shift, [...left]);
    if (row === undefined) {
      added.push(shift);
      continue;
    }
    left.delete(row);
    going.push({ row, shift });
  }
  for (let cut = firstConflict(going, [...added, ...later]); cut !== undefined; ) {
    going.splice(going.indexOf(cut), 1);
    left.add(cut.row);
    added.push(cut.shift);
    cut = firstConflict(going, [...added, ...later]);
  }
  const gone = [...left];
  const pairs = going.map(({ row, shift }): [ShiftRow, ShiftRow] => [
    row,
    { ...row, end: shift.end, rotation: shift.rotation, override: shift.override },
  ]);
  // One that would begin and end at once never was: it is cancelled. The others end now.
  const ended = gone
    .filter((row) => row.start < now)
    .map((row): [ShiftRow, ShiftRow] => [row, { ...row, end: now }]);
  return { pairs: [...pairs, ...ended], added, cancelled: gone.filter((row) => row.start >= now) };
}

/** The row of the same person and role: on the same seat, else from the same source, else any. */
function likest(shift: Shift, rows: readonly ShiftRow[]): ShiftRow | undefined {
  const own = rows.filter((row) => row.role === shift.role && row.person === shift.person);
  return (
    own.find((row) => row.seat === shift.seat) ??
    own.find((row) => row.rotation === shift.rotation && row.override === shift.override) ??
    own[0]
  );
}

type Going = { readonly row: ShiftRow; readonly shift: Shift };

/** The first shift that goes on on a seat which the plan gives to another one before it ends. */
function firstConflict(going: readonly Going[], others: readonly Shift[]): Going | undefined {
  return going.find(
    (own) =>
      own.row.seat !== own.shift.seat &&
      (others.some((other) => onSeat(own, other, other.seat)) ||
        going.some((other) => other !== own && onSeat(own, other.shift, other.row.seat))),
  );
}

function onSeat(own: Going, other: Shift, seat: string): boolean {
  return seat === own.row.seat && other.role === own.shift.role && other.start < own.shift.end;
}
