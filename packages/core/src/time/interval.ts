/** An instant: milliseconds since 1970-01-01T00:00:00Z. Always UTC. */
export type Instant = number;

/** A wall-clock date and time in some zone, as the milliseconds it would have if that zone were UTC. */
export type WallTime = number;

/** A half-open stretch of time `[start, end)`. `start < end` always. */
export interface Interval {
  readonly start: Instant;
  readonly end: Instant;
}

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;
