import { nearest } from '@watchbill/core';

/** How many known names a message lists. */
const MAX_LISTED = 20;

/** ` Did you mean "x"?` for the known name nearest to `given`; else the known names; empty when there are none. */
export function suggest(given: string, known: readonly string[]): string {
  const near = nearest(given, known);
  return near === null ? listKnown(known) : ` Did you mean "${near}"?`;
}

/** ` Known: a, b and 3 more.`, or nothing. */
export function listKnown(known: readonly string[]): string {
  if (known.length === 0) return '';
  const rest = known.length > MAX_LISTED ? ` and ${known.length - MAX_LISTED} more` : '';
  return ` Known: ${known.slice(0, MAX_LISTED).join(', ')}${rest}.`;
}
