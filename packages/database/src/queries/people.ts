import type { Instant } from '@watchbill/core';
import { columns } from '../columns.ts';
import type { Queryable, Transaction } from '../connection.ts';
import { toTimestamp } from '../instants.ts';
import { statement } from '../statement.ts';

export interface PersonRow {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly timeZone: string;
  readonly definition: object;
}

export interface TeamRow {
  readonly id: string;
  readonly name: string;
  readonly definition: object;
}

const READ_PEOPLE = statement(
  'people.read',
  `SELECT id, name, email, time_zone AS "timeZone", definition FROM people WHERE id = ANY($1::text[])`,
);
const READ_NAMES = statement('people.names', 'SELECT id, name FROM people WHERE id = ANY($1::text[])');
const NAMED = statement(
  'people.named',
  'SELECT id FROM people WHERE id = $1 OR lower(email) = lower($1) LIMIT 2',
);
const READ_TEAMS = statement(
  'people.teams',
  'SELECT id, name, definition FROM teams WHERE id = ANY($1::text[])',
);
const TEAM_OF_SCHEDULE = statement(
  'people.team-of-schedule',
  `SELECT t.id, t.name, t.definition FROM schedules s JOIN teams t ON t.id = s.team WHERE s.id = $1`,
);
const TEAMS_OF_PERSON = statement(
  'people.teams-of-person',
  `SELECT id, name, definition FROM teams WHERE definition -> 'members' @> to_jsonb($1::text) ORDER BY id`,
);
const SAVE_PEOPLE = statement(
  'people.save',
  `INSERT INTO people (id, name, email, time_zone, definition, updated_at)
   SELECT id, name, email, time_zone, definition, $6::timestamptz
   FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::jsonb[])
     AS row (id, name, email, time_zone, definition)
   ON CONFLICT (id) DO UPDATE SET name = excluded.name, email = excluded.email,
     time_zone = excluded.time_zone, definition = excluded.definition, updated_at = excluded.updated_at`,
);
const SAVE_TEAMS = statement(
  'people.save-teams',
  `INSERT INTO teams (id, name, definition, updated_at)
   SELECT id, name, definition, $4::timestamptz
   FROM unnest($1::text[], $2::text[], $3::jsonb[]) AS row (id, name, definition)
   ON CONFLICT (id) DO UPDATE SET name = excluded.name, definition = excluded.definition,
     updated_at = excluded.updated_at`,
);

/** People by id, in no order; unknown ids are left out. */
export function readPeople(queryable: Queryable, ids: readonly string[]): Promise<PersonRow[]> {
  return queryable.query<PersonRow>(READ_PEOPLE, [ids]);
}

/** The names of people by id. */
export async function readNames(queryable: Queryable, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await queryable.query<{ id: string; name: string }>(READ_NAMES, [ids]);
  return new Map(rows.map((row) => [row.id, row.name]));
}

/** The id of the one person with this id or e-mail address; null when there is none, or more than one. */
export async function personNamed(queryable: Queryable, name: string): Promise<string | null> {
  const rows = await queryable.query<{ id: string }>(NAMED, [name]);
  return rows.length === 1 ? (rows[0]?.id ?? null) : null;
}

/** Teams by id, in no order; unknown ids are left out. */
export function readTeams(queryable: Queryable, ids: readonly string[]): Promise<TeamRow[]> {
  return queryable.query<TeamRow>(READ_TEAMS, [ids]);
}

/** The team that owns a schedule; null for none. */
export async function teamOfSchedule(queryable: Queryable, schedule: string): Promise<TeamRow | null> {
  const [row] = await queryable.query<TeamRow>(TEAM_OF_SCHEDULE, [schedule]);
  return row ?? null;
}

/** The teams that a person is a member of, by id. */
export function teamsOfPerson(queryable: Queryable, person: string): Promise<TeamRow[]> {
  return queryable.query<TeamRow>(TEAMS_OF_PERSON, [person]);
}

export async function savePeople(tx: Transaction, rows: readonly PersonRow[], now: Instant): Promise<void> {
  if (rows.length === 0) return;
  const values = columns(rows, [
    (row) => row.id,
    (row) => row.name,
    (row) => row.email,
    (row) => row.timeZone,
    (row) => JSON.stringify(row.definition),
  ]);
  await tx.query(SAVE_PEOPLE, [...values, toTimestamp(now)]);
}

export async function saveTeams(tx: Transaction, rows: readonly TeamRow[], now: Instant): Promise<void> {
  if (rows.length === 0) return;
  const values = columns(rows, [(row) => row.id, (row) => row.name, (row) => JSON.stringify(row.definition)]);
  await tx.query(SAVE_TEAMS, [...values, toTimestamp(now)]);
}
