import type { Instant } from '@watchbill/core';
import { isoInstant } from '@watchbill/database';

/** An instant as answers write it, or null. */
export function isoOrNull(instant: Instant | null): string | null {
  return instant === null ? null : isoInstant(instant);
}
