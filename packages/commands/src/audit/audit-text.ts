import { createHash } from 'node:crypto';
import { canonicalJson } from '../canonical-json.ts';

/** What is longer than this is named in the log by its size and hash: the log is read by people. */
export const AUDIT_JSON_LIMIT = 8_192;
const MAX_DEPTH = 12;
/** Commands leave secrets out by themselves; this is the second lock. */
const SECRET_KEY = /(?:secret|password|passwordhash|token|link|apikey)s?$/i;
const HIDDEN = '(hidden)';

/** A value as the audit log keeps it: without secrets, bounded; undefined stays undefined. */
export function auditValue(value: unknown): unknown {
  if (value === undefined || value === null) return value;
  const shown = hideSecrets(value, 0);
  const text = canonicalJson(shown) ?? 'null';
  const bytes = Buffer.byteLength(text);
  if (bytes <= AUDIT_JSON_LIMIT) return JSON.parse(text);
  return { omitted: true, bytes, sha256: createHash('sha256').update(text).digest('hex') };
}

function hideSecrets(value: unknown, depth: number): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (depth >= MAX_DEPTH) return HIDDEN;
  if (Array.isArray(value)) return value.map((item) => hideSecrets(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      typeof inner === 'string' && SECRET_KEY.test(key) ? HIDDEN : hideSecrets(inner, depth + 1),
    ]),
  );
}
