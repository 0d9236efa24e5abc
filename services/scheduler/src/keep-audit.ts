import { sealAudit } from '@watchbill/commands';
import type { Database } from '@watchbill/database';

const PAUSE_MS = 1_000;

/** Chains the entries of the audit log; the answer is how long to rest. */
export function auditKeeper(database: Database): () => Promise<number> {
  return async () => ((await sealAudit(database)) > 0 ? 0 : PAUSE_MS);
}
