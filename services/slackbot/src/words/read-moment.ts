import {
  civilFromDays,
  DAY_MS,
  dayOfWall,
  daysFromCivil,
  daysInMonth,
  FIRST_INSTANT,
  type Instant,
  knownZones,
  LAST_INSTANT,
  MINUTE_MS,
  parseInstant,
  parseWall,
  toWall,
  weekdayOf,
  type ZoneName,
} from '@watchbill/core';
import { readClock } from './read-clock.ts';
import { type DayWord, readDay } from './read-day.ts';
import { after, readDuration } from './read-duration.ts';
import { type Edge, isSaid, placeWall, type Read, type Reader, type TimeNote } from './time-reading.ts';
import type { Token } from './tokens.ts';

/** An instant that somebody named. */
export interface Moment {
  readonly at: Instant;
  /** The zone it was named in: the reader's, unless they wrote another one. */
  readonly zone: ZoneName;
  /** What was named: a day without a time, a time without a day, or both. */
  readonly named: 'day' | 'clock' | 'both';
  /** Whether a zone was written behind it. */
  readonly zoned: boolean;
  /** Whether the day was written behind the time: "5pm friday". */
  readonly dayBehind: boolean;
  readonly notes: readonly TimeNote[];
}

/** Where a moment is looked for: `notBefore` is now for a start, and the start for an end. */
export interface Sought {
  readonly reader: Reader;
  readonly edge: Edge;
  readonly notBefore: Instant;
}

/** 29 February comes again after at most eight years. */
const YEARS_AHEAD = 8;
const ZONES_BY_NAME: ReadonlyMap<string, ZoneName> = new Map([
  ...knownZones().map((zone) => [zone.toLowerCase(), zone] as const),
  ...(['utc', 'z', 'gmt'] as const).map((word) => [word, 'UTC'] as const),
]);
const REGION = /^(africa|america|asia|atlantic|australia|europe|indian|pacific)\//;

/**
 * An instant from `now`, `in 2h`, `2026-12-21T09:00Z`, a day, a time of day, or a day and a time in either order, with
 * a zone behind it or without. A day alone means its midnight as a start, and the midnight that ends it as an end.
 */
export function readMoment(tokens: readonly Token[], from: number, sought: Sought): Read<Moment> {
  const { reader } = sought;
  const word = tokens[from]?.word ?? '';
  if (word === 'now') return { value: exact(reader.now, reader.zone), next: from + 1 };
  if (word === 'in') return readAhead(tokens, from, reader);
  const written = readWritten(tokens[from], from, sought);
  if (written !== null) return written;
  return readDayAndClock(tokens, from, sought);
}

function exact(at: Instant, zone: ZoneName): Moment {
  return { at, zone, named: 'both', zoned: false, dayBehind: false, notes: [] };
}

function readAhead(tokens: readonly Token[], from: number, { now, zone }: Reader): Read<Moment> {
  const length = readDuration(tokens, from + 1);
  if (length === null || isSaid(length)) return length;
  return { value: exact(after(now, length.value, zone), zone), next: length.next };
}

/** `2026-12-21T09:00` and `2026-12-21T09:00Z` in one word. */
function readWritten(token: Token | undefined, from: number, sought: Sought): Read<Moment> {
  const text = token?.text.replace(/[,;]$/, '').toUpperCase() ?? '';
  if (!/^\d{4}-\d{2}-\d{2}T/.test(text)) return null;
  const instant = parseInstant(text);
  if (instant !== null) {
    return { value: { ...exact(instant, sought.reader.zone), zoned: true }, next: from + 1 };
  }
  const wall = parseWall(text);
  if (wall === null)
    return { said: `"${token?.text}" is no time that exists. Write one such as 2026-12-21T09:00.` };
  const { at, notes } = placeWall(wall, sought.reader.zone, sought.edge);
  return {
    value: { at, zone: sought.reader.zone, named: 'both', zoned: false, dayBehind: false, notes },
    next: from + 1,
  };
}

function readDayAndClock(tokens: readonly Token[], from: number, sought: Sought): Read<Moment> {
  const day = readDay(tokens, from);
  if (isSaid(day)) return day;
  const clock = readClock(tokens, day?.next ?? from);
  if (isSaid(clock)) return day === null && isCount(tokens, from) ? null : clock;
  if (day === null && clock === null) return null;
  const late = day === null && clock !== null ? readDay(tokens, clock.next) : null;
  if (isSaid(late)) return late;
  const found = day ?? late;
  const next = late?.next ?? clock?.next ?? day?.next ?? from;
  const zone = readZone(tokens, next);
  if (isSaid(zone)) return zone;
  const place = { ...sought, reader: { ...sought.reader, zone: zone?.value ?? sought.reader.zone } };
  const value = resolve(found?.value ?? null, clock?.value ?? null, place);
  if (value === null) {
    const both = found?.value.kind === 'month' && found.value.weekday !== undefined;
    return {
      said: both
        ? 'That date falls on another day of the week. Leave one of the two out.'
        : 'That day does not come within the years I know.',
    };
  }
  return { value: { ...value, zoned: zone !== null, dayBehind: late !== null }, next: zone?.next ?? next };
}

/** "2 people": a bare number is no time when other words follow it. */
function isCount(tokens: readonly Token[], at: number): boolean {
  const following = tokens[at + 1]?.word;
  return (
    /^\d+$/.test(tokens[at]?.word ?? '') &&
    following !== undefined &&
    !/^(to|until|till|til|for|-|–|—)$/.test(following)
  );
}

/** A zone behind a time: `UTC`, `Europe/Berlin`. */
function readZone(tokens: readonly Token[], at: number): Read<ZoneName> {
  const word = tokens[at]?.word ?? '';
  const known = ZONES_BY_NAME.get(word);
  if (known !== undefined) return { value: known, next: at + 1 };
  return REGION.test(word)
    ? { said: `"${tokens[at]?.text}" is no time zone. Write one such as Europe/London.` }
    : null;
}

/** The instant of a day and minutes from midnight, either of which may be missing. */
function resolve(day: DayWord | null, minutes: number | null, sought: Sought): Moment | null {
  const { reader, edge, notBefore } = sought;
  const { zone } = reader;
  const named = day === null ? 'clock' : minutes === null ? 'day' : 'both';
  for (const date of datesOf(day, sought)) {
    const wall =
      minutes === null ? (edge === 'start' ? date : date + 1) * DAY_MS : date * DAY_MS + minutes * MINUTE_MS;
    const { at, notes } = placeWall(wall, zone, minutes === null ? 'start' : edge);
    if (at < FIRST_INSTANT || at >= LAST_INSTANT) return null;
    const fixed = day !== null && (day.kind === 'date' || day.kind === 'ahead');
    // A start that is named by its day alone may have begun: "mon" on a Monday is today.
    const inTime =
      edge === 'end' ? at > notBefore : at >= notBefore || (minutes === null && isToday(date, sought));
    if (fixed || inTime || isThisWeek(day))
      return { at, zone, named, zoned: false, dayBehind: false, notes: minutes === null ? [] : notes };
  }
  return null;
}

function isThisWeek(day: DayWord | null): boolean {
  return day?.kind === 'weekday' && day.which !== 'coming';
}

function today({ reader }: Sought): number {
  return dayOfWall(toWall(reader.now, reader.zone));
}

function isToday(date: number, sought: Sought): boolean {
  return date === today(sought);
}

/** The dates that a word for a day may mean, the likeliest first. */
function datesOf(day: DayWord | null, sought: Sought): number[] {
  const { reader, notBefore } = sought;
  const first = dayOfWall(toWall(notBefore, reader.zone));
  if (day === null) return [first, first + 1, first + 2];
  if (day.kind === 'date') return [day.day];
  if (day.kind === 'ahead') return [today(sought) + day.days];
  if (day.kind === 'month') {
    const dates = yearly(day, first);
    // With its day of the week it is the next one or none.
    return day.weekday === undefined
      ? dates
      : dates.slice(0, 1).filter((date) => weekdayOf(date) === day.weekday);
  }
  const { weekday, which } = day;
  if (which === 'coming') {
    const ahead = first + ((weekday - weekdayOf(first) + 7) % 7);
    return [ahead, ahead + 7];
  }
  const monday = today(sought) - (weekdayOf(today(sought)) - 1);
  return [monday + (which === 'next' ? 7 : 0) + weekday - 1];
}

function yearly({ month, date }: { readonly month: number; readonly date: number }, first: number): number[] {
  const { year } = civilFromDays(first);
  const years = Array.from({ length: YEARS_AHEAD + 1 }, (_, index) => year + index);
  return years
    .filter((each) => date <= daysInMonth(each, month))
    .map((each) => daysFromCivil({ year: each, month, day: date }))
    .filter((each) => each >= first);
}
