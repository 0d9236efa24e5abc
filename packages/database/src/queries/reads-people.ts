import type { Instant } from '@watchbill/core';
import type { Queryable } from '../connection.ts';
import { statement } from '../statement.ts';

/** A person as lists show them. */
export interface PersonSummaryRow {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly timeZone: string;
  readonly updatedAt: Instant;
}

const COLUMNS = 'id, name, email, time_zone AS "timeZone", updated_at AS "updatedAt"';

const LIST = statement(
  'reads.people.list',
  `SELECT ${COLUMNS} FROM people WHERE id > $1 ORDER BY id LIMIT $2`,
);
const ALL_PEOPLE = statement('reads.people.definitions', 'SELECT definition FROM people ORDER BY id');
const ALL_TEAMS = statement('reads.teams.definitions', 'SELECT definition FROM teams ORDER BY id');
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
