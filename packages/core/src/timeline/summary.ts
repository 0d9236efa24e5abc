import type { PersonId, ZoneName } from '../schedule/schedule.ts';
import { dayOfWall, weekdayOf } from '../time/civil.ts';
import { DAY_MS, HOUR_MS } from '../time/interval.ts';
import { clockToWall, zoneClock } from '../time/zone.ts';
import type { Shift, Timeline } from './timeline.ts';

/** What a person's shifts of a window come to. */
export interface ShiftLoad {
  readonly hours: number;
  readonly shifts: number;
  /** Local nights, 23:00 to 07:00, of which at least a part is on call. */
  readonly nights: number;
  /** Shifts with a part on a local Saturday or Sunday. */
  readonly weekendShifts: number;
}

export interface PersonSummary {
  readonly person: PersonId;
  readonly before: ShiftLoad;
  readonly after: ShiftLoad;
  /** After minus before. */
  readonly change: ShiftLoad;
}

/** Whose local time counts: each person's own, or `timeZone` for people who are not listed. */
export interface LocalZones {
  readonly timeZone: ZoneName;
  readonly people: readonly { readonly id: PersonId; readonly timeZone: ZoneName }[];
}

const NIGHT_START_MS = 23 * HOUR_MS;
const NIGHT_MS = 8 * HOUR_MS;
const SATURDAY = 6;

/** What changes for whom between two timelines of one window: everybody with a shift in either, sorted by id. */
export function summariseByPerson(
  before: Pick<Timeline, 'shifts'>,
  after: Pick<Timeline, 'shifts'>,
  zones: LocalZones,
): PersonSummary[] {
  const zoneOf = new Map(zones.people.map(({ id, timeZone }) => [id, timeZone]));
  const old = byPerson(before.shifts);
  const fresh = byPerson(after.shifts);
  const people = [...new Set([...old.keys(), ...fresh.keys()])].sort();
  return people.map((person) => {
    const zone = zoneOf.get(person) ?? zones.timeZone;
    const was = loadOf(old.get(person) ?? [], zone);
    const is = loadOf(fresh.get(person) ?? [], zone);
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
export function loadOf(shifts: readonly Shift[], zone: ZoneName): ShiftLoad {
  const clock = zoneClock(zone);
  const nights = new Set<number>();
  let totalMs = 0;
  let weekendShifts = 0;
  for (const shift of shifts) {
    totalMs += shift.end - shift.start;
    const start = clockToWall(clock, shift.start);
    // The last millisecond of the shift: a shift up to midnight is not on the next day.
    const last = clockToWall(clock, shift.end - 1);
    let weekend = false;
    for (let day = dayOfWall(start) - 1; day <= dayOfWall(last); day += 1) {
      const nightStart = day * DAY_MS + NIGHT_START_MS;
      if (last >= nightStart && start < nightStart + NIGHT_MS) nights.add(day);
      if (day >= dayOfWall(start) && weekdayOf(day) >= SATURDAY) weekend = true;
    }
    if (weekend) weekendShifts += 1;
  }
  return { hours: totalMs / HOUR_MS, shifts: shifts.length, nights: nights.size, weekendShifts };
}
