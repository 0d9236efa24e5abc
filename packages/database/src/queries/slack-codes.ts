import type { Instant } from '@watchbill/core';
import type { Queryable, Transaction } from '../connection.ts';
import { statement } from '../statement.ts';
import type { SlackAccount } from './slack-people.ts';

const INSERT = statement(
  'slack-codes.insert',
  `INSERT INTO slack_connect_codes (hash, person, created_by, expires_at)
   VALUES ($1, $2, $3, clock_timestamp() + $4 * interval '1 millisecond')
   RETURNING expires_at AS "expiresAt"`,
);
const COUNT = statement(
  'slack-codes.count',
  `SELECT count(*)::integer AS count FROM slack_connect_codes
   WHERE person = $1 AND expires_at > clock_timestamp()`,
);
const TAKE = statement(
  'slack-codes.take',
  `DELETE FROM slack_connect_codes WHERE hash = $1
   RETURNING person, expires_at > clock_timestamp() AS valid`,
);
const DROP_OF = statement('slack-codes.drop_of', 'DELETE FROM slack_connect_codes WHERE person = $1');
const COUNT_ATTEMPT = statement(
  'slack-codes.count_attempt',
  `INSERT INTO slack_connect_attempts AS a (workspace, slack_user, counted_from, attempts)
   VALUES ($1, $2, clock_timestamp(), 1)
   ON CONFLICT (workspace, slack_user) DO UPDATE SET
     attempts = CASE WHEN a.counted_from + $3 * interval '1 millisecond' <= clock_timestamp() THEN 1
       ELSE a.attempts + 1 END,
     counted_from = CASE WHEN a.counted_from + $3 * interval '1 millisecond' <= clock_timestamp()
       THEN clock_timestamp() ELSE a.counted_from END
   RETURNING attempts`,
);
const PRUNE = statement(
  'slack-codes.prune',
  `WITH codes AS (DELETE FROM slack_connect_codes WHERE expires_at <= clock_timestamp()),
     attempts AS (DELETE FROM slack_connect_attempts WHERE counted_from < clock_timestamp() - interval '1 day')
   DELETE FROM slack_link_misses WHERE retry_at < clock_timestamp() - interval '1 day'`,
);

/** Keeps the hash of a code for `forMs` of real time; returns when it runs out. */
export async function insertConnectCode(
  tx: Transaction,
  code: {
    readonly hash: Uint8Array;
    readonly person: string;
    readonly createdBy: string;
    readonly forMs: number;
  },
): Promise<Instant> {
  const values = [code.hash, code.person, code.createdBy, code.forMs];
  const [row] = await tx.query<{ expiresAt: Instant }>(INSERT, values);
  if (row === undefined) throw new Error('the code was not stored');
  return row.expiresAt;
}

/** How many codes of a person are still good. */
export async function countConnectCodes(queryable: Queryable, person: string): Promise<number> {
  const [row] = await queryable.query<{ count: number }>(COUNT, [person]);
  return row?.count ?? 0;
}

/** Uses a code up: its person, or null when there is none or its time is past. */
export async function takeConnectCode(tx: Transaction, hash: Uint8Array): Promise<string | null> {
  const [row] = await tx.query<{ person: string; valid: boolean }>(TAKE, [hash]);
  return row?.valid === true ? row.person : null;
}

/** Makes every other code of a person worthless. */
export async function dropConnectCodes(tx: Transaction, person: string): Promise<void> {
  await tx.query(DROP_OF, [person]);
}

/** Counts a try of an account; how many there were within `withinMs` of the first. */
export async function countConnectAttempt(
  queryable: Queryable,
  account: SlackAccount,
  withinMs: number,
): Promise<number> {
  const values = [account.workspace, account.slackUser, withinMs];
  const [row] = await queryable.query<{ attempts: number }>(COUNT_ATTEMPT, values);
  return row?.attempts ?? 0;
}

/** Deletes what ran out: codes, counted tries, accounts looked for in vain. */
export async function pruneConnectCodes(queryable: Queryable): Promise<void> {
  await queryable.query(PRUNE);
}
