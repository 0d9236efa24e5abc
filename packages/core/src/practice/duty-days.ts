import type { ZoneName } from '../schedule/schedule.ts';
import { dayOfWall, weekdayOf } from '../time/civil.ts';
import { DAY_MS, HOUR_MS, type Interval } from '../time/interval.ts';
import { clockToWall, zoneClock } from '../time/zone.ts';

/** Which local days and nights of a window have on-call time: 1 has, 0 has not. Index 0 is `firstDay`. */
export interface DutyDays {
  /** Days since 1970-01-01 of the first local day. */
  readonly firstDay: number;
  /** A day counts when a stretch starts on it or covers its noon: a week from Monday 09:00 has seven days. */
  readonly days: Uint8Array;
  /** The night from 23:00 to 07:00 that begins on the evening of the day. */
  readonly nights: Uint8Array;
  /** Weekends by the Saturday they begin with: any part of Saturday or Sunday counts. */
  readonly weekends: Uint8Array;
  /** Any part of the day. */
  readonly touched: Uint8Array;
}

const NOON_MS = 12 * HOUR_MS;
const NIGHT_START_MS = 23 * HOUR_MS;
const NIGHT_MS = 8 * HOUR_MS;
const SATURDAY = 6;

/** The days of sorted, disjoint stretches in a person's local time. Stretches outside the window are left out. */
export function dutyDaysOf(stretches: readonly Interval[], window: Interval, zone: ZoneName): DutyDays {
  const clock = zoneClock(zone);
  const firstDay = dayOfWall(clockToWall(clock, window.start));
  const count = dayOfWall(clockToWall(clock, window.end - 1)) - firstDay + 1;
  const days = new Uint8Array(count);
  const nights = new Uint8Array(count);
  const weekends = new Uint8Array(count);
  const touched = new Uint8Array(count);
  for (const stretch of stretches) {
    const start = clockToWall(clock, stretch.start);
    const last = clockToWall(clock, stretch.end - 1);
    for (let day = dayOfWall(start) - 1; day <= dayOfWall(last); day += 1) {
      const at = day - firstDay;
      if (at < 0 || at >= count) continue;
      const midnight = day * DAY_MS;
      const night = midnight + NIGHT_START_MS;
      if (last >= night && start < night + NIGHT_MS) nights[at] = 1;
      if (day < dayOfWall(start)) continue;
      touched[at] = 1;
      const noon = midnight + NOON_MS;
      if (day === dayOfWall(start) || (start <= noon && noon <= last)) days[at] = 1;
      if (weekdayOf(day) < SATURDAY) continue;
      const saturday = at - (weekdayOf(day) - SATURDAY);
      if (saturday >= 0) weekends[saturday] = 1;
    }
  }
  return { firstDay, days, nights, weekends, touched };
}

/** A run of ones: where it starts, and how long it is. */
export interface Run {
  readonly at: number;
  readonly length: number;
}

/** The longest run of ones; the first of several. */
export function longestRun(flags: Uint8Array): Run {
  let best: Run = { at: 0, length: 0 };
  let length = 0;
  for (let k = 0; k < flags.length; k += 1) {
    length = flags[k] === 1 ? length + 1 : 0;
    if (length > best.length) best = { at: k - length + 1, length };
  }
  return best;
}

/** The most ones in any `width` days in a row, and where they start. */
export function busiestDays(flags: Uint8Array, width: number): Run {
  let best: Run = { at: 0, length: 0 };
  let sum = 0;
  for (let k = 0; k < flags.length; k += 1) {
    sum += flags[k] as number;
    if (k >= width) sum -= flags[k - width] as number;
    if (sum > best.length) best = { at: Math.max(0, k - width + 1), length: sum };
  }
  // From the first of them on, not from the empty days before it.
  const first = flags.indexOf(1, best.at);
  return first < 0 ? best : { at: first, length: best.length };
}

/** The fewest blocks of `each` zeros in a row in any whole `width` days; null when there are not so many days. */
export function fewestFreeBlocks(flags: Uint8Array, width: number, each: number): Run | null {
  let best: Run | null = null;
  for (let from = 0; from + width <= flags.length; from += 1) {
    let blocks = 0;
    let free = 0;
    for (let k = from; k < from + width; k += 1) {
      free = flags[k] === 0 ? free + 1 : 0;
      if (free < each) continue;
      blocks += 1;
      free = 0;
    }
    if (best === null || blocks < best.length) best = { at: from, length: blocks };
  }
  return best;
}
