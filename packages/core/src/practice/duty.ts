import type { Person } from '../people/person.ts';
import { weekendsBy } from '../people/weekend.ts';
import type { PersonId } from '../schedule/schedule.ts';
import { dayOfWall, weekdayOf } from '../time/civil.ts';
import { DAY_MS, HOUR_MS, type Instant, type Interval, MINUTE_MS, normalise } from '../time/interval.ts';
import { clockToWall, toUtc, zoneClock } from '../time/zone.ts';
import type { NightHours } from './rule-packs.ts';

/** One stretch of one person's on-call time. Stretches of one turn carry the same `turn`. */
export interface DutyStretch extends Interval {
  readonly person: PersonId;
  /** Names the turn; null when the stretch stands alone. */
  readonly turn: string | null;
}

/** What rules look at in a person. */
export type DutyPerson = Pick<Person, 'id' | 'timeZone' | 'holidays' | 'sleep' | 'weekend' | 'workingHours'>;

/** One person's on-call time, seen in the ways that rules look at it. Index 0 of flags is `firstDay`. */
export interface Duty {
  readonly person: DutyPerson;
  readonly window: Interval;
  /** In order of start. */
  readonly stretches: readonly DutyStretch[];
  /** The time on call, disjoint. */
  readonly time: readonly Interval[];
  /** Days since 1970-01-01 of the first local day. */
  readonly firstDay: number;
  /** A day counts when a stretch starts on it or covers its noon: a week from Monday 09:00 has seven days. */
  readonly days: Uint8Array;
  /** Any part of the day. */
  readonly touched: Uint8Array;
}

const NOON_MS = 12 * HOUR_MS;
const NOON_MINUTE = 720;
const SUNDAY = 7;

/** A person's stretches as rules look at them. Stretches outside the window are left out. */
export function dutyOf(person: DutyPerson, own: readonly DutyStretch[], window: Interval): Duty {
  const stretches = [...own].sort((a, b) => a.start - b.start || a.end - b.end);
  const time = normalise(stretches);
  const clock = zoneClock(person.timeZone);
  const firstDay = dayOfWall(clockToWall(clock, window.start));
  const count = dayOfWall(clockToWall(clock, window.end - 1)) - firstDay + 1;
  const days = new Uint8Array(count);
  const touched = new Uint8Array(count);
  for (const stretch of time) {
    const start = clockToWall(clock, stretch.start);
    const last = clockToWall(clock, stretch.end - 1);
    for (let day = dayOfWall(start); day <= dayOfWall(last); day += 1) {
      const at = day - firstDay;
      if (at < 0 || at >= count) continue;
      touched[at] = 1;
      const noon = day * DAY_MS + NOON_MS;
      if (day === dayOfWall(start) || (start <= noon && noon <= last)) days[at] = 1;
    }
  }
  return { person, window, stretches, time, firstDay, days, touched };
}

/** When a local day of a duty begins. */
export function dayStart({ person, firstDay }: Duty, at: number): Instant {
  return toUtc((firstDay + at) * DAY_MS, person.timeZone, 'first');
}

/** Night hours in local minutes, with the least time on call that makes them count. */
function nightOf({ sleep }: DutyPerson, night: NightHours): Exclude<NightHours, 'own'> {
  return night === 'own' ? { ...sleep, moreThanMinutes: 0 } : night;
}

/** How long each night is spent in one stretch, by the index of the day on whose evening the night begins. */
function nightsOfStretch(duty: Duty, night: NightHours, stretch: Interval): { at: number; ms: number }[] {
  const { fromMinute, toMinute } = nightOf(duty.person, night);
  const length = ((toMinute - fromMinute + 1440) % 1440) * MINUTE_MS;
  // A night that begins after midnight belongs to the evening before.
  const shift = (fromMinute < NOON_MINUTE ? fromMinute + 1440 : fromMinute) * MINUTE_MS;
  const clock = zoneClock(duty.person.timeZone);
  const start = clockToWall(clock, stretch.start);
  const end = clockToWall(clock, stretch.end - 1) + 1;
  const spent: { at: number; ms: number }[] = [];
  for (let day = dayOfWall(start) - 2; day <= dayOfWall(end); day += 1) {
    const from = day * DAY_MS + shift;
    const ms = Math.min(end, from + length) - Math.max(start, from);
    if (ms > 0) spent.push({ at: day - duty.firstDay, ms });
  }
  return spent;
}

/** The nights with on-call time, by the day on whose evening they begin; one before the first day is left out. */
export function nightsOf(duty: Duty, night: NightHours): Uint8Array {
  const { moreThanMinutes } = nightOf(duty.person, night);
  const spent = new Float64Array(duty.days.length);
  for (const stretch of duty.time) {
    for (const { at, ms } of nightsOfStretch(duty, night, stretch)) {
      if (at >= 0 && at < spent.length) spent[at] = (spent[at] as number) + ms;
    }
  }
  return Uint8Array.from(spent, (ms) => (ms > moreThanMinutes * MINUTE_MS ? 1 : 0));
}

/** The last night that one stretch alone makes, as an index of its day; null for none. */
export function lastNightOf(duty: Duty, night: NightHours, stretch: Interval): number | null {
  const { moreThanMinutes } = nightOf(duty.person, night);
  const nights = nightsOfStretch(duty, night, stretch).filter(({ ms }) => ms > moreThanMinutes * MINUTE_MS);
  return nights.at(-1)?.at ?? null;
}

/** The person's weekends in order, those with on-call time flagged, and the index of the first day of each. */
export function weekendsOf({ person, firstDay, touched }: Duty): {
  readonly flags: Uint8Array;
  readonly days: readonly number[];
} {
  const weekendOf = weekendsBy(person.weekend);
  const flags: number[] = [];
  const days: number[] = [];
  let current: number | null = null;
  for (let at = 0; at < touched.length; at += 1) {
    const weekend = weekendOf(firstDay + at);
    if (weekend === null) continue;
    if (weekend !== current) {
      flags.push(0);
      days.push(at);
      current = weekend;
    }
    if (touched[at] === 1) flags[flags.length - 1] = 1;
  }
  return { flags: Uint8Array.from(flags), days };
}

/** The Sundays with on-call time, by day. */
export function sundaysOf({ firstDay, touched }: Duty): Uint8Array {
  return touched.map((flag, at) => (weekdayOf(firstDay + at) === SUNDAY ? flag : 0));
}
