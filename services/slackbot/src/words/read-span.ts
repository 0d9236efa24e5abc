import { DAY_MS, dayOfWall, type Instant, toUtc, toWall, weekdayOf, type ZoneName } from '@watchbill/core';
import { readDay } from './read-day.ts';
import { after, readDuration } from './read-duration.ts';
import { type Moment, readMoment } from './read-moment.ts';
import { isSaid, placeWall, type Read, type Reader, type TimeNote } from './time-reading.ts';
import type { Token } from './tokens.ts';

/** A stretch of time that somebody named, `[start, end)`. */
export interface Span {
  readonly start: Instant;
  readonly end: Instant;
  /** Whether it was named by whole days of the reader's zone. */
  readonly wholeDays: boolean;
  readonly notes: readonly TimeNote[];
}

const TO_WORDS = new Set(['to', 'until', 'till', 'til', 'through', '-', '–', '—']);
/** Longer is a slip of the keyboard. */
const MAX_SPAN_MS = 3 * 366 * DAY_MS;
const NAMED_DAYS: ReadonlyMap<string, { readonly fromMonday: number; readonly days: number }> = new Map([
  ['weekend', { fromMonday: 5, days: 2 }],
  ['week', { fromMonday: 0, days: 7 }],
]);

/**
 * A stretch: `from mon 09:00 to fri 17:00`, `tomorrow`, `until 18:00`, `for 2h`, `sat for 2 days`, `this weekend`,
 * `next week`. A day alone is the whole day, and as an end it is included.
 */
export function readSpan(tokens: readonly Token[], from: number, reader: Reader): Read<Span> {
  const read = readFrom(tokens, from, reader);
  if (read === null || isSaid(read)) return read;
  const { zone } = read.value;
  // "from 9am to 5pm UTC": a zone behind the end is meant for both.
  const again = zone === reader.zone ? read : readFrom(tokens, from, { ...reader, zone });
  if (again === null || isSaid(again)) return again;
  const { zone: _zone, ...span } = again.value;
  return { value: span, next: again.next };
}

/** A span with the zone in which its start is to be read. */
type Zoned = Span & { readonly zone: ZoneName };

function readFrom(tokens: readonly Token[], from: number, reader: Reader): Read<Zoned> {
  const word = tokens[from]?.word ?? '';
  const named = readNamed(tokens, from, reader);
  if (named !== null) return named;
  const begun: Begun = { moment: exactly(reader), openEnded: true };
  if (TO_WORDS.has(word) && word !== 'to') return readEnd(tokens, from, { begun, reader });
  if (word === 'for') return readLength(tokens, from, { begun, reader });
  const at = word === 'from' || word === 'starting' || word === 'since' ? from + 1 : from;
  const start = readMoment(tokens, at, { reader, edge: 'start', notBefore: reader.now });
  if (start === null)
    return at === from ? null : { said: 'When does it start? Write a time such as mon 09:00.' };
  if (isSaid(start)) return start;
  const found: Found = { begun: { moment: start.value, openEnded: false }, reader };
  const marker = tokens[start.next]?.word ?? '';
  if (TO_WORDS.has(marker)) return withEarlierStart(tokens, { at, marker: start.next }, found);
  if (marker === 'for') return readLength(tokens, start.next, found);
  if (start.value.named === 'day') return wholeDay(start.value, start.next);
  return { said: 'Until when? Write for example "until 18:00" or "for 2h".' };
}

interface Begun {
  readonly moment: Moment;
  /** No start was written: it starts now. */
  readonly openEnded: boolean;
}

interface Found {
  readonly begun: Begun;
  readonly reader: Reader;
}

function exactly({ now, zone }: Reader): Moment {
  return { at: now, zone, named: 'both', zoned: false, dayBehind: false, notes: [] };
}

/** `this weekend`, `the weekend`, `next week`. In a weekend, this weekend has begun. */
function readNamed(tokens: readonly Token[], from: number, { now, zone }: Reader): Read<Zoned> {
  const first = tokens[from]?.word ?? '';
  const has = ['this', 'the', 'next', 'coming', 'all'].includes(first);
  const at = has ? from + 1 : from;
  const named = NAMED_DAYS.get(tokens[at]?.word ?? '');
  if (named === undefined || (first !== 'next' && first !== 'this' && tokens[at]?.word === 'week'))
    return null;
  const today = dayOfWall(toWall(now, zone));
  const monday = today - (weekdayOf(today) - 1) + (first === 'next' ? 7 : 0);
  const day = monday + named.fromMonday;
  const start = midnight(day, zone);
  const end = midnight(day + named.days, zone);
  return { value: { start, end, wholeDays: true, notes: [], zone }, next: at + 1 };
}

function midnight(day: number, zone: ZoneName): Instant {
  return toUtc(day * DAY_MS, zone, 'first');
}

function wholeDay({ at, zone, notes }: Moment, next: number): Read<Zoned> {
  const end = midnight(dayOfWall(toWall(at, zone)) + 1, zone);
  return { value: { start: at, end, wholeDays: true, notes, zone }, next };
}

function readLength(tokens: readonly Token[], from: number, { begun, reader }: Found): Read<Zoned> {
  const length = readDuration(tokens, from + 1);
  if (length === null) return { said: 'For how long? Write for example "for 2h" or "for 3 days".' };
  if (isSaid(length)) return length;
  const { at, named, notes } = begun.moment;
  const wholeDays = named === 'day' && length.value.ms === 0;
  const end = after(at, length.value, begun.moment.zone);
  return checked({ start: at, end, wholeDays, notes, zone: reader.zone }, length.next);
}

function readEnd(tokens: readonly Token[], from: number, { begun, reader }: Found): Read<Zoned> {
  const { moment } = begun;
  const endReader = { ...reader, zone: moment.zone };
  const end = readMoment(tokens, from + 1, { reader: endReader, edge: 'end', notBefore: moment.at });
  if (end === null) return { said: 'Until when? Write a time such as 18:00 or fri 17:00.' };
  if (isSaid(end)) return end;
  const wholeDays = !begun.openEnded && moment.named === 'day' && end.value.named === 'day';
  if (!begun.openEnded && rolledOn(tokens, from, { start: moment, end: end.value })) {
    return {
      said: 'That ends before it starts. Write the date of the end as well, such as 2026-12-21 17:00.',
    };
  }
  const { start, notes: startNotes } = onDayOf(end.value, moment);
  const notes = [...startNotes, ...end.value.notes];
  const zone = end.value.zoned && !moment.zoned ? end.value.zone : reader.zone;
  return checked({ start, end: end.value.at, wholeDays, notes, zone }, end.next);
}

/** Ends on the same weekday at an earlier time, or only in the next year. */
const ALMOST_A_WEEK_MS = 6 * DAY_MS;
const HALF_A_YEAR_MS = 183 * DAY_MS;

/**
 * Whether an end without its date has come to be a week or a year on only because it lies, as written, before the
 * start: "tue 14:00 to tue 12:00", "5 jan to 3 jan".
 */
function rolledOn(
  tokens: readonly Token[],
  marker: number,
  { start, end }: { readonly start: Moment; readonly end: Moment },
): boolean {
  const day = readDay(tokens, marker + 1);
  if (day === null || isSaid(day)) return false;
  const length = end.at - start.at;
  if (day.value.kind === 'month') return length > HALF_A_YEAR_MS;
  if (day.value.kind !== 'weekday' || end.named !== 'both' || start.named !== 'both') return false;
  return length > ALMOST_A_WEEK_MS && length < 7 * DAY_MS && sameWeekday(start, end);
}

function sameWeekday(start: Moment, end: Moment): boolean {
  const [first, last] = [start, end].map(({ at, zone }) => weekdayOf(dayOfWall(toWall(at, zone))));
  return first === last;
}

/** "from 9am to 5pm friday": the day behind the end is meant for the start as well. */
function onDayOf(
  end: Moment,
  start: Moment,
): { readonly start: Instant; readonly notes: readonly TimeNote[] } {
  const asNamed = { start: start.at, notes: start.notes };
  if (start.named !== 'clock' || !end.dayBehind) return asNamed;
  const { zone } = end;
  const clock = toWall(start.at, zone) - dayOfWall(toWall(start.at, zone)) * DAY_MS;
  const placed = placeWall(dayOfWall(toWall(end.at, zone)) * DAY_MS + clock, zone, 'start');
  return placed.at < end.at ? { start: placed.at, notes: placed.notes } : asNamed;
}

/**
 * "from 09:00 to 17:00" at 09:05 means today: a start without a day may have passed where the end of the same day has
 * not.
 */
function withEarlierStart(
  tokens: readonly Token[],
  place: { readonly at: number; readonly marker: number },
  found: Found,
): Read<Zoned> {
  const usual = readEnd(tokens, place.marker, found);
  if (found.begun.moment.named !== 'clock') return usual;
  const { reader } = found;
  const dayStart = midnight(dayOfWall(toWall(reader.now, reader.zone)), reader.zone);
  const earlier = readMoment(tokens, place.at, { reader, edge: 'start', notBefore: dayStart });
  if (earlier === null || isSaid(earlier) || earlier.value.at >= found.begun.moment.at) return usual;
  const today = readEnd(tokens, place.marker, { reader, begun: { moment: earlier.value, openEnded: false } });
  return today !== null && !isSaid(today) && today.value.end > reader.now ? today : usual;
}

function checked(span: Zoned, next: number): Read<Zoned> {
  if (span.end <= span.start) return { said: 'The end must come after the start.' };
  if (span.end - span.start > MAX_SPAN_MS) return { said: 'That is longer than three years.' };
  return { value: span, next };
}
