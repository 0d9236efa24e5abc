import type { OverrideId, PersonId, Rotation, RotationId, Schedule } from '../schedule/schedule.ts';
import type { Instant, Interval } from '../time/interval.ts';
import { normalise, subtract } from '../time/interval.ts';
import { hoursIn } from './hours.ts';
import { type Turn, turnsIn } from './turns.ts';

/**
 * A stretch with one person on one seat, before touching stretches are joined. `turn` is the start of the turn it
 * belongs to, so that two turns of the same person stay two shifts; null for an override.
 */
export interface Fragment {
  readonly start: Instant;
  readonly end: Instant;
  readonly person: PersonId;
  readonly seat: string;
  readonly rotation: RotationId | null;
  readonly override: OverrideId | null;
  readonly turn: Instant | null;
}

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
 * list keeps the person.
 */
export function layeredFragments(
  layers: readonly (readonly Rotation[])[],
  schedule: Schedule,
  span: Interval,
): Fragment[] {
  const fragments: Fragment[] = [];
  let hidden: Interval[] = [];
  layers.forEach((rotations, depth) => {
    const placed: Fragment[] = [];
    for (const rotation of rotations) {
      const pieces = subtractPieces(piecesOf(rotation, schedule, span), hidden);
      placed.push(...withoutDoubles(toFragments(rotation, pieces), placed));
    }
    if (depth < layers.length - 1) hidden = normalise([...hidden, ...placed]);
    fragments.push(...placed);
  });
  return fragments;
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

function toFragments({ id }: Rotation, pieces: readonly Piece[]): Fragment[] {
  const fragments: Fragment[] = [];
  const seats: string[] = [];
  for (const { start, end, turn } of pieces) {
    for (let i = 0; i < turn.people.length; i += 1) {
      seats[i] ??= `${id}/${i}`;
      fragments.push({
        start,
        end,
        person: turn.people[i] as PersonId,
        seat: seats[i] as string,
        rotation: id,
        override: null,
        turn: turn.start,
      });
    }
  }
  return fragments;
}

/** The fragments without the time in which their person is already among `placed`. */
function withoutDoubles(fragments: Fragment[], placed: readonly Fragment[]): Fragment[] {
  if (placed.length === 0 || fragments.length === 0) return fragments;
  const taken = new Map<PersonId, Interval[]>();
  const people = new Set(fragments.map(({ person }) => person));
  for (const { person, start, end } of placed) {
    if (!people.has(person)) continue;
    const stretches = taken.get(person) ?? [];
    stretches.push({ start, end });
    taken.set(person, stretches);
  }
  if (taken.size === 0) return fragments;
  for (const [person, stretches] of taken) taken.set(person, normalise(stretches));
  return fragments.flatMap((fragment) => {
    const own = taken.get(fragment.person);
    if (own === undefined) return [fragment];
    return subtract([fragment], own).map((part) => ({ ...fragment, ...part }));
  });
}
