import { DAY_MS, HOUR_MS, type Instant, offsetAt, toUtc, toWall } from '@watchbill/core';

/** A stretch of time on the screen. */
export interface Window {
  readonly from: Instant;
  readonly to: Instant;
}

export interface Box {
  readonly x: number;
  readonly width: number;
  /** The stretch goes on beyond this side of the window. */
  readonly cutLeft: boolean;
  readonly cutRight: boolean;
}

/** Where `[start, end)` lies in a window drawn `width` wide; null when it lies outside. Instants are drawn evenly. */
export function boxOf(
  { start, end }: { readonly start: Instant; readonly end: Instant },
  window: Window,
  width: number,
): Box | null {
  if (end <= window.from || start >= window.to) return null;
  const scale = width / (window.to - window.from);
  const left = Math.max(start, window.from);
  const right = Math.min(end, window.to);
  return {
    x: (left - window.from) * scale,
    width: (right - left) * scale,
    cutLeft: start < window.from,
    cutRight: end > window.to,
  };
}

/** One local day of a zone. `hours`: 24, or what a clock change makes of it. */
export interface Day {
  readonly start: Instant;
  readonly end: Instant;
  readonly hours: number;
  /** 0 is Monday. */
  readonly weekday: number;
}

/** More days than this are never drawn. */
export const MAX_DAYS = 800;

/** The local days of a zone that touch a window, in order; a day with a clock change has 23, 25 or other hours. */
export function daysIn(window: Window, zone: string): readonly Day[] {
  const days: Day[] = [];
  let number = Math.floor(toWall(window.from, zone) / DAY_MS);
  while (days.length < MAX_DAYS) {
    const start = midnight(number, zone);
    const end = midnight(number + 1, zone);
    if (start >= window.to) break;
    if (end > window.from && end > start) {
      days.push({ start, end, hours: (end - start) / HOUR_MS, weekday: (((number + 3) % 7) + 7) % 7 });
    }
    number += 1;
  }
  return days;
}

/** The instant at which a local day begins; where midnight does not exist, the day begins with its first instant. */
export function midnight(dayNumber: number, zone: string): Instant {
  return toUtc(dayNumber * DAY_MS, zone, 'first');
}

/** The local midnight at or before an instant. */
export function startOfDay(instant: Instant, zone: string): Instant {
  return midnight(Math.floor(toWall(instant, zone) / DAY_MS), zone);
}

/** The offset of a zone at an instant, in milliseconds to add to UTC. */
export function offsetOf(zone: string, instant: Instant): number {
  return offsetAt(zone, instant);
}

/** Days of each span: a quarter is thirteen weeks. */
export const SPANS = { day: 1, week: 7, 'two-weeks': 14, month: 31, quarter: 91, year: 365 } as const;
export type Span = keyof typeof SPANS;

/** The window of a span that begins on the local day of an instant, or for whole weeks on its Monday. */
export function windowOf(span: Span, at: Instant, zone: string): Window {
  let first = Math.floor(toWall(at, zone) / DAY_MS);
  if (span !== 'day') first -= (((first + 3) % 7) + 7) % 7;
  return { from: midnight(first, zone), to: midnight(first + SPANS[span], zone) };
}

/** The window before or after one of the same span. */
export function moved(
  span: Span,
  window: Window,
  { by, zone }: { readonly by: 1 | -1; readonly zone: string },
): Window {
  // Whole weeks, so that every window but a day begins on a Monday.
  const step = span === 'day' ? 1 : SPANS[span] - (SPANS[span] % 7);
  const first = Math.floor(toWall(window.from, zone) / DAY_MS) + by * step;
  return { from: midnight(first, zone), to: midnight(first + SPANS[span], zone) };
}
