import type { Instant } from '@watchbill/core';
import type { Queryable, Transaction } from '../connection.ts';
import { toTimestamp, toTimestampOrNull } from '../instants.ts';
import { statement } from '../statement.ts';

/** A workspace that has the app. */
export interface SlackWorkspace {
  readonly id: string;
  readonly name: string;
  /** `token`: by the token of the settings; `oauth`: installed, with a sealed token of its own. */
  readonly origin: 'token' | 'oauth';
  readonly botUser: string | null;
  readonly botId: string | null;
  readonly scopes: readonly string[];
  readonly sealed: string | null;
  /** When the sealed token runs out; null for one that does not. Real time. */
  readonly tokenExpiresAt: Instant | null;
  readonly installedAt: Instant;
}

const COLUMNS = `id, name, origin, bot_user AS "botUser", bot_id AS "botId", scopes, sealed,
  token_expires_at AS "tokenExpiresAt", installed_at AS "installedAt"`;

const FIND = statement(
  'slack-workspaces.find',
  `SELECT ${COLUMNS} FROM slack_workspaces WHERE id = $1 AND removed_at IS NULL`,
);
const LIST = statement(
  'slack-workspaces.list',
  `SELECT ${COLUMNS} FROM slack_workspaces WHERE removed_at IS NULL ORDER BY installed_at, id LIMIT $1`,
);
const SAVE = statement(
  'slack-workspaces.save',
  `INSERT INTO slack_workspaces AS w (id, name, origin, bot_user, bot_id, scopes, sealed, token_expires_at)
   VALUES ($1, $2, $3, $4, $5, $6::text[], $7, $8::timestamptz)
   ON CONFLICT (id) DO UPDATE SET name = excluded.name, origin = excluded.origin, bot_user = excluded.bot_user,
     bot_id = excluded.bot_id, scopes = excluded.scopes, sealed = excluded.sealed,
     token_expires_at = excluded.token_expires_at, renewing_until = NULL, removed_at = NULL`,
);
/** The settings have one token: whatever workspace was known by another one is gone. */
const REMOVE_OTHER_TOKENS = statement(
  'slack-workspaces.remove_other_tokens',
  `UPDATE slack_workspaces SET removed_at = clock_timestamp()
   WHERE origin = 'token' AND removed_at IS NULL AND ($1::text IS NULL OR id <> $1)`,
);
const REMOVE = statement(
  'slack-workspaces.remove',
  `UPDATE slack_workspaces SET removed_at = clock_timestamp(), sealed = NULL, token_expires_at = NULL,
     renewing_until = NULL
   WHERE id = $1 AND removed_at IS NULL RETURNING id`,
);
const RESEAL = statement(
  'slack-workspaces.reseal',
  `UPDATE slack_workspaces SET sealed = $3 WHERE id = $1 AND sealed = $2 AND removed_at IS NULL
     AND (renewing_until IS NULL OR renewing_until <= clock_timestamp()) RETURNING id`,
);
const EXPIRING = statement(
  'slack-workspaces.expiring',
  `SELECT id FROM slack_workspaces
   WHERE removed_at IS NULL AND sealed IS NOT NULL
     AND token_expires_at <= clock_timestamp() + $1 * interval '1 millisecond'
     AND (renewing_until IS NULL OR renewing_until <= clock_timestamp())
   ORDER BY token_expires_at, id LIMIT $2`,
);
const CLAIM_RENEWAL = statement(
  'slack-workspaces.claim_renewal',
  `UPDATE slack_workspaces SET renewing_until = clock_timestamp() + $3 * interval '1 millisecond'
   WHERE id = $1 AND removed_at IS NULL
     AND token_expires_at <= clock_timestamp() + $2 * interval '1 millisecond'
     AND (renewing_until IS NULL OR renewing_until <= clock_timestamp())
   RETURNING sealed`,
);
const KEEP_RENEWED = statement(
  'slack-workspaces.keep_renewed',
  `UPDATE slack_workspaces SET sealed = $3, token_expires_at = $4::timestamptz, renewing_until = NULL
   WHERE id = $1 AND sealed = $2 AND removed_at IS NULL RETURNING id`,
);
const REST_RENEWAL = statement(
  'slack-workspaces.rest_renewal',
  `UPDATE slack_workspaces SET renewing_until = clock_timestamp() + $3 * interval '1 millisecond'
   WHERE id = $1 AND sealed = $2 AND removed_at IS NULL`,
);

export async function findSlackWorkspace(queryable: Queryable, id: string): Promise<SlackWorkspace | null> {
  const [row] = await queryable.query<SlackWorkspace>(FIND, [id]);
  return row ?? null;
}

/** The workspaces that have the app, first installed first; at most `limit`. */
export function listSlackWorkspaces(queryable: Queryable, limit: number): Promise<SlackWorkspace[]> {
  return queryable.query<SlackWorkspace>(LIST, [limit]);
}

/** Notes a workspace that has the app, also once more after it was removed. */
export async function saveSlackWorkspace(
  tx: Transaction,
  workspace: Omit<SlackWorkspace, 'installedAt'>,
): Promise<void> {
  const { id, name, origin, botUser, botId, scopes, sealed, tokenExpiresAt } = workspace;
  if (origin === 'token') await tx.query(REMOVE_OTHER_TOKENS, [id]);
  await tx.query(SAVE, [
    ...[id, name, origin, botUser, botId, scopes, sealed],
    toTimestampOrNull(tokenExpiresAt),
  ]);
}

/** Forgets the workspace of a token that the settings no longer have. */
export async function removeTokenWorkspaces(queryable: Queryable): Promise<void> {
  await queryable.query(REMOVE_OTHER_TOKENS, [null]);
}

/** Notes that a workspace has the app no more, and forgets its token. False when it had it not. */
export async function removeSlackWorkspace(queryable: Queryable, id: string): Promise<boolean> {
  return (await queryable.query(REMOVE, [id])).length === 1;
}

/** Puts the same token under another key, unless it is another token by now or is being renewed. False: it was. */
export async function resealSlackWorkspace(
  queryable: Queryable,
  id: string,
  sealed: { readonly before: string; readonly after: string },
): Promise<boolean> {
  return (await queryable.query(RESEAL, [id, sealed.before, sealed.after])).length === 1;
}

/** Workspaces whose token runs out within `withinMs` and that nobody renews now, the first ones first. */
export async function expiringSlackTokens(
  queryable: Queryable,
  bound: { readonly withinMs: number; readonly limit: number },
): Promise<string[]> {
  const rows = await queryable.query<{ id: string }>(EXPIRING, [bound.withinMs, bound.limit]);
  return rows.map(({ id }) => id);
}

/**
 * Makes the caller the only one who renews the token of a workspace, for `forMs` of real time; the sealed token. Null
 * where it runs out later than `withinMs` by now, or somebody else is at it.
 */
export async function claimTokenRenewal(
  queryable: Queryable,
  id: string,
  bound: { readonly withinMs: number; readonly forMs: number },
): Promise<string | null> {
  const values = [id, bound.withinMs, bound.forMs];
  const [row] = await queryable.query<{ sealed: string | null }>(CLAIM_RENEWAL, values);
  return row?.sealed ?? null;
}

/** Keeps a renewed token in the place of the one it was renewed from. False where that is another one by now. */
export async function keepRenewedToken(
  queryable: Queryable,
  id: string,
  token: { readonly before: string; readonly after: string; readonly expiresAt: Instant },
): Promise<boolean> {
  const values = [id, token.before, token.after, toTimestamp(token.expiresAt)];
  return (await queryable.query(KEEP_RENEWED, values)).length === 1;
}

/** Leaves a token that could not be renewed alone for `restMs` of real time. */
export async function restTokenRenewal(
  queryable: Queryable,
  id: string,
  token: { readonly before: string; readonly restMs: number },
): Promise<void> {
  await queryable.query(REST_RENEWAL, [id, token.before, token.restMs]);
}
