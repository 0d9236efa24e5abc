import type { Instant } from '@watchbill/core';

/**
 * An instant as a parameter of a statement: ISO-8601 text, to be written as `$1::timestamptz`. Text keeps
 * the millisecond exactly, where seconds as a floating-point number would not.
 */
export function toTimestamp(instant: Instant): string {
  return new Date(instant).toISOString();
}

/** The same for a column that may be null. */
export function toTimestampOrNull(instant: Instant | null): string | null {
  return instant === null ? null : toTimestamp(instant);
}
