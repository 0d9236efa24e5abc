import {
  type AuditRow,
  type AuditSeal,
  type Database,
  isoInstant,
  lockAuditHead,
  sealEntries,
  unsealedEntries,
} from '@watchbill/database';
import { type AuditFacts, auditHash } from '@watchbill/events';

/** Entries that one transaction seals. */
const BATCH = 500;

/**
 * Gives the log's new entries their place in the chain and says how many got one. Entries are written by commands
 * without waiting for each other, and chained here, by one process at a time.
 */
export function sealAudit(database: Database): Promise<number> {
  return database.transaction(async (tx) => {
    const head = await lockAuditHead(tx);
    if (head === null) return 0;
    let { position, hash } = head;
    const seals: AuditSeal[] = [];
    for (const row of await unsealedEntries(tx, BATCH)) {
      position += 1;
      hash = auditHash(hash, position, auditFacts(row));
      seals.push({ id: row.id, position, hash });
    }
    await sealEntries(tx, seals);
    return seals.length;
  });
}

/** An entry as it is shown, and as its hash covers it. */
export function auditFacts(row: AuditRow): AuditFacts {
  const { id, at, actor, origin, command, input, before, after } = row;
  return {
    id,
    at: isoInstant(at),
    actor,
    origin,
    command,
    input,
    before: before ?? null,
    after: after ?? null,
  };
}
