import { type Instant, toUtc, toWall, type WallTime, type ZoneName } from '@watchbill/core';

/** Who reads a time, and when: words such as "tomorrow 9am" mean their day and their clock. */
export interface Reader {
  readonly now: Instant;
  readonly zone: ZoneName;
}

/** A local time that a clock change makes doubtful, and what was taken for it. */
export interface TimeNote {
  readonly kind: 'twice' | 'skipped';
  readonly wall: WallTime;
  readonly zone: ZoneName;
  readonly taken: Instant;
}

/**
 * What was found from a token on: a value and the index of the next token; a sentence where it began like a time and
 * went wrong; null where there is nothing of the kind.
 */
export type Read<T> = { readonly value: T; readonly next: number } | { readonly said: string } | null;

export function isSaid<T>(read: Read<T>): read is { readonly said: string } {
  return read !== null && 'said' in read;
}

/** The start of something takes the first pass of a time that occurs twice, the end its last. */
export type Edge = 'start' | 'end';

/** The instant of a wall time, with a note where a clock change makes it doubtful. */
export function placeWall(
  wall: WallTime,
  zone: ZoneName,
  edge: Edge,
): { readonly at: Instant; readonly notes: readonly TimeNote[] } {
  const first = toUtc(wall, zone, 'first');
  const last = toUtc(wall, zone, 'last');
  const at = edge === 'start' ? first : last;
  if (toWall(at, zone) !== wall) return { at, notes: [{ kind: 'skipped', wall, zone, taken: at }] };
  if (first !== last) return { at, notes: [{ kind: 'twice', wall, zone, taken: at }] };
  return { at, notes: [] };
}
