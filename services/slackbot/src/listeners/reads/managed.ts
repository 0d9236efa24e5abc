import type { TeamDraft } from '@watchbill/core';
import {
  type Queryable,
  readNames,
  readTeams,
  type ScheduleSummaryRow,
  schedulesOfTeams,
  shiftsWithin,
  teamsManagedBy,
} from '@watchbill/database';
import type { NamedId } from '../../blocks/people.ts';
import { MENU_OPTIONS } from '../../blocks/view-elements.ts';
import type { KnownVisit } from '../desk/visit.ts';

/** Who has shifts this far ahead belongs to a schedule as much as the members of its team. */
export const NEAR_MS = 28 * 86_400_000;
export const NEAR_SHIFTS = 500;
/** People are looked for in so many of the schedules that somebody manages. */
const SCHEDULES_LOOKED_AT = 20;

/** The schedules of the teams that a person manages, at most as many as a menu holds. */
export async function managedSchedules(
  queryable: Queryable,
  person: string,
): Promise<readonly ScheduleSummaryRow[]> {
  const teams = await teamsManagedBy(queryable, person);
  return teams.length === 0 ? [] : schedulesOfTeams(queryable, teams, MENU_OPTIONS);
}

/** Those for whom a manager may ask: the members of their teams and whoever has shifts there soon, by name. */
export async function managedPeople(
  { desk, person, now }: KnownVisit,
  schedules: readonly ScheduleSummaryRow[],
): Promise<readonly NamedId[]> {
  const { database } = desk.deps;
  const teams = await readTeams(database, await teamsManagedBy(database, person));
  const members = teams.flatMap(({ definition }) => (definition as Partial<TeamDraft>).members ?? []);
  const near = await Promise.all(
    schedules
      .slice(0, SCHEDULES_LOOKED_AT)
      .map(({ id }) =>
        shiftsWithin(database, { schedule: id, from: now, to: now + NEAR_MS, limit: NEAR_SHIFTS }),
      ),
  );
  const ids = new Set([...members, ...near.flat().map((shift) => shift.person)]);
  ids.delete(person);
  return byName(await readNames(database, [...ids]));
}

/** People in the order of their names. */
export function byName(names: ReadonlyMap<string, string>): NamedId[] {
  return [...names]
    .map(([id, name]) => ({ id, name }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en') || (a.id < b.id ? -1 : 1));
}
