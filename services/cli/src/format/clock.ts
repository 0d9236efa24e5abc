import { HOUR_MS, type Instant, localDay, showDay, showTime } from '@watchbill/core';

export { localDay, showDay, showInstant, showLength, showOffset, showTime } from '@watchbill/core';

/** `Mon 30 Nov 09:00`: for columns, where the year is said elsewhere. */
export function showShort(at: Instant, zone: string): string {
  return `${showDay(localDay(at, zone)).replace(/ \d{4,}$/, '')} ${showTime(at, zone)}`;
}

/** Hours with at most two decimals: `167`, `8.5`. */
export function showHours(ms: number): string {
  return String(Math.round((ms / HOUR_MS) * 100) / 100);
}
