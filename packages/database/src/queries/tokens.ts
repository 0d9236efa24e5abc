import type { Instant } from '@watchbill/core';
import type { Queryable } from '../connection.ts';
import { toTimestampOrNull } from '../instants.ts';
import { statement } from '../statement.ts';

/** A token as it may be shown. The token itself is stored nowhere, only its SHA-256. */
export interface TokenRow {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly createdBy: string;
  readonly createdAt: Instant;
  readonly expiresAt: Instant | null;
  readonly lastUsedAt: Instant | null;
  readonly revokedAt: Instant | null;
}

/** Notified, with the token's id, when a token stops being valid before its time. */
export const ACCESS_CHANNEL = 'watchbill_access';

const COLUMNS = `id, name, scopes, created_by AS "createdBy", created_at AS "createdAt", expires_at AS "expiresAt",
  last_used_at AS "lastUsedAt", revoked_at AS "revokedAt"`;

const INSERT = statement(
  'tokens.insert',
  `INSERT INTO api_tokens (id, name, hash, scopes, created_by, created_at, expires_at)
   VALUES ($1, $2, $3, $4, $5, clock_timestamp(), $6::timestamptz)`,
);
const FIND_VALID = statement(
  'tokens.find_valid',
  `SELECT ${COLUMNS} FROM api_tokens
   WHERE hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > clock_timestamp())`,
);
const LIST = statement('tokens.list', `SELECT ${COLUMNS} FROM api_tokens WHERE id > $1 ORDER BY id LIMIT $2`);
const FIND = statement('tokens.find', `SELECT ${COLUMNS} FROM api_tokens WHERE id = $1`);
const REVOKE = statement(
  'tokens.revoke',
  `WITH revoked AS (
     UPDATE api_tokens SET revoked_at = clock_timestamp() WHERE id = $1 AND revoked_at IS NULL RETURNING id
   )
   SELECT pg_notify('${ACCESS_CHANNEL}', id) FROM revoked`,
);
const MARK_USED = statement(
  'tokens.mark_used',
  'UPDATE api_tokens SET last_used_at = clock_timestamp() WHERE id = $1',
);
const LOCK = statement('tokens.lock', 'LOCK TABLE api_tokens IN SHARE ROW EXCLUSIVE MODE');
const COUNT_ADMINS = statement(
  'tokens.count_admins',
  `SELECT count(*)::integer AS count FROM api_tokens
   WHERE 'admin' = ANY (scopes) AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > clock_timestamp())`,
);
const COUNT_VALID = statement(
  'tokens.count_valid',
  `SELECT count(*)::integer AS count FROM api_tokens
   WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > clock_timestamp())`,
);

export interface NewToken {
  readonly id: string;
  readonly name: string;
  /** SHA-256 of the token. */
  readonly hash: Uint8Array;
  readonly scopes: readonly string[];
  readonly createdBy: string;
  /** Real time; null: for ever. */
  readonly expiresAt: Instant | null;
}

export async function insertToken(queryable: Queryable, token: NewToken): Promise<void> {
  const { id, name, hash, scopes, createdBy, expiresAt } = token;
  await queryable.query(INSERT, [id, name, hash, scopes, createdBy, toTimestampOrNull(expiresAt)]);
}

/** The token with this hash, if it is neither revoked nor past its time (real time, not the schedules' clock). */
export async function findValidToken(queryable: Queryable, hash: Uint8Array): Promise<TokenRow | null> {
  const [row] = await queryable.query<TokenRow>(FIND_VALID, [hash]);
  return row ?? null;
}

export async function findToken(queryable: Queryable, id: string): Promise<TokenRow | null> {
  const [row] = await queryable.query<TokenRow>(FIND, [id]);
  return row ?? null;
}

/** Tokens after this id, in the order of ids, which is the order of making. */
export function listTokens(queryable: Queryable, after: string, limit: number): Promise<TokenRow[]> {
  return queryable.query<TokenRow>(LIST, [after, limit]);
}

/** Ends a token and tells every process; does nothing to one that is revoked already. */
export async function revokeTokenRow(queryable: Queryable, id: string): Promise<void> {
  await queryable.query(REVOKE, [id]);
}

export async function markTokenUsed(queryable: Queryable, id: string): Promise<void> {
  await queryable.query(MARK_USED, [id]);
}

/** Holds off every other writer of tokens until the transaction ends. */
export async function lockTokens(tx: Queryable): Promise<void> {
  await tx.query(LOCK);
}

/** How many tokens with the scope `admin` are valid now. */
export async function countAdminTokens(queryable: Queryable): Promise<number> {
  const [row] = await queryable.query<{ count: number }>(COUNT_ADMINS);
  return row?.count ?? 0;
}

/** How many tokens are valid now. */
export async function countValidTokens(queryable: Queryable): Promise<number> {
  const [row] = await queryable.query<{ count: number }>(COUNT_VALID);
  return row?.count ?? 0;
}
