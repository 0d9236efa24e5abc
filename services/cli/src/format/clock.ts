import type { Instant } from '@watchbill/core';
import { DAY_MS, formatDate, HOUR_MS, MINUTE_MS, offsetAt, toUtc, toWall } from '@watchbill/core';

/** How people read times: `Mon 30 Nov 2026`, `09:00`, `7 d 1 h`; always in a zone that the reader is told. */

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** Days since 1970-01-01 of the local date at an instant. */
export function localDay(at: Instant, zone: string): number {
  return Math.floor(toWall(at, zone) / DAY_MS);
}

/** `Mon 30 Nov 2026` of a day number. */
export function showDay(day: number): string {
  const [year, month, date] = formatDate(day).split('-').map(Number) as [number, number, number];
  // 1970-01-01 was a Thursday.
  const name = DAYS[(((day + 3) % 7) + 7) % 7];
  return `${name} ${date} ${MONTHS[month - 1]} ${year}`;
}

/** `09:00`, with seconds only when there are some. A time that occurs twice that day is told apart by its offset. */
export function showTime(at: Instant, zone: string): string {
  const wall = toWall(at, zone);
  const clock = new Date(wall).toISOString().slice(11, 19);
  const short = clock.endsWith(':00') ? clock.slice(0, 5) : clock;
  return isRepeated(at, zone) ? `${short} ${showOffset(at, zone)}` : short;
}

/** `Mon 30 Nov 2026 09:00`. */
export function showInstant(at: Instant, zone: string): string {
  return `${showDay(localDay(at, zone))} ${showTime(at, zone)}`;
}

/** `Mon 30 Nov 09:00`: for columns, where the year is said elsewhere. */
export function showShort(at: Instant, zone: string): string {
  return `${showDay(localDay(at, zone)).replace(/ \d{4,}$/, '')} ${showTime(at, zone)}`;
}

function isRepeated(at: Instant, zone: string): boolean {
  const wall = toWall(at, zone);
  return toUtc(wall, zone, 'first') !== toUtc(wall, zone, 'last');
}

/** `+01:00`, `-04:00`. */
export function showOffset(at: Instant, zone: string): string {
  const minutes = Math.round(offsetAt(zone, at) / MINUTE_MS);
  const size = Math.abs(minutes);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** `7 d`, `6 d 23 h`, `8 h 30 min`: real elapsed time, a day being 24 hours. */
export function showLength(ms: number): string {
  const minutes = Math.round(ms / MINUTE_MS);
  const parts = [
    [Math.floor(minutes / 1440), 'd'],
    [Math.floor((minutes % 1440) / 60), 'h'],
    [minutes % 60, 'min'],
  ] as const;
  const shown = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`);
  return shown.length === 0 ? '0 min' : shown.join(' ');
}

/** Hours with at most two decimals: `167`, `8.5`. */
export function showHours(ms: number): string {
  return String(Math.round((ms / HOUR_MS) * 100) / 100);
}
