import { DAY_MS, type Instant } from '@watchbill/core';

export interface HorizonSettings {
  /** How far ahead of now shifts are stored, in milliseconds. */
  readonly horizonMs: number;
  /** How many minutes before its start `shift.starting_soon` is told; any number of times. */
  readonly leadMinutes: readonly number[];
}

const WEEK_MS = 7 * DAY_MS;

/** 26 weeks ahead; told a day and a quarter of an hour before. */
export const DEFAULT_HORIZON: HorizonSettings = { horizonMs: 26 * WEEK_MS, leadMinutes: [1440, 15] };

/** A horizon grows by at least this much at once (or by an eighth of itself, if that is less). */
const STEP_MS = WEEK_MS;

/**
 * Until when shifts are stored after a change at `now`: where they are stored to now, or, when that has come nearer
 * than the horizon less one step, a whole horizon ahead. So a schedule grows once a week and not at every look.
 */
export function nextHorizon(stored: Instant | null, now: Instant, horizonMs: number): Instant {
  return stored !== null && stored >= now + horizonMs - horizonStep(horizonMs) ? stored : now + horizonMs;
}

/** How much may be missing from the horizon before it is extended, in milliseconds. */
export function horizonStep(horizonMs: number): number {
  return Math.min(STEP_MS, horizonMs / 8);
}
