import { sha256 } from '@watchbill/core';

/** The facts of one entry of the audit log, as the API gives them. Instants are ISO-8601 UTC with `Z`. */
export interface AuditFacts {
  readonly id: number;
  readonly at: string;
  readonly actor: string;
  readonly origin: string | null;
  readonly command: string;
  readonly input: unknown;
  readonly before: unknown;
  readonly after: unknown;
}

/** An entry with its place in the chain. */
export interface AuditLink extends AuditFacts {
  readonly position: number;
  readonly hash: string;
}

/** Where a chain stops holding: the first entry that does not fit, and what is wrong with it. */
export interface AuditBreak {
  readonly position: number;
  readonly reason: 'changed' | 'missing';
}

/** The hash of an entry: it covers every fact of it, its place, and the hash before it. The first one follows ''. */
export function auditHash(previous: string, position: number, facts: AuditFacts): string {
  const { id, at, actor, origin, command, input, before, after } = facts;
  return sha256(
    sortedJson([previous, position, id, at, actor, origin, command, input, before ?? null, after ?? null]),
  );
}

/**
 * Follows a chain from one end to the other, in as many pieces as it comes: give what `checked` says to the next call.
 * Null while it holds. An entry that was changed, taken out or put in breaks it.
 */
export function checkAuditChain(
  links: readonly AuditLink[],
  from: { readonly position: number; readonly hash: string },
): {
  readonly broken: AuditBreak | null;
  readonly checked: { readonly position: number; readonly hash: string };
} {
  let checked = from;
  for (const link of links) {
    const expected = checked.position + 1;
    if (link.position !== expected) return { broken: { position: expected, reason: 'missing' }, checked };
    if (auditHash(checked.hash, expected, link) !== link.hash) {
      return { broken: { position: expected, reason: 'changed' }, checked };
    }
    checked = { position: link.position, hash: link.hash };
  }
  return { broken: null, checked };
}

/** JSON with its keys sorted: a database keeps its own order of keys. */
function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  });
}
