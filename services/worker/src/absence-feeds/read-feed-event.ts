import ICAL from 'ical.js';

/** A date or time as the calendar wrote it. `wallMs` is what the clock shows, as if the zone were UTC. */
export interface FeedTime {
  readonly wallMs: number;
  /** `utc` for a trailing Z, a TZID, or null for the person's own zone (dates and floating times). */
  readonly zone: string | null;
  readonly isDate: boolean;
}

/** One VEVENT, understood. */
export interface FeedEvent {
  readonly uid: string;
  readonly sequence: number;
  /** False where it is cancelled, or leaves its person free (TRANSP:TRANSPARENT). */
  readonly counts: boolean;
  readonly start: FeedTime;
  readonly end: FeedTime | { readonly days: number; readonly exactMs: number };
  readonly rules: readonly ICAL.Recur[];
  readonly extraStarts: readonly FeedTime[];
  readonly exceptStarts: readonly FeedTime[];
  /** The occurrence of the series with the same UID that this event stands for. */
  readonly standsFor: FeedTime | null;
}

/** Why one event cannot be read; it never leaves the reader. */
export class UnreadableEventError extends Error {
  override readonly name = 'UnreadableEventError';
}

export const UTC_ZONE = 'utc';
/** An event lists at most this many single dates (RDATE or EXDATE). */
const MAX_LISTED_DATES = 5_000;
const EARLIEST_MS = Date.UTC(1970, 0, 1);
const LATEST_MS = Date.UTC(2200, 0, 1);
/** Nobody is away by the hour for ever, and such a rule is slow to follow. */
const FOLLOWED = new Set(['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY']);

/** Understands one event. Throws UnreadableEventError. */
export function readFeedEvent(lines: readonly string[]): FeedEvent {
  const component = parseEvent(lines);
  const [start] = timesOf(component, 'dtstart');
  if (start === undefined) throw new UnreadableEventError('it has no start');
  const status = textOf(component, 'status').toUpperCase();
  return {
    uid: textOf(component, 'uid'),
    sequence: Number(component.getFirstPropertyValue('sequence') ?? 0) || 0,
    counts: status !== 'CANCELLED' && textOf(component, 'transp').toUpperCase() !== 'TRANSPARENT',
    start,
    end: endOf(component, start),
    rules: rulesOf(component),
    extraStarts: timesOf(component, 'rdate'),
    exceptStarts: timesOf(component, 'exdate'),
    standsFor: timesOf(component, 'recurrence-id')[0] ?? null,
  };
}

function parseEvent(lines: readonly string[]): ICAL.Component {
  const text = ['BEGIN:VEVENT', ...lines.map(mendDate), 'END:VEVENT'].join('\r\n');
  try {
    return new ICAL.Component(ICAL.parse(text) as ConstructorParameters<typeof ICAL.Component>[0]);
  } catch {
    throw new UnreadableEventError('it cannot be parsed');
  }
}

/** Some servers leave `VALUE=DATE` away: `DTSTART:20260302` is a date all the same. */
function mendDate(line: string): string {
  const bare = /^(DTSTART|DTEND|EXDATE|RDATE|RECURRENCE-ID)((?:;[^:]*)?):(\d{8}(?:,\d{8})*)\s*$/i.exec(line);
  if (bare === null || /;VALUE=/i.test(bare[2] ?? '')) return line;
  return `${bare[1]};VALUE=DATE:${bare[3]}`;
}

function textOf(component: ICAL.Component, name: string): string {
  const value = component.getFirstPropertyValue(name);
  return value === null || value === undefined ? '' : String(value).trim();
}

function timesOf(component: ICAL.Component, name: string): FeedTime[] {
  const times: FeedTime[] = [];
  for (const property of component.getAllProperties(name)) {
    const zone = String(property.getFirstParameter('tzid') ?? '') || null;
    // The values as they are written: as objects, ical.js turns 31 February into 3 March without a word.
    for (const value of (property.toJSON() as unknown[]).slice(3)) {
      if (times.length >= MAX_LISTED_DATES) throw new UnreadableEventError('it lists too many dates');
      times.push(timeOf(String(Array.isArray(value) ? value[0] : value), zone));
    }
  }
  return times;
}

function timeOf(written: string, zone: string | null): FeedTime {
  const found = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d)(Z?))?$/.exec(written);
  const wallMs = found === null ? Number.NaN : Date.parse(`${found[1]}T${found[2] ?? '00:00:00'}Z`);
  const exists = !Number.isNaN(wallMs) && new Date(wallMs).toISOString().startsWith(`${found?.[1]}`);
  if (found === null || !exists || wallMs < EARLIEST_MS || wallMs >= LATEST_MS) {
    throw new UnreadableEventError('it has a date that does not exist or is far away');
  }
  const isDate = found[2] === undefined;
  return { wallMs, zone: isDate ? null : found[3] === 'Z' ? UTC_ZONE : zone, isDate };
}

function endOf(component: ICAL.Component, start: FeedTime): FeedEvent['end'] {
  const [end] = timesOf(component, 'dtend');
  const oneDay = { days: 1, exactMs: 0 };
  if (end !== undefined) return start.isDate && end.isDate && end.wallMs === start.wallMs ? oneDay : end;
  const lasts = component.getFirstPropertyValue('duration');
  if (lasts instanceof ICAL.Duration) {
    const exactMs = ((lasts.hours * 60 + lasts.minutes) * 60 + lasts.seconds) * 1_000;
    if (!lasts.isNegative) return { days: lasts.weeks * 7 + lasts.days, exactMs };
  } else if (start.isDate) return oneDay;
  throw new UnreadableEventError('it has no end');
}

function rulesOf(component: ICAL.Component): ICAL.Recur[] {
  return component.getAllProperties('rrule').map((property) => {
    const rule = property.getFirstValue();
    if (!(rule instanceof ICAL.Recur) || !FOLLOWED.has(rule.freq)) {
      throw new UnreadableEventError('it repeats in a way that is not followed');
    }
    return rule;
  });
}
