import { type Database, pagePeople, pageSchedules } from '@watchbill/database';

const MAX_PEOPLE = 1_000;
const MAX_SCHEDULES = 500;

/** Finds the name of a person; an id that is not known stands for itself. */
export type NameOf = (person: string) => string;

/** The names of everybody. */
export async function readNames(database: Database): Promise<NameOf> {
  const people = await pagePeople(database, '', MAX_PEOPLE);
  const names = new Map(people.map((person) => [person.id, person.name]));
  return (person) => names.get(person) ?? person;
}

export function namesOf(people: readonly string[], nameOf: NameOf): string {
  return people.length === 0 ? 'nobody' : people.map(nameOf).join(' and ');
}

/** Finds the zone of a schedule; UTC for one that is not known. */
export type ZoneOf = (schedule: string) => string;

/** The zones of all schedules. */
export async function readZones(database: Database): Promise<ZoneOf> {
  const schedules = await pageSchedules(database, { after: '', limit: MAX_SCHEDULES, retired: true });
  const zones = new Map(schedules.map((schedule) => [schedule.id, schedule.timeZone]));
  return (schedule) => zones.get(schedule) ?? 'UTC';
}
