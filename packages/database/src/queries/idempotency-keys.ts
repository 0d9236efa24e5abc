import type { Transaction } from '../connection.ts';
import { statement } from '../statement.ts';

export interface StoredAnswer {
  readonly command: string;
  readonly inputHash: string;
  readonly result: unknown;
}

const CLAIM = statement(
  'idempotency.claim',
  `INSERT INTO idempotency_keys (actor, key, command, input_hash, result)
   VALUES ($1, $2, $3, $4, 'null')
   ON CONFLICT (actor, key) DO NOTHING
   RETURNING key`,
);
const READ = statement(
  'idempotency.read',
  `SELECT command, input_hash AS "inputHash", result FROM idempotency_keys WHERE actor = $1 AND key = $2`,
);
const KEEP = statement(
  'idempotency.keep',
  'UPDATE idempotency_keys SET result = $3::jsonb WHERE actor = $1 AND key = $2',
);

/**
 * Claims a key for this transaction and returns null, or returns the answer that is stored for it. Waits while
 * another transaction holds the same key.
 */
export async function claimIdempotencyKey(
  tx: Transaction,
  claim: {
    readonly actor: string;
    readonly key: string;
    readonly command: string;
    readonly inputHash: string;
  },
): Promise<StoredAnswer | null> {
  const { actor, key, command, inputHash } = claim;
  const claimed = await tx.query(CLAIM, [actor, key, command, inputHash]);
  if (claimed.length > 0) return null;
  const [stored] = await tx.query<StoredAnswer>(READ, [actor, key]);
  return stored ?? null;
}

/** Stores the answer of a claimed key; `result` must be JSON. */
export async function keepAnswer(
  tx: Transaction,
  claim: { readonly actor: string; readonly key: string },
  result: unknown,
): Promise<void> {
  await tx.query(KEEP, [claim.actor, claim.key, JSON.stringify(result)]);
}
