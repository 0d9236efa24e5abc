import { type Instant, offsetAt, toUtc, toWall } from '@watchbill/core';

const MINUTE_MS = 60_000;

/** What a date-and-time field shows for an instant: the wall clock of a zone, to the minute. */
export function wallText(instant: Instant, zone: string): string {
  return new Date(Math.floor(toWall(instant, zone) / MINUTE_MS) * MINUTE_MS).toISOString().slice(0, 16);
}

/** What a wall time means. `last` differs from `first` where it occurs twice; `skipped`: it does not occur. */
export interface WallMeaning {
  readonly first: Instant;
  readonly last: Instant;
  readonly skipped: boolean;
}

/** The instants that a field's text means in a zone; null while it is no date and time. */
export function meaningOf(text: string, zone: string): WallMeaning | null {
  const wall = Date.parse(`${text}Z`);
  if (Number.isNaN(wall)) return null;
  const first = toUtc(wall, zone, 'first');
  const last = toUtc(wall, zone, 'last');
  return { first, last, skipped: first + offsetAt(zone, first) !== wall };
}
