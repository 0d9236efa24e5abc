import { dayOfWall } from '../time/civil.ts';
import { DAY_MS, HOUR_MS, type Instant, type Interval, MINUTE_MS } from '../time/interval.ts';
import { clockToWall, zoneClock } from '../time/zone.ts';
import type { Broken } from './broken.ts';
import { type Duty, type DutyStretch, lastNightOf, nightsOf } from './duty.ts';
import type { NightHours } from './rule-packs.ts';

/** Hours between parts of one turn are not rest between turns: whoever planned the turn saw them. */
export function shortRest({ stretches }: Duty, hours: number): Broken | null {
  const rests: Pause[] = [];
  let last: DutyStretch | null = null;
  for (const next of stretches) {
    if (last !== null && next.start > last.end && (next.turn === null || next.turn !== last.turn)) {
      rests.push({ hours: (next.start - last.end) / HOUR_MS, at: next.start });
    }
    if (last === null || next.end > last.end) last = next;
  }
  return shortest(rests, hours);
}

interface Pause {
  readonly hours: number;
  /** When it ends. */
  readonly at: Instant;
}

/** The pauses below a least one: how many, the shortest, and when the first of them ends. */
function shortest(pauses: readonly Pause[], least: number): Broken | null {
  const short = pauses.filter(({ hours }) => hours < least);
  const [first] = short;
  if (first === undefined) return null;
  const measured = short.reduce((all, { hours }) => Math.min(all, hours), first.hours);
  return { measured, times: short.length, at: first.at };
}

/** The longest time on call without a long enough break: more than `inDays` less the break leaves no room for it. */
export function noFreeStretch(
  { time, window }: Duty,
  { hours, inDays }: { readonly hours: number; readonly inDays: number },
): Broken | null {
  const longest = (inDays * 24 - hours) * HOUR_MS;
  let [times, measured] = [0, Number.POSITIVE_INFINITY];
  let at: Instant | null = null;
  let from = 0;
  for (let k = 0; k < time.length; k += 1) {
    const pause =
      ((time[k + 1]?.start ?? window.end + hours * HOUR_MS) - (time[k] as Interval).end) / HOUR_MS;
    if (pause < hours) continue;
    const start = (time[from] as Interval).start;
    if ((time[k] as Interval).end - start > longest) {
      times += 1;
      at ??= start;
      measured = Math.min(measured, longestPause(time.slice(from, k + 1)));
    }
    from = k + 1;
  }
  return times === 0 ? null : { measured, times, at };
}

/** The longest pause between stretches in hours; 0 for one stretch. */
function longestPause(time: readonly Interval[]): number {
  let longest = 0;
  for (let k = 1; k < time.length; k += 1) {
    longest = Math.max(longest, ((time[k] as Interval).start - (time[k - 1] as Interval).end) / HOUR_MS);
  }
  return longest;
}

/** Stretches with a night in them that are too long. */
export function longNights(
  duty: Duty,
  limit: { readonly hours: number; readonly night: NightHours },
): Broken | null {
  const long = duty.time.filter(
    (stretch) =>
      stretch.end - stretch.start > limit.hours * HOUR_MS && lastNightOf(duty, limit.night, stretch) !== null,
  );
  const [first] = long;
  if (first === undefined) return null;
  const measured = long.reduce((all, { start, end }) => Math.max(all, (end - start) / HOUR_MS), 0);
  return { measured, times: long.length, at: first.start };
}

/** Too little time off after a stretch with a night in it. */
export function restAfterNight(
  duty: Duty,
  limit: { readonly hours: number; readonly night: NightHours; readonly endsAfterMinute: number },
): Broken | null {
  const clock = zoneClock(duty.person.timeZone);
  const pauses = duty.time.flatMap((stretch, k) => {
    const next = duty.time[k + 1];
    if (next === undefined || lastNightOf(duty, limit.night, stretch) === null) return [];
    const end = clockToWall(clock, stretch.end);
    if (end - dayOfWall(end) * DAY_MS <= limit.endsAfterMinute * MINUTE_MS) return [];
    return [{ hours: (next.start - stretch.end) / HOUR_MS, at: next.start }];
  });
  return shortest(pauses, limit.hours);
}

/** Too little time off after a series of nights. */
export function restAfterNights(
  duty: Duty,
  limit: { readonly hours: number; readonly night: NightHours; readonly nights: number },
): Broken | null {
  const nights = nightsOf(duty, limit.night);
  const pauses = duty.time.flatMap((stretch, k) => {
    const next = duty.time[k + 1];
    const last = lastNightOf(duty, limit.night, stretch);
    // Only after the last night of a series of as many.
    if (next === undefined || last === null || nights[last + 1] === 1) return [];
    let first = last;
    while (first > 0 && nights[first - 1] === 1) first -= 1;
    return last - first + 1 < limit.nights
      ? []
      : [{ hours: (next.start - stretch.end) / HOUR_MS, at: next.start }];
  });
  return shortest(pauses, limit.hours);
}
