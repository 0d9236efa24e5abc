import { DAY_MS, HOUR_MS, type Instant, type Interval, totalMs } from '../time/interval.ts';
import type { Broken } from './broken.ts';
import { type Duty, dayStart, nightsOf } from './duty.ts';
import { busiestStretch } from './flags.ts';
import type { NightHours } from './rule-packs.ts';

const DAY_HOURS = 24;
const ROUNDING_HOURS = 1e-6;

/** On call for too large a part of the window. */
export function shareOfTime({ time, window }: Duty, percent: number): Broken | null {
  const measured = (100 * totalMs(time)) / (window.end - window.start);
  return measured > percent ? { measured, times: 1, at: null } : null;
}

/** The hours on call of each 24 hours from the start of the window on. */
function hoursByDay(time: readonly Interval[], window: Interval): Float64Array {
  const hours = new Float64Array(Math.ceil((window.end - window.start) / DAY_MS));
  for (const { start, end } of time) {
    for (let at = start; at < end; ) {
      const day = Math.floor((at - window.start) / DAY_MS);
      const until = Math.min(end, window.start + (day + 1) * DAY_MS);
      if (day >= 0 && day < hours.length) hours[day] = (hours[day] as number) + (until - at) / HOUR_MS;
      at = until;
    }
  }
  return hours;
}

/** Too many hours a week on the mean of so many days: of those that have enough nights, where nights matter. */
export function weekHours(
  duty: Duty,
  limit: {
    readonly hours: number;
    readonly inDays: number;
    readonly fromNights: { readonly nights: number; readonly night: NightHours } | null;
  },
): Broken | null {
  const { window } = duty;
  const hours = hoursByDay(duty.time, window);
  const nights = limit.fromNights === null ? null : nightsOf(duty, limit.fromNights.night);
  let [worst, at] = [0, 0];
  let [sum, count] = [0, 0];
  for (let day = 0; day < hours.length; day += 1) {
    sum += hours[day] as number;
    count += nights?.[day] ?? 0;
    if (day >= limit.inDays) {
      sum -= hours[day - limit.inDays] as number;
      count -= nights?.[day - limit.inDays] ?? 0;
    }
    if (day < limit.inDays - 1 || sum <= worst || count < (limit.fromNights?.nights ?? 0)) continue;
    [worst, at] = [sum, day - limit.inDays + 1];
  }
  const measured = (worst * 7) / limit.inDays;
  if (measured <= limit.hours + ROUNDING_HOURS) return null;
  return { measured, times: 1, at: window.start + at * DAY_MS };
}

/** So many nights on call beside a working week that is too long for them. */
export function nightWeeks(
  duty: Duty,
  limit: {
    readonly nights: number;
    readonly inDays: number;
    readonly night: NightHours;
    readonly workHours: number;
  },
): Broken | null {
  const { days, fromMinute, toMinute } = duty.person.workingHours;
  const length = (toMinute - fromMinute) / 60;
  const measured = days.length * (length > 0 ? length : length + DAY_HOURS);
  if (measured <= limit.workHours) return null;
  const worst = busiestStretch(nightsOf(duty, limit.night), limit.inDays);
  if (worst.length < limit.nights) return null;
  return { measured, of: worst.length, times: 1, at: dayStart(duty, worst.at) };
}

/** One page of one person, when it was triggered. */
export interface PracticePage {
  readonly person: string;
  readonly at: Instant;
}

/** More pages within some hours than a shift should have: how many at most, and how many such times. */
export function pagesPerShift(
  pages: readonly PracticePage[],
  limit: { readonly pages: number; readonly inHours: number },
): Broken | null {
  const times = pages.map(({ at }) => at).sort((a, b) => a - b);
  let [measured, count] = [0, 0];
  let first: Instant | null = null;
  let from = 0;
  let counted = Number.NEGATIVE_INFINITY;
  times.forEach((at, k) => {
    while ((times[from] as Instant) <= at - limit.inHours * HOUR_MS) from += 1;
    const near = k - from + 1;
    if (near <= limit.pages) return;
    measured = Math.max(measured, near);
    first ??= times[from] as Instant;
    // Pages of one storm are one time.
    if ((times[from] as Instant) <= counted) return;
    count += 1;
    counted = at;
  });
  return count === 0 ? null : { measured, times: count, at: first };
}
