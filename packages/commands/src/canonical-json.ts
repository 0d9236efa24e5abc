/**
 * JSON text in which equal values are equal texts: keys sorted, keys without a value left out. For comparing what is
 * stored (PostgreSQL keeps its own order of keys) with what is given.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  });
}
