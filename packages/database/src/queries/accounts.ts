import type { Instant } from '@watchbill/core';
import type { Queryable } from '../connection.ts';
import { toTimestamp } from '../instants.ts';
import { statement } from '../statement.ts';
import { ACCESS_CHANNEL } from './tokens.ts';

export const ACCOUNT_ROLES = ['admin', 'member', 'read_only'] as const;
export type AccountRole = (typeof ACCOUNT_ROLES)[number];

/** Somebody who signs in. */
export interface AccountRow {
  readonly id: string;
  /** In small letters. */
  readonly email: string;
  readonly name: string;
  readonly role: AccountRole;
  /** The person of the configuration; null while nobody said who it is. */
  readonly person: string | null;
  readonly hasPassword: boolean;
  readonly createdBy: string;
  readonly createdAt: Instant;
  readonly lastSignedInAt: Instant | null;
  readonly disabledAt: Instant | null;
}

export interface NewAccount {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: AccountRole;
  readonly person: string | null;
  readonly passwordHash: string | null;
  readonly subject: string | null;
  readonly createdBy: string;
}

const COLUMNS = `id, email, name, role, person, password_hash IS NOT NULL AS "hasPassword",
  created_by AS "createdBy", created_at AS "createdAt", last_signed_in_at AS "lastSignedInAt",
  disabled_at AS "disabledAt"`;

const INSERT = statement(
  'accounts.insert',
  `INSERT INTO accounts (id, email, name, role, person, password_hash, subject, created_by)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
);
const FIND = statement('accounts.find', `SELECT ${COLUMNS} FROM accounts WHERE id = $1`);
const LOCK = statement('accounts.lock', 'LOCK TABLE accounts IN SHARE ROW EXCLUSIVE MODE');
const BY_EMAIL = statement('accounts.by_email', `SELECT ${COLUMNS} FROM accounts WHERE email = $1`);
const BY_SUBJECT = statement('accounts.by_subject', `SELECT ${COLUMNS} FROM accounts WHERE subject = $1`);
const PASSWORD = statement(
  'accounts.password',
  `SELECT id, password_hash AS "passwordHash" FROM accounts
   WHERE email = $1 AND disabled_at IS NULL AND password_hash IS NOT NULL`,
);
const PAGE = statement('accounts.page', `SELECT ${COLUMNS} FROM accounts WHERE id > $1 ORDER BY id LIMIT $2`);
const COUNTS = statement(
  'accounts.counts',
  `SELECT count(*)::integer AS all, count(*) FILTER (WHERE role = 'admin' AND disabled_at IS NULL)::integer AS admins
   FROM accounts`,
);
const SET_PASSWORD = statement(
  'accounts.set_password',
  'UPDATE accounts SET password_hash = $2 WHERE id = $1',
);
const CHANGE = statement(
  'accounts.change',
  `UPDATE accounts SET name = $2, role = $3, person = $4,
     disabled_at = CASE WHEN $5 THEN coalesce(disabled_at, clock_timestamp()) END
   WHERE id = $1`,
);
const SET_SUBJECT = statement('accounts.set_subject', 'UPDATE accounts SET subject = $2 WHERE id = $1');

export async function insertAccount(tx: Queryable, account: NewAccount): Promise<void> {
  const { id, email, name, role, person, passwordHash, subject, createdBy } = account;
  await tx.query(INSERT, [id, email, name, role, person, passwordHash, subject, createdBy]);
}

/** Holds off every other writer of accounts until the transaction ends: there is always an admin left. */
export async function lockAccounts(tx: Queryable): Promise<void> {
  await tx.query(LOCK);
}

export async function findAccount(queryable: Queryable, id: string): Promise<AccountRow | null> {
  return (await queryable.query<AccountRow>(FIND, [id]))[0] ?? null;
}

/** `email` in small letters. */
export async function findAccountByEmail(queryable: Queryable, email: string): Promise<AccountRow | null> {
  return (await queryable.query<AccountRow>(BY_EMAIL, [email]))[0] ?? null;
}

export async function findAccountBySubject(
  queryable: Queryable,
  subject: string,
): Promise<AccountRow | null> {
  return (await queryable.query<AccountRow>(BY_SUBJECT, [subject]))[0] ?? null;
}

/** The password hash of an account that may sign in by password; null for any other address. */
export async function findPasswordHash(
  queryable: Queryable,
  email: string,
): Promise<{ readonly id: string; readonly passwordHash: string } | null> {
  return (await queryable.query<{ id: string; passwordHash: string }>(PASSWORD, [email]))[0] ?? null;
}

/** Accounts after this id, in the order of ids, which is the order of making. */
export function pageAccounts(queryable: Queryable, after: string, limit: number): Promise<AccountRow[]> {
  return queryable.query<AccountRow>(PAGE, [after, limit]);
}

/** How many accounts there are, and how many admins who may sign in. */
export async function countAccounts(
  queryable: Queryable,
): Promise<{ readonly all: number; readonly admins: number }> {
  return (await queryable.query<{ all: number; admins: number }>(COUNTS))[0] ?? { all: 0, admins: 0 };
}

export async function setPasswordHash(tx: Queryable, account: string, passwordHash: string): Promise<void> {
  await tx.query(SET_PASSWORD, [account, passwordHash]);
}

export async function setSubject(tx: Queryable, account: string, subject: string): Promise<void> {
  await tx.query(SET_SUBJECT, [account, subject]);
}

export interface AccountFacts {
  readonly name: string;
  readonly role: AccountRole;
  readonly person: string | null;
  readonly disabled: boolean;
}

export async function changeAccountRow(tx: Queryable, id: string, facts: AccountFacts): Promise<void> {
  const { name, role, person, disabled } = facts;
  await tx.query(CHANGE, [id, name, role, person, disabled]);
}

// Sessions -------------------------------------------------------------------------------------------------------

/** A session as it may be shown. The secret in the cookie is stored nowhere, only its SHA-256. */
export interface SessionRow {
  readonly id: string;
  readonly account: string;
  readonly createdAt: Instant;
  readonly lastUsedAt: Instant;
  readonly expiresAt: Instant;
  readonly userAgent: string;
  readonly address: string;
}

export interface NewSession {
  readonly id: string;
  /** SHA-256 of the secret in the cookie. */
  readonly hash: Uint8Array;
  readonly account: string;
  readonly expiresAt: Instant;
  readonly userAgent: string;
  readonly address: string;
}

/** Who a session stands for. `managing`: the person of the account manages a team. */
export interface SessionCaller {
  readonly session: string;
  readonly account: string;
  readonly name: string;
  readonly role: AccountRole;
  readonly person: string | null;
  readonly managing: boolean;
  readonly expiresAt: Instant;
}

const SESSION_COLUMNS = `id, account, created_at AS "createdAt", last_used_at AS "lastUsedAt",
  expires_at AS "expiresAt", user_agent AS "userAgent", address`;

const INSERT_SESSION = statement(
  'sessions.insert',
  `WITH signed_in AS (UPDATE accounts SET last_signed_in_at = clock_timestamp() WHERE id = $3)
   INSERT INTO sessions (id, hash, account, expires_at, user_agent, address)
   VALUES ($1, $2, $3, $4::timestamptz, $5, $6)`,
);
const FIND_CALLER = statement(
  'sessions.find_caller',
  `SELECT s.id AS session, a.id AS account, a.name, a.role, a.person, s.expires_at AS "expiresAt",
     EXISTS (SELECT 1 FROM teams t WHERE t.definition->'managers' ? a.person) AS managing
   FROM sessions s JOIN accounts a ON a.id = s.account
   WHERE s.hash = $1 AND s.ended_at IS NULL AND a.disabled_at IS NULL
     AND s.expires_at > clock_timestamp()
     AND s.last_used_at > clock_timestamp() - make_interval(secs => $2::double precision)`,
);
const TOUCH_SESSION = statement(
  'sessions.touch',
  'UPDATE sessions SET last_used_at = clock_timestamp() WHERE id = $1 AND ended_at IS NULL',
);
const OF_ACCOUNT = statement(
  'sessions.of_account',
  `SELECT ${SESSION_COLUMNS} FROM sessions
   WHERE account = $1 AND ended_at IS NULL AND expires_at > clock_timestamp() ORDER BY id DESC LIMIT $2`,
);
const END_SESSION = statement(
  'sessions.end',
  `WITH ended AS (
     UPDATE sessions SET ended_at = clock_timestamp()
     WHERE account = $1 AND ($2::text IS NULL OR id = $2) AND ($3::text IS NULL OR id <> $3) AND ended_at IS NULL
     RETURNING id
   )
   SELECT id, pg_notify('${ACCESS_CHANNEL}', id) FROM ended`,
);
const PRUNE_SESSIONS = statement(
  'sessions.prune',
  `DELETE FROM sessions WHERE id IN (
     SELECT id FROM sessions WHERE expires_at < clock_timestamp() - interval '30 days' LIMIT $1)
   RETURNING id`,
);

export async function insertSession(tx: Queryable, session: NewSession): Promise<void> {
  const { id, hash, account, expiresAt, userAgent, address } = session;
  await tx.query(INSERT_SESSION, [id, hash, account, toTimestamp(expiresAt), userAgent, address]);
}

/** Who the session with this hash stands for, if it lives and was used within `idleSeconds`. */
export async function findSessionCaller(
  queryable: Queryable,
  hash: Uint8Array,
  idleSeconds: number,
): Promise<SessionCaller | null> {
  return (await queryable.query<SessionCaller>(FIND_CALLER, [hash, idleSeconds]))[0] ?? null;
}

export async function markSessionUsed(queryable: Queryable, id: string): Promise<void> {
  await queryable.query(TOUCH_SESSION, [id]);
}

/** The live sessions of an account, the newest first. */
export function sessionsOf(queryable: Queryable, account: string, limit: number): Promise<SessionRow[]> {
  return queryable.query<SessionRow>(OF_ACCOUNT, [account, limit]);
}

/** Ends sessions of an account and tells every process: one, all, or all but one. Says how many ended. */
export async function endSessions(
  queryable: Queryable,
  account: string,
  which: { readonly only?: string; readonly except?: string } = {},
): Promise<number> {
  return (await queryable.query(END_SESSION, [account, which.only ?? null, which.except ?? null])).length;
}

/** Forgets sessions that ended long ago, at most `limit` of them; says how many. */
export async function pruneSessions(queryable: Queryable, limit: number): Promise<number> {
  return (await queryable.query(PRUNE_SESSIONS, [limit])).length;
}

// Links that set a password ----------------------------------------------------------------------------------------

export interface NewSetupLink {
  readonly id: string;
  readonly hash: Uint8Array;
  /** Null: the link makes the first account. */
  readonly account: string | null;
  readonly createdBy: string;
  readonly expiresAt: Instant;
}

export interface SetupLinkRow {
  readonly id: string;
  readonly account: string | null;
  readonly expiresAt: Instant;
}

const DROP_LINKS = statement(
  'setup_links.drop',
  'DELETE FROM setup_links WHERE account IS NOT DISTINCT FROM $1 AND used_at IS NULL',
);
const INSERT_LINK = statement(
  'setup_links.insert',
  `INSERT INTO setup_links (id, hash, account, created_by, expires_at) VALUES ($1, $2, $3, $4, $5::timestamptz)`,
);
const FIND_LINK = statement(
  'setup_links.find',
  `SELECT id, account, expires_at AS "expiresAt" FROM setup_links
   WHERE hash = $1 AND used_at IS NULL AND expires_at > clock_timestamp()`,
);
const USE_LINK = statement(
  'setup_links.use',
  `UPDATE setup_links SET used_at = clock_timestamp()
   WHERE id = $1 AND used_at IS NULL AND expires_at > clock_timestamp() RETURNING id`,
);

/** Stores a link; the earlier ones for the same account lead nowhere any more. */
export async function replaceSetupLink(tx: Queryable, link: NewSetupLink): Promise<void> {
  const { id, hash, account, createdBy, expiresAt } = link;
  await tx.query(DROP_LINKS, [account]);
  await tx.query(INSERT_LINK, [id, hash, account, createdBy, toTimestamp(expiresAt)]);
}

/** The link with this hash, if it was not used and is not past its time. */
export async function findSetupLink(queryable: Queryable, hash: Uint8Array): Promise<SetupLinkRow | null> {
  return (await queryable.query<SetupLinkRow>(FIND_LINK, [hash]))[0] ?? null;
}

/** Uses a link up; false when somebody was quicker. */
export async function useSetupLink(tx: Queryable, id: string): Promise<boolean> {
  return (await tx.query(USE_LINK, [id])).length === 1;
}
