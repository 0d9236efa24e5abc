import type { Instant } from '@watchbill/core';
import type { Queryable } from '../connection.ts';
import { statement } from '../statement.ts';

/** A person as lists show them. */
export interface PersonSummaryRow {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly timeZone: string;
  readonly definition: object;
  readonly updatedAt: Instant;
}

const COLUMNS = 'id, name, email, time_zone AS "timeZone", definition, updated_at AS "updatedAt"';

const LIST = statement(
  'reads.people.list',
  `SELECT ${COLUMNS} FROM people WHERE id > $1 ORDER BY id LIMIT $2`,
);
const ALL_PEOPLE = statement('reads.people.definitions', 'SELECT definition FROM people ORDER BY id');
const ALL_TEAMS = statement('reads.teams.definitions', 'SELECT definition FROM teams ORDER BY id');
const NAMED = statement(
  'reads.people.named',
  `SELECT id, name FROM people
   WHERE lower(id) = lower($1) OR lower(name) = lower($1) OR lower(split_part(name, ' ', 1)) = lower($1)
   ORDER BY lower(id) = lower($1) DESC, lower(name) = lower($1) DESC, id LIMIT $2`,
);
const MANAGED = statement(
  'reads.teams.managed_by',
  `SELECT id FROM teams WHERE definition -> 'managers' ? $1 ORDER BY id`,
);
const FIND = statement('reads.people.find', `SELECT ${COLUMNS} FROM people WHERE id = $1`);

/** People after this id, in the order of ids. */
export function pagePeople(queryable: Queryable, after: string, limit: number): Promise<PersonSummaryRow[]> {
  return queryable.query<PersonSummaryRow>(LIST, [after, limit]);
}

export async function findPersonSummary(queryable: Queryable, id: string): Promise<PersonSummaryRow | null> {
  const [row] = await queryable.query<PersonSummaryRow>(FIND, [id]);
  return row ?? null;
}

/** What the configuration says of everybody, in the order of ids. */
export async function allPeopleDefinitions(queryable: Queryable): Promise<object[]> {
  const rows = await queryable.query<{ definition: object }>(ALL_PEOPLE);
  return rows.map((row) => row.definition);
}

/** What the configuration says of all teams, in the order of ids. */
export async function allTeamDefinitions(queryable: Queryable): Promise<object[]> {
  const rows = await queryable.query<{ definition: object }>(ALL_TEAMS);
  return rows.map((row) => row.definition);
}

/** People whose id, name or first name is this word, whatever its case: by id first, then by whole name. */
export function peopleNamed(
  queryable: Queryable,
  word: string,
  limit: number,
): Promise<{ readonly id: string; readonly name: string }[]> {
  return queryable.query<{ id: string; name: string }>(NAMED, [word, limit]);
}

/** The ids of the teams that a person manages. */
export async function teamsManagedBy(queryable: Queryable, person: string): Promise<string[]> {
  return (await queryable.query<{ id: string }>(MANAGED, [person])).map(({ id }) => id);
}
