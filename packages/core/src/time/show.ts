import type { ZoneName } from '../schedule/schedule.ts';
import { weekdayOf } from './civil.ts';
import { formatDate } from './format.ts';
import { DAY_MS, type Instant, MINUTE_MS } from './interval.ts';
import { offsetAt, toUtc, toWall } from './zone.ts';

/** How people read times: `Mon 30 Nov 2026`, `09:00`, `7 d 1 h`; always in a zone that the reader is told. */

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** Days since 1970-01-01 of the local date at an instant. */
export function localDay(at: Instant, zone: ZoneName): number {
  return Math.floor(toWall(at, zone) / DAY_MS);
}

/** `Mon 30 Nov 2026` of a day number. */
export function showDay(day: number): string {
  const [year, month, date] = formatDate(day).split('-').map(Number) as [number, number, number];
  return `${DAYS[weekdayOf(day) - 1]} ${date} ${MONTHS[month - 1]} ${year}`;
}

/** `09:00`, with seconds only when there are some. A time that occurs twice that day is told apart by its offset. */
export function showTime(at: Instant, zone: ZoneName): string {
  const wall = toWall(at, zone);
  const seconds = Math.floor((wall - Math.floor(wall / DAY_MS) * DAY_MS) / 1000);
  const short = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}`;
  const clock = seconds % 60 === 0 ? short : `${short}:${two(seconds % 60)}`;
  return isRepeated(at, zone) ? `${clock} ${showOffset(at, zone)}` : clock;
}

/** `Mon 30 Nov 2026 09:00`. */
export function showInstant(at: Instant, zone: ZoneName): string {
  return `${showDay(localDay(at, zone))} ${showTime(at, zone)}`;
}

function isRepeated(at: Instant, zone: ZoneName): boolean {
  const wall = toWall(at, zone);
  return toUtc(wall, zone, 'first') !== toUtc(wall, zone, 'last');
}

/** `+01:00`, `-04:00`. */
export function showOffset(at: Instant, zone: ZoneName): string {
  const minutes = Math.round(offsetAt(zone, at) / MINUTE_MS);
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
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
