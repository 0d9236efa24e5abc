import type { CivilDate } from './civil.ts';
import { civilFromDays, dayOfWall, daysFromCivil, daysInMonth } from './civil.ts';
import type { Instant, WallTime } from './interval.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './interval.ts';

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DATE_TIME = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?$/;
const ZONED = /^(.*[\d])(Z|[+-]\d{2}(?::?\d{2})?)$/;
const CLOCK = /^(\d{2}):(\d{2})$/;
const OFFSET = /^([+-])(\d{2}):?(\d{2})?$/;

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

/**
 * A day number from `YYYY-MM-DD`, or null if the text has another form or the date does not exist
 * (`2026-02-30`). Days count from 1970-01-01.
 */
export function parseDate(text: string): number | null {
  const match = DATE.exec(text);
  return match === null ? null : dayFromParts(match);
}

function dayFromParts(match: RegExpExecArray): number | null {
  const date: CivilDate = { year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) };
  if (date.month < 1 || date.month > 12 || date.day < 1) return null;
  return date.day > daysInMonth(date.year, date.month) ? null : daysFromCivil(date);
}

/** `YYYY-MM-DD` of a day number. */
export function formatDate(days: number): string {
  const { year, month, day } = civilFromDays(days);
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

/**
 * A wall time from `YYYY-MM-DD` (its midnight), `YYYY-MM-DDTHH:mm` or `YYYY-MM-DDTHH:mm:ss`; a space may
 * stand for the T. `24:00` is the midnight that ends the day. Null for another form, for an offset, and for
 * a date that does not exist.
 */
export function parseWall(text: string): WallTime | null {
  const day = parseDate(text);
  if (day !== null) return day * DAY_MS;
  const match = DATE_TIME.exec(text);
  if (match === null) return null;
  const date = dayFromParts(match);
  const [hour, minute, second] = [Number(match[4]), Number(match[5]), Number(match[6] ?? 0)];
  const milli = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'));
  if (date === null || minute > 59 || second > 59 || hour > 24) return null;
  if (hour === 24 && minute + second + milli > 0) return null;
  return date * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS + second * 1000 + milli;
}

function formatSeconds(wall: WallTime): string {
  const inDay = wall - dayOfWall(wall) * DAY_MS;
  const milli = inDay % 1000;
  const second = Math.floor(inDay / 1000) % 60;
  const minute = Math.floor(inDay / MINUTE_MS) % 60;
  const clock = `${pad(Math.floor(inDay / HOUR_MS), 2)}:${pad(minute, 2)}:${pad(second, 2)}`;
  return milli === 0 ? clock : `${clock}.${pad(milli, 3)}`;
}

/** `YYYY-MM-DDTHH:mm`, with seconds only when they are not zero. */
export function formatWall(wall: WallTime): string {
  const clock = formatSeconds(wall);
  return `${formatDate(dayOfWall(wall))}T${clock.endsWith(':00') ? clock.slice(0, -3) : clock}`;
}

/** An instant as ISO-8601 UTC: `2026-11-30T09:00:00Z`; milliseconds only when they are not zero. */
export function formatInstant(instant: Instant): string {
  return `${formatDate(dayOfWall(instant))}T${formatSeconds(instant)}Z`;
}

/**
 * An instant from ISO-8601 text with `Z` or an offset (`+02:00`). Null without one, for another form, and for
 * a date that does not exist. Digits after the milliseconds are dropped.
 */
export function parseInstant(text: string): Instant | null {
  const match = ZONED.exec(text);
  if (match === null || DATE.test(text)) return null;
  const wall = DATE_TIME.test(match[1] ?? '') ? parseWall(match[1] ?? '') : null;
  const offsetMs = parseOffset(match[2] ?? '');
  return wall === null || offsetMs === null ? null : wall - offsetMs;
}

function parseOffset(text: string): number | null {
  if (text === 'Z') return 0;
  const match = OFFSET.exec(text);
  if (match === null) return null;
  const [hours, minutes] = [Number(match[2]), Number(match[3] ?? 0)];
  if (hours > 23 || minutes > 59) return null;
  return (match[1] === '-' ? -1 : 1) * (hours * HOUR_MS + minutes * MINUTE_MS);
}

/** Minutes from midnight of `HH:mm`; `24:00` is 1440. Null for another form. */
export function parseClock(text: string): number | null {
  const match = CLOCK.exec(text);
  if (match === null) return null;
  const [hour, minute] = [Number(match[1]), Number(match[2])];
  if (minute > 59 || hour > 24 || (hour === 24 && minute > 0)) return null;
  return hour * 60 + minute;
}

/** `HH:mm` of minutes from midnight (0–1440). */
export function formatClock(minutes: number): string {
  return `${pad(Math.floor(minutes / 60), 2)}:${pad(minutes % 60, 2)}`;
}
