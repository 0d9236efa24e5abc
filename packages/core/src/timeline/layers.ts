import type { PersonId, Rotation, Schedule } from '../schedule/schedule.ts';
import type { Interval } from '../time/interval.ts';
import { mergeByStart, normalise, subtract } from '../time/interval.ts';
import { hoursIn } from './hours.ts';
import type { Shift } from './timeline.ts';
import type { Turn } from './turn.ts';
import { turnsIn } from './turns.ts';

/** A part of a turn in which hours are in force and no higher layer has somebody. */
interface Piece extends Interval {
  readonly turn: Turn;
}

/** The rotations of a role by layer, the highest first; file order inside a layer. */
export function layersOf(rotations: readonly Rotation[]): (readonly Rotation[])[] {
  const byLayer = new Map<number, Rotation[]>();
  for (const rotation of rotations) {
    const same = byLayer.get(rotation.layer);
    if (same === undefined) byLayer.set(rotation.layer, [rotation]);
    else same.push(rotation);
  }
  return [...byLayer.entries()].sort(([a], [b]) => b - a).map(([, same]) => same);
}

/**
 * Who the rotations of one role put on call in `span`, before overrides. A higher layer hides lower ones where it
 * has somebody; a vacant seat hides nothing. Nobody is on call twice: of equal layers, the first rotation of the
 * list keeps the person. Sorted by start.
 */
export function layeredShifts(
  layers: readonly (readonly Rotation[])[],
  schedule: Schedule,
  span: Interval,
): readonly Shift[] {
  let shifts: readonly Shift[] = [];
  let hidden: readonly Interval[] = [];
  layers.forEach((rotations, depth) => {
    const placed: (readonly Shift[])[] = [];
    for (const rotation of rotations) {
      const pieces = subtractPieces(piecesOf(rotation, schedule, span), hidden);
      placed.push(withoutDoubles(toShifts(rotation, pieces), placed));
    }
    for (const list of placed) shifts = mergeByStart(shifts, list);
    if (depth < layers.length - 1) hidden = normalise(shifts);
  });
  return shifts;
}

/** The staffed parts of a rotation's turns, in order. */
function piecesOf(rotation: Rotation, schedule: Schedule, span: Interval): Piece[] {
  const start = Math.max(span.start, rotation.effectiveFrom ?? span.start);
  const end = Math.min(span.end, rotation.effectiveUntil ?? span.end);
  if (start >= end) return [];
  const inForce = hoursIn(rotation.hours, schedule.coreHours, { start, end });
  const turns = turnsIn(rotation, schedule.coreHours, { start, end });
  const pieces: Piece[] = [];
  let h = 0;
  for (const turn of turns) {
    if (turn.people.length === 0) continue;
    while (h < inForce.length && (inForce[h]?.end ?? 0) <= turn.start) h += 1;
    for (let i = h; i < inForce.length; i += 1) {
      const hours = inForce[i] as Interval;
      if (hours.start >= turn.end) break;
      pieces.push({ start: Math.max(hours.start, turn.start), end: Math.min(hours.end, turn.end), turn });
    }
  }
  return pieces;
}

function subtractPieces(pieces: Piece[], hidden: readonly Interval[]): Piece[] {
  if (hidden.length === 0) return pieces;
  const result: Piece[] = [];
  let h = 0;
  for (const piece of pieces) {
    let { start } = piece;
    while (h < hidden.length && (hidden[h]?.end ?? 0) <= start) h += 1;
    for (let i = h; i < hidden.length && start < piece.end; i += 1) {
      const cut = hidden[i] as Interval;
      if (cut.start >= piece.end) break;
      if (cut.start > start) result.push({ start, end: cut.start, turn: piece.turn });
      start = cut.end;
    }
    if (start < piece.end)
      result.push(start === piece.start ? piece : { start, end: piece.end, turn: piece.turn });
  }
  return result;
}

function toShifts({ id, role }: Rotation, pieces: readonly Piece[]): Shift[] {
  const shifts: Shift[] = [];
  const seats: string[] = [];
  for (const { start, end, turn } of pieces) {
    const { people, seat: first = 0 } = turn;
    for (let i = 0; i < people.length; i += 1) {
      const seat = first + i;
      seats[seat] ??= `${id}/${seat}`;
      const person = people[i] as PersonId;
      shifts.push({ start, end, person, role, seat: seats[seat] as string, rotation: id, override: null });
    }
  }
  return shifts;
}

/** Whether two lists, each of one rotation, have anybody on call at the same time. */
function meet(a: readonly Shift[], b: readonly Shift[]): boolean {
  let i = 0;
  let j = 0;
  while (true) {
    const left = a[i];
    const right = b[j];
    if (left === undefined || right === undefined) return false;
    if (left.end <= right.start) i += 1;
    else if (right.end <= left.start) j += 1;
    else return true;
  }
}

/** The shifts without the time in which their person is already in `others`. All lists are sorted by start. */
function withoutDoubles(shifts: Shift[], others: readonly (readonly Shift[])[]): Shift[] {
  const placed = others.filter((list) => meet(shifts, list)).flat();
  if (placed.length === 0) return shifts;
  const taken = new Map<PersonId, Interval[]>();
  const people = new Set(shifts.map(({ person }) => person));
  for (const { person, start, end } of placed) {
    if (!people.has(person)) continue;
    const stretches = taken.get(person) ?? [];
    stretches.push({ start, end });
    taken.set(person, stretches);
  }
  if (taken.size === 0) return shifts;
  for (const [person, stretches] of taken) taken.set(person, normalise(stretches));
  const parts = shifts.flatMap((shift) => {
    const own = taken.get(shift.person);
    if (own === undefined) return [shift];
    return subtract([shift], own).map((part) => ({ ...shift, ...part }));
  });
  return parts.sort((a, b) => a.start - b.start);
}
