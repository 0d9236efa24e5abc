import type { Cadence, CadenceUnit, Rotation, Strategy } from '../schedule/schedule.ts';
import { civilFromDays, dayOfWall, daysFromCivil, daysInMonth } from '../time/civil.ts';
import type { Instant, WallTime } from '../time/interval.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../time/interval.ts';
import { clockToUtc, clockToWall, clockTransitions, zoneClock } from '../time/zone.ts';

export type InOrder = Extract<Strategy, { readonly kind: 'in_order' }>;
/** What says when turns change: a cadence from an anchor, or local times of each day. */
export type Rhythmic = Pick<InOrder, 'cadence' | 'start'> | { readonly minutes: readonly number[] };

/**
 * The turn boundaries of a cadence. Boundary 0 is the anchor; numbers run both ways. Two boundaries may fall on
 * one instant, where a clock is set forward.
 */
export interface Boundaries {
  /** The instant of a boundary: wall clock, the first pass of a repeated time. */
  readonly instantOf: (index: number) => Instant;
  /** The last boundary at or before an instant. */
  readonly lastAt: (instant: Instant) => number;
  /** How many turns lie between the turn of boundary 0 and the one that boundary `index` starts; signed. */
  readonly turnOf: (index: number) => number;
}

const UNIT_MS: Readonly<Record<Exclude<CadenceUnit, 'month'>, number>> = {
  hour: HOUR_MS,
  day: DAY_MS,
  week: 7 * DAY_MS,
};
const MONTHS_A_YEAR = 12;

/** A rhythm of wall times: `wallOf` a number, and the last number at or before a wall time. */
interface WallRhythm {
  readonly wallOf: (index: number) => WallTime;
  readonly indexAt: (wall: WallTime) => number;
}

const known = new WeakMap<Rotation, Boundaries>();

/** The boundaries of a rotation's turns, kept per rotation. */
export function boundariesOf(rotation: Rotation, rhythmic: Rhythmic): Boundaries {
  const found = known.get(rotation);
  if (found !== undefined) return found;
  const made = makeBoundaries(rotation, wallRhythmOf(rhythmic));
  known.set(rotation, made);
  return made;
}

function wallRhythmOf(rhythmic: Rhythmic): WallRhythm {
  if ('minutes' in rhythmic) return daily(rhythmic.minutes);
  const { start, cadence } = rhythmic;
  return cadence.unit === 'month' ? monthly(start, cadence.every) : steady(start, stepOf(cadence));
}

/** The same times every day. Boundary 0 is the first of 1970-01-01. */
function daily(minutes: readonly number[]): WallRhythm {
  const count = minutes.length;
  const wallOf = (index: number): WallTime => {
    const day = Math.floor(index / count);
    return day * DAY_MS + (minutes[index - day * count] ?? 0) * MINUTE_MS;
  };
  const indexAt = (wall: WallTime): number => {
    const day = dayOfWall(wall);
    const inDay = wall - day * DAY_MS;
    let past = 0;
    while (past < count && (minutes[past] ?? 0) * MINUTE_MS <= inDay) past += 1;
    return day * count + past - 1;
  };
  return { wallOf, indexAt };
}

function stepOf({ every, unit }: Cadence): number {
  return unit === 'month' ? 0 : every * UNIT_MS[unit];
}

function steady(start: WallTime, step: number): WallRhythm {
  return {
    wallOf: (index) => start + index * step,
    indexAt: (wall) => Math.floor((wall - start) / step),
  };
}

/** The anchor's day and time in every n-th month; the last day of a month that is too short. */
function monthly(start: WallTime, every: number): WallRhythm {
  const startDay = dayOfWall(start);
  const anchor = civilFromDays(startDay);
  const inDay = start - startDay * DAY_MS;
  const anchorMonth = anchor.year * MONTHS_A_YEAR + anchor.month - 1;
  const wallOf = (index: number): WallTime => {
    const months = anchorMonth + index * every;
    const year = Math.floor(months / MONTHS_A_YEAR);
    const month = months - year * MONTHS_A_YEAR + 1;
    const day = Math.min(anchor.day, daysInMonth(year, month));
    return daysFromCivil({ year, month, day }) * DAY_MS + inDay;
  };
  const indexAt = (wall: WallTime): number => {
    const { year, month } = civilFromDays(dayOfWall(wall));
    const index = Math.floor((year * MONTHS_A_YEAR + month - 1 - anchorMonth) / every);
    // Earlier in this month than the boundary: the one before.
    return wallOf(index) > wall ? index - 1 : index;
  };
  return { wallOf, indexAt };
}

function makeBoundaries(rotation: Rotation, { wallOf, indexAt }: WallRhythm): Boundaries {
  const clock = zoneClock(rotation.timeZone);
  const instantOf = (index: number): Instant => clockToUtc(clock, wallOf(index), 'first');
  const lastAt = (instant: Instant): number => {
    let index = indexAt(clockToWall(clock, instant));
    // In the second pass of a repeated hour, boundaries with a later wall time have already been.
    while (instantOf(index + 1) <= instant) index += 1;
    return index;
  };
  /** How many of the boundaries between 0 and `index` share their instant with the one before. */
  const mergedTo = (index: number): number => {
    const [low, high] = index < 0 ? [index, 0] : [0, index];
    const span = { start: instantOf(low), end: instantOf(high) + 1 };
    let merged = 0;
    for (const { at, before, after } of clockTransitions(clock, span)) {
      if (after <= before) continue;
      // Every wall time from the start of the gap to its end, both included, is the instant of the change.
      const first = Math.max(low, indexAt(at + before - 1) + 1);
      const last = Math.min(high, indexAt(at + after));
      if (last > first) merged += last - first;
    }
    return merged;
  };
  const turnOf = (index: number): number => index - Math.sign(index) * mergedTo(index);
  return { instantOf, lastAt, turnOf };
}
