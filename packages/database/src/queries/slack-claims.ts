import type { Queryable } from '../connection.ts';
import { statement } from '../statement.ts';

const CLAIM = statement(
  'slack-claims.claim',
  `INSERT INTO slack_claims AS c (key, expires_at)
   VALUES ($1, clock_timestamp() + $2 * interval '1 millisecond')
   ON CONFLICT (key) DO UPDATE SET expires_at = excluded.expires_at WHERE c.expires_at <= clock_timestamp()
   RETURNING 1 AS claimed`,
);
const PRUNE = statement(
  'slack-claims.prune',
  `WITH old AS (
     SELECT key FROM slack_claims WHERE expires_at <= clock_timestamp()
     ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED
   )
   DELETE FROM slack_claims c USING old WHERE c.key = old.key RETURNING 1 AS gone`,
);

/**
 * True for the first caller with this key, false for every other one within `forMs` of real time: a request that Slack
 * delivers twice (`event.Ev…`, `click.<trigger>`, `view.V…`) is taken up once, by one process.
 */
export async function claimOnce(
  queryable: Queryable,
  claim: { readonly key: string; readonly forMs: number },
): Promise<boolean> {
  return (await queryable.query(CLAIM, [claim.key, claim.forMs])).length === 1;
}

/** Deletes up to `limit` claims that have run out; says how many. */
export async function pruneSlackClaims(queryable: Queryable, limit: number): Promise<number> {
  return (await queryable.query(PRUNE, [limit])).length;
}
