import { DEFAULT_SLEEP, type Person } from '../people/person.ts';
import { weekendOfPlace } from '../people/weekend.ts';
import type { PersonId, ZoneName } from '../schedule/schedule.ts';
import { dayOfWall, weekdayOf } from '../time/civil.ts';
import { DAY_MS, HOUR_MS } from '../time/interval.ts';
import { clockToWall, zoneClock } from '../time/zone.ts';
import type { Shift, Timeline } from './timeline.ts';

/** What a person's shifts of a window come to. */
export interface ShiftLoad {
  readonly hours: number;
  readonly shifts: number;
  /** Nights of the person, by when they sleep, of which at least a part is on call. */
  readonly nights: number;
  /** Shifts with a part on a day of the person's weekend. */
  readonly weekendShifts: number;
}

export interface PersonSummary {
  readonly person: PersonId;
  readonly before: ShiftLoad;
  readonly after: ShiftLoad;
  /** After minus before. */
  readonly change: ShiftLoad;
}

/** Where somebody lives, when they sleep and which days of the week are their weekend: as the planner weighs them. */
export type LocalHours = Pick<Person, 'timeZone' | 'sleep' | 'weekend'>;

/** Whose local time counts: each person's own, or `timeZone` and the usual night and weekend for who is not listed. */
export interface LocalTimes {
  readonly timeZone: ZoneName;
  readonly people: readonly (LocalHours & { readonly id: PersonId })[];
}

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;

/** The hours of somebody of whom nothing but the zone is known. */
export function usualHours(timeZone: ZoneName): LocalHours {
  return { timeZone, sleep: DEFAULT_SLEEP, weekend: weekendOfPlace(null) };
}

/** What changes for whom between two timelines of one window: everybody with a shift in either, sorted by id. */
export function summariseByPerson(
  before: Pick<Timeline, 'shifts'>,
  after: Pick<Timeline, 'shifts'>,
  times: LocalTimes,
): PersonSummary[] {
  const hoursOf = new Map(times.people.map((person) => [person.id, person]));
  const old = byPerson(before.shifts);
  const fresh = byPerson(after.shifts);
  const people = [...new Set([...old.keys(), ...fresh.keys()])].sort();
  return people.map((person) => {
    const hours = hoursOf.get(person) ?? usualHours(times.timeZone);
    const was = loadOf(old.get(person) ?? [], hours);
    const is = loadOf(fresh.get(person) ?? [], hours);
    const change: ShiftLoad = {
      hours: is.hours - was.hours,
      shifts: is.shifts - was.shifts,
      nights: is.nights - was.nights,
      weekendShifts: is.weekendShifts - was.weekendShifts,
    };
    return { person, before: was, after: is, change };
  });
}

function byPerson(shifts: readonly Shift[]): Map<PersonId, Shift[]> {
  const result = new Map<PersonId, Shift[]>();
  for (const shift of shifts) {
    const own = result.get(shift.person);
    if (own === undefined) result.set(shift.person, [shift]);
    else own.push(shift);
  }
  return result;
}

/** The load of one person's shifts, in their local time. Hours on call in two roles at once count twice. */
export function loadOf(
  shifts: readonly Pick<Shift, 'start' | 'end'>[],
  { timeZone, sleep, weekend }: LocalHours,
): ShiftLoad {
  const clock = zoneClock(timeZone);
  const sleepStartMs = sleep.fromMinute * MINUTE_MS;
  const sleepMs = ((sleep.toMinute - sleep.fromMinute + DAY_MINUTES) % DAY_MINUTES) * MINUTE_MS;
  const nights = new Set<number>();
  let totalMs = 0;
  let weekendShifts = 0;
  for (const shift of shifts) {
    totalMs += shift.end - shift.start;
    const start = clockToWall(clock, shift.start);
    // The last millisecond of the shift: a shift up to midnight is not on the next day.
    const last = clockToWall(clock, shift.end - 1);
    let isWeekend = false;
    for (let day = dayOfWall(start) - 1; day <= dayOfWall(last); day += 1) {
      const nightStart = day * DAY_MS + sleepStartMs;
      if (last >= nightStart && start < nightStart + sleepMs) nights.add(day);
      if (day >= dayOfWall(start) && weekend.includes(weekdayOf(day))) isWeekend = true;
    }
    if (isWeekend) weekendShifts += 1;
  }
  return { hours: totalMs / HOUR_MS, shifts: shifts.length, nights: nights.size, weekendShifts };
}
