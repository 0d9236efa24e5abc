import ICAL from 'ical.js';
import type { RawEvent } from './calendar-text.ts';

/** A date or time as the calendar wrote it. `wallMs` is what the clock shows, as if the zone were UTC. */
export interface CalendarTime {
  readonly wallMs: number;
  /** `utc` for a trailing Z, a TZID, or null for the calendar's own zone (dates and floating times). */
  readonly zone: string | null;
  readonly isDate: boolean;
}

/** How long an event lasts: until a written end, or for a nominal number of days plus an exact time. */
export type CalendarEnd =
  | { readonly kind: 'at'; readonly time: CalendarTime }
  | { readonly kind: 'lasts'; readonly days: number; readonly exactMs: number };

/** One VEVENT, understood. */
export interface CalendarEvent {
  readonly line: number;
  readonly uid: string | null;
  readonly sequence: number;
  readonly cancelled: boolean;
  readonly summary: string;
  readonly start: CalendarTime;
  readonly end: CalendarEnd;
  readonly rules: readonly ICAL.Recur[];
  readonly extraStarts: readonly CalendarTime[];
  readonly exceptStarts: readonly CalendarTime[];
  /** The occurrence of the series with the same UID that this event stands for. */
  readonly standsFor: CalendarTime | null;
}

/** An event that was left out, with the reason in plain words. */
export interface Skipped {
  readonly line: number;
  readonly summary: string;
  readonly reason: string;
}

export type ReadEvent =
  | { readonly ok: true; readonly event: CalendarEvent }
  | { readonly ok: false; readonly skipped: Skipped };

export const UTC_TIME = 'utc';
/** An event lists at most this many single dates (RDATE and EXDATE). */
const MAX_LISTED_DATES = 10_000;

const EARLIEST_MS = Date.UTC(1970, 0, 1);
const LATEST_MS = Date.UTC(2200, 0, 1);

/** Why one event cannot be a turn; it never leaves the import. */
export class Unreadable extends Error {}

/** Understands one event of a calendar, or says why it cannot be a turn. */
export function readEvent(raw: RawEvent): ReadEvent {
  let summary = '';
  try {
    if (!raw.complete) throw new Unreadable('it is cut off: END:VEVENT is missing');
    const component = parseLines(raw.lines);
    summary = textOf(component, 'summary');
    return { ok: true, event: understand(component, raw.line, summary) };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { ok: false, skipped: { line: raw.line, summary, reason: error.message } };
  }
}

function parseLines(lines: readonly string[]): ICAL.Component {
  const text = ['BEGIN:VEVENT', ...lines.map(mendDate), 'END:VEVENT'].join('\r\n');
  try {
    return new ICAL.Component(ICAL.parse(text) as ConstructorParameters<typeof ICAL.Component>[0]);
  } catch (error) {
    throw new Unreadable(`it cannot be read: ${String((error as Error).message).slice(0, 120)}`);
  }
}

/** Some exporters leave `VALUE=DATE` away: `DTSTART:20260302` is a date all the same. */
function mendDate(line: string): string {
  const bare = /^(DTSTART|DTEND|EXDATE|RDATE|RECURRENCE-ID)((?:;[^:]*)?):(\d{8}(?:,\d{8})*)\s*$/i.exec(line);
  if (bare === null || /;VALUE=/i.test(bare[2] ?? '')) return line;
  return `${bare[1]};VALUE=DATE:${bare[3]}`;
}

function understand(component: ICAL.Component, line: number, summary: string): CalendarEvent {
  const starts = timesOf(component, 'dtstart');
  const start = starts[0];
  if (start === undefined) throw new Unreadable('it has no start (DTSTART)');
  return {
    line,
    uid: textOf(component, 'uid') || null,
    sequence: Number(component.getFirstPropertyValue('sequence') ?? 0) || 0,
    cancelled: textOf(component, 'status').toUpperCase() === 'CANCELLED',
    summary,
    start,
    end: endOf(component, start),
    rules: rulesOf(component),
    extraStarts: timesOf(component, 'rdate'),
    exceptStarts: timesOf(component, 'exdate'),
    standsFor: replacedOf(component),
  };
}

function textOf(component: ICAL.Component, name: string): string {
  const value = component.getFirstPropertyValue(name);
  return value === null || value === undefined ? '' : String(value).replace(/\s+/g, ' ').trim();
}

function timesOf(component: ICAL.Component, name: string): CalendarTime[] {
  const times: CalendarTime[] = [];
  for (const property of component.getAllProperties(name)) {
    const zone = property.getFirstParameter('tzid') || null;
    // The values as the file has them: as objects, ical.js turns 31 February into 3 March without a word.
    for (const value of (property.toJSON() as unknown[]).slice(3)) {
      if (times.length >= MAX_LISTED_DATES) throw new Unreadable(`it lists over ${MAX_LISTED_DATES} dates`);
      const written = Array.isArray(value) ? value[0] : value;
      times.push(timeOf(property.name, String(written), zone));
    }
  }
  return times;
}

function timeOf(name: string, written: string, zone: string | null): CalendarTime {
  const found = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d)(Z?))?$/.exec(written);
  const wallMs = found === null ? Number.NaN : Date.parse(`${found[1]}T${found[2] ?? '00:00:00'}Z`);
  if (found === null || Number.isNaN(wallMs) || !isWritten(wallMs, `${found[1]}`)) {
    throw new Unreadable(`its ${name.toUpperCase()} is not a date that exists`);
  }
  if (wallMs < EARLIEST_MS || wallMs >= LATEST_MS) {
    throw new Unreadable(`its ${name.toUpperCase()} is outside the years 1970 to 2199`);
  }
  const isDate = found[2] === undefined;
  return { wallMs, zone: isDate ? null : found[3] === 'Z' ? UTC_TIME : zone, isDate };
}

function isWritten(wallMs: number, date: string): boolean {
  return new Date(wallMs).toISOString().startsWith(date);
}

function replacedOf(component: ICAL.Component): CalendarTime | null {
  if (component.getFirstProperty('recurrence-id')?.getFirstParameter('range')) {
    throw new Unreadable('it changes the rest of a series (RANGE=THISANDFUTURE), which is not understood');
  }
  return timesOf(component, 'recurrence-id')[0] ?? null;
}

function endOf(component: ICAL.Component, start: CalendarTime): CalendarEnd {
  const end = timesOf(component, 'dtend')[0];
  if (end !== undefined) {
    if (start.isDate && end.isDate && end.wallMs === start.wallMs)
      return { kind: 'lasts', days: 1, exactMs: 0 };
    return { kind: 'at', time: end };
  }
  const lasts = component.getFirstPropertyValue('duration');
  if (lasts instanceof ICAL.Duration) {
    const sign = lasts.isNegative ? -1 : 1;
    const exactMs = sign * ((lasts.hours * 60 + lasts.minutes) * 60 + lasts.seconds) * 1_000;
    return { kind: 'lasts', days: sign * (lasts.weeks * 7 + lasts.days), exactMs };
  }
  if (start.isDate) return { kind: 'lasts', days: 1, exactMs: 0 };
  throw new Unreadable('it has no end: neither DTEND nor DURATION');
}

function rulesOf(component: ICAL.Component): ICAL.Recur[] {
  return component.getAllProperties('rrule').map((property) => {
    const rule = property.getFirstValue() as unknown as ICAL.Recur;
    if (rule.freq === 'SECONDLY' || rule.freq === 'MINUTELY') {
      throw new Unreadable(`it repeats ${rule.freq.toLowerCase()}, which no turn does`);
    }
    if (!namesSomeDay(rule)) throw new Unreadable('its rule of repetition names no day that exists');
    return rule;
  });
}

/** The most days each month has. */
const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether some month of a rule has one of its days: ical.js would look for 30 February for ever. */
function namesSomeDay({ parts }: ICAL.Recur): boolean {
  const months = numbersOf(parts.BYMONTH);
  const days = numbersOf(parts.BYMONTHDAY);
  if (months.length === 0 || days.length === 0) return true;
  return months.some((month) => days.some((day) => Math.abs(day) <= (MONTH_DAYS[month - 1] ?? 0)));
}

function numbersOf(part: unknown): number[] {
  return Array.isArray(part) ? part.map(Number) : [];
}
