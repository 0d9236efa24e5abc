import type { Instant } from '@watchbill/core';
import type { Queryable, Transaction } from '../connection.ts';
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
  readonly installedAt: Instant;
}

const COLUMNS = `id, name, origin, bot_user AS "botUser", bot_id AS "botId", scopes, sealed,
  installed_at AS "installedAt"`;

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
  `INSERT INTO slack_workspaces AS w (id, name, origin, bot_user, bot_id, scopes, sealed)
   VALUES ($1, $2, $3, $4, $5, $6::text[], $7)
   ON CONFLICT (id) DO UPDATE SET name = excluded.name, origin = excluded.origin, bot_user = excluded.bot_user,
     bot_id = excluded.bot_id, scopes = excluded.scopes, sealed = excluded.sealed, removed_at = NULL`,
);
/** The settings have one token: whatever workspace was known by another one is gone. */
const REMOVE_OTHER_TOKENS = statement(
  'slack-workspaces.remove_other_tokens',
  `UPDATE slack_workspaces SET removed_at = clock_timestamp()
   WHERE origin = 'token' AND removed_at IS NULL AND ($1::text IS NULL OR id <> $1)`,
);
const REMOVE = statement(
  'slack-workspaces.remove',
  `UPDATE slack_workspaces SET removed_at = clock_timestamp(), sealed = NULL
   WHERE id = $1 AND removed_at IS NULL RETURNING id`,
);
const RESEAL = statement(
  'slack-workspaces.reseal',
  'UPDATE slack_workspaces SET sealed = $3 WHERE id = $1 AND sealed = $2 AND removed_at IS NULL',
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
  const { id, name, origin, botUser, botId, scopes, sealed } = workspace;
  if (origin === 'token') await tx.query(REMOVE_OTHER_TOKENS, [id]);
  await tx.query(SAVE, [id, name, origin, botUser, botId, scopes, sealed]);
}

/** Forgets the workspace of a token that the settings no longer have. */
export async function removeTokenWorkspaces(queryable: Queryable): Promise<void> {
  await queryable.query(REMOVE_OTHER_TOKENS, [null]);
}

/** Notes that a workspace has the app no more, and forgets its token. False when it had it not. */
export async function removeSlackWorkspace(queryable: Queryable, id: string): Promise<boolean> {
  return (await queryable.query(REMOVE, [id])).length === 1;
}

/** Puts the same token under another key, unless it is another token by now. */
export async function resealSlackWorkspace(
  queryable: Queryable,
  id: string,
  sealed: { readonly before: string; readonly after: string },
): Promise<void> {
  await queryable.query(RESEAL, [id, sealed.before, sealed.after]);
}
