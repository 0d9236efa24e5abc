import type { Person } from '../people/person.ts';
import type { PersonId, ScheduleId } from '../schedule/schedule.ts';
import { DAY_MS, type Instant, type Interval } from '../time/interval.ts';
import { windowsIn } from '../timeline/hours.ts';
import type { Shift } from '../timeline/timeline.ts';
import type { Broken } from './broken.ts';

/** An instant at which one person hands over to another by rotation. */
export interface Handoff {
  readonly schedule: ScheduleId;
  readonly at: Instant;
  readonly people: readonly PersonId[];
}

/** Where shifts of rotations end and others of the same role begin, by people who are not in both. */
export function handoffsOf(schedule: ScheduleId, shifts: readonly Shift[]): Handoff[] {
  const places = new Map<string, { at: Instant; ends: PersonId[]; starts: PersonId[] }>();
  const placeAt = (role: string, at: Instant) => {
    const key = `${at} ${role}`;
    const place = places.get(key) ?? { at, ends: [], starts: [] };
    places.set(key, place);
    return place;
  };
  for (const { role, person, start, end, override } of shifts) {
    // Who stands in by an override has agreed to the hour.
    if (override !== null) continue;
    placeAt(role, start).starts.push(person);
    placeAt(role, end).ends.push(person);
  }
  return [...places.values()]
    .map(({ at, ends, starts }) => ({
      at,
      from: ends.filter((person) => !starts.includes(person)),
      to: starts.filter((person) => !ends.includes(person)),
    }))
    .filter(({ from, to }) => from.length > 0 && to.length > 0)
    .map(({ at, from, to }) => ({ schedule, at, people: [...from, ...to] }))
    .sort((a, b) => a.at - b.at);
}

/** Whether an instant lies in the working hours of a person, the edges included; null where nobody knows them. */
export type InsideHours = (person: PersonId, at: Instant) => boolean | null;

/** Tells of instants of a window; the hours of each person are worked out when they are first asked for. */
export function insideHours(
  people: readonly Pick<Person, 'id' | 'workingHours'>[],
  window: Interval,
): InsideHours {
  const span = { start: window.start - DAY_MS, end: window.end + DAY_MS };
  const byId = new Map(people.map((person) => [person.id, person]));
  const known = new Map<PersonId, Interval[]>();
  return (id, at) => {
    const person = byId.get(id);
    if (person === undefined) return null;
    const hours = known.get(id) ?? windowsIn([person.workingHours], span);
    known.set(id, hours);
    let [low, high] = [0, hours.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((hours[middle] as Interval).end < at) low = middle + 1;
      else high = middle;
    }
    return (hours[low]?.start ?? Number.POSITIVE_INFINITY) <= at;
  };
}

/** Handoffs outside the working hours of somebody who hands over or takes over. */
export function handoffsOutside(handoffs: readonly Handoff[], isInside: InsideHours): Broken | null {
  const outside = handoffs.filter(({ at, people }) =>
    people.some((person) => isInside(person, at) === false),
  );
  const [first] = outside;
  if (first === undefined) return null;
  return { measured: outside.length, of: handoffs.length, times: outside.length, at: first.at };
}
