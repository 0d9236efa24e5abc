import type { Queryable, Transaction } from '../connection.ts';
import { statement } from '../statement.ts';
import { wantUserGroupsOf } from './slack-sync.ts';

/** How an account came to be linked: named in the configuration, by its verified e-mail, by a code, or by hand. */
export type SlackLinkOrigin = 'configuration' | 'email' | 'code' | 'hand';

/** An account in a workspace of Slack. */
export interface SlackAccount {
  readonly workspace: string;
  readonly slackUser: string;
}

export interface SlackLink extends SlackAccount {
  readonly person: string;
  readonly origin: SlackLinkOrigin;
}

/**
 * A stored link goes before the id in the configuration, which counts for every workspace: Slack gives each id once.
 * Somebody who left the configuration is nobody, whatever is stored.
 */
const FIND_PEOPLE = statement(
  'slack-people.find',
  `SELECT wanted.id AS "slackUser", coalesce(l.person, c.id) AS person
   FROM unnest($2::text[]) AS wanted (id)
   LEFT JOIN slack_people l ON l.workspace = $1 AND l.slack_user = wanted.id
     AND EXISTS (SELECT FROM people p WHERE p.id = l.person)
   LEFT JOIN LATERAL (
     SELECT p.id FROM people p WHERE p.definition->>'slack' = wanted.id
       AND NOT EXISTS (SELECT FROM slack_people o WHERE o.workspace = $1 AND o.person = p.id)
     ORDER BY p.id LIMIT 1
   ) c ON true
   WHERE coalesce(l.person, c.id) IS NOT NULL`,
);
const FIND_USERS = statement(
  'slack-people.users',
  `SELECT p.id AS person, coalesce(l.slack_user, p.definition->>'slack') AS "slackUser"
   FROM people p LEFT JOIN slack_people l ON l.workspace = $1 AND l.person = p.id
   WHERE p.id = ANY($2::text[]) AND coalesce(l.slack_user, p.definition->>'slack') IS NOT NULL`,
);
const WORKSPACES_OF = statement(
  'slack-people.workspaces',
  `SELECT p.id AS person, place.workspace, place.slack_user AS "slackUser"
   FROM people p
   CROSS JOIN LATERAL (
     SELECT w.id AS workspace, coalesce(l.slack_user, p.definition->>'slack') AS slack_user, l.linked_at
     FROM slack_workspaces w LEFT JOIN slack_people l ON l.workspace = w.id AND l.person = p.id
     WHERE w.removed_at IS NULL AND coalesce(l.slack_user, p.definition->>'slack') IS NOT NULL
     ORDER BY l.linked_at NULLS LAST, w.installed_at, w.id LIMIT 1
   ) place
   WHERE p.id = ANY($1::text[])`,
);
const UNLINK = statement(
  'slack-people.unlink',
  'DELETE FROM slack_people WHERE workspace = $1 AND (slack_user = $2 OR person = $3) RETURNING person',
);
const LINK = statement(
  'slack-people.link',
  'INSERT INTO slack_people (workspace, slack_user, person, origin) VALUES ($1, $2, $3, $4)',
);
const LOCK = statement(
  'slack-people.lock',
  `SELECT pg_advisory_xact_lock(hashtext('watchbill.slack_people.' || $1))`,
);
const FORGET_MISS = statement(
  'slack-people.forget_miss',
  'DELETE FROM slack_link_misses WHERE workspace = $1 AND person = $2',
);
const NOTE_MISS = statement(
  'slack-people.note_miss',
  `INSERT INTO slack_link_misses (workspace, person, reason, retry_at)
   VALUES ($1, $2, $3, clock_timestamp() + $4 * interval '1 millisecond')
   ON CONFLICT (workspace, person) DO UPDATE SET reason = excluded.reason, retry_at = excluded.retry_at`,
);
const UNKNOWN = statement(
  'slack-people.unknown',
  `SELECT p.id, p.email FROM people p
   WHERE p.email IS NOT NULL AND p.definition->>'slack' IS NULL
     AND NOT EXISTS (SELECT FROM slack_people l WHERE l.workspace = $1 AND l.person = p.id)
     AND NOT EXISTS (SELECT FROM slack_link_misses m
       WHERE m.workspace = $1 AND m.person = p.id AND m.retry_at > clock_timestamp())
   ORDER BY p.id LIMIT $2`,
);
const NAMED = statement(
  'slack-people.named',
  `SELECT p.id, p.definition->>'slack' AS "slackUser" FROM people p
   WHERE p.definition->>'slack' IS NOT NULL
     AND NOT EXISTS (SELECT FROM slack_people l WHERE l.person = p.id)
     AND NOT EXISTS (SELECT FROM slack_link_misses m
       WHERE m.workspace = $1 AND m.person = p.id AND m.retry_at > clock_timestamp())
   ORDER BY p.id LIMIT $2`,
);
const BY_EMAIL = statement(
  'slack-people.by_email',
  'SELECT id FROM people WHERE lower(email) = lower($1) ORDER BY id LIMIT 2',
);

/** The person behind an account, by a stored link or by the configuration; null when nobody is known. */
export async function findLinkedPerson(queryable: Queryable, account: SlackAccount): Promise<string | null> {
  const found = await findLinkedPeople(queryable, account.workspace, [account.slackUser]);
  return found.get(account.slackUser) ?? null;
}

/** People by account id, for several accounts of one workspace; unknown ones are left out. */
export async function findLinkedPeople(
  queryable: Queryable,
  workspace: string,
  slackUsers: readonly string[],
): Promise<Map<string, string>> {
  const rows = await queryable.query<{ slackUser: string; person: string }>(FIND_PEOPLE, [
    workspace,
    slackUsers,
  ]);
  return new Map(rows.map((row) => [row.slackUser, row.person]));
}

/** The account of a person in a workspace, or null. */
export async function slackUserOf(
  queryable: Queryable,
  { workspace, person }: { readonly workspace: string; readonly person: string },
): Promise<string | null> {
  return (await slackUsersOf(queryable, workspace, [person])).get(person) ?? null;
}

/** Account ids by person, for several people in one workspace; those without an account are left out. */
export async function slackUsersOf(
  queryable: Queryable,
  workspace: string,
  people: readonly string[],
): Promise<Map<string, string>> {
  const rows = await queryable.query<{ slackUser: string; person: string }>(FIND_USERS, [workspace, people]);
  return new Map(rows.map((row) => [row.person, row.slackUser]));
}

/** Where people are reached by direct message: the workspace in which each was linked first. */
export async function slackPlacesOf(
  queryable: Queryable,
  people: readonly string[],
): Promise<Map<string, SlackAccount>> {
  const rows = await queryable.query<SlackAccount & { person: string }>(WORKSPACES_OF, [people]);
  return new Map(rows.map(({ person, workspace, slackUser }) => [person, { workspace, slackUser }]));
}

/** Holds off every other change of the links of this workspace until the transaction ends. */
export async function lockSlackLinks(tx: Transaction, workspace: string): Promise<void> {
  await tx.query(LOCK, [workspace]);
}

/**
 * Links an account; whatever else the account or the person was linked to in this workspace is undone. The user groups
 * are looked at again.
 */
export async function saveSlackLink(tx: Transaction, link: SlackLink): Promise<void> {
  const { workspace, slackUser, person, origin } = link;
  await tx.query(UNLINK, [workspace, slackUser, person]);
  await tx.query(LINK, [workspace, slackUser, person, origin]);
  await tx.query(FORGET_MISS, [workspace, person]);
  await wantUserGroupsOf(tx, workspace);
}

/** Takes a stored link away and says whose it was; null when there was none. */
export async function deleteSlackLink(tx: Transaction, account: SlackAccount): Promise<string | null> {
  const [row] = await tx.query<{ person: string }>(UNLINK, [account.workspace, account.slackUser, null]);
  if (row !== undefined) await wantUserGroupsOf(tx, account.workspace);
  return row?.person ?? null;
}

/** Notes that a person has no account that could be found, so that nobody asks again for `retryMs`. */
export async function noteSlackMiss(
  queryable: Queryable,
  miss: {
    readonly workspace: string;
    readonly person: string;
    readonly reason: string;
    readonly retryMs: number;
  },
): Promise<void> {
  await queryable.query(NOTE_MISS, [miss.workspace, miss.person, miss.reason, miss.retryMs]);
}

/** Up to `limit` people without an account in a workspace, which may be looked for now by their e-mail. */
export function peopleToLink(
  queryable: Queryable,
  workspace: string,
  limit: number,
): Promise<{ readonly id: string; readonly email: string }[]> {
  return queryable.query(UNKNOWN, [workspace, limit]);
}

/** Up to `limit` people whose account the configuration names, and of whom nobody knows in which workspace that is. */
export function namedPeople(
  queryable: Queryable,
  workspace: string,
  limit: number,
): Promise<{ readonly id: string; readonly slackUser: string }[]> {
  return queryable.query(NAMED, [workspace, limit]);
}

/** The one person with this e-mail, whatever its case; null for nobody and for several. */
export async function personByEmail(queryable: Queryable, email: string): Promise<string | null> {
  const rows = await queryable.query<{ id: string }>(BY_EMAIL, [email]);
  return rows.length === 1 ? (rows[0]?.id ?? null) : null;
}
