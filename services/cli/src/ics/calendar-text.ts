import { BadInput } from '../input/bad-input.ts';

/** One property of an event as it stands in the file, unfolded: `DTSTART;VALUE=DATE:20260302`. */
export interface RawEvent {
  /** Line of the event's BEGIN in the file, from 1. */
  readonly line: number;
  readonly lines: readonly string[];
  /** False when the file ends, or the next event begins, before this one is closed. */
  readonly complete: boolean;
}

/** A calendar file cut into its parts; nothing in it is understood yet. */
export interface RawCalendar {
  readonly name: string | null;
  /** The value of X-WR-TIMEZONE. */
  readonly zone: string | null;
  readonly events: readonly RawEvent[];
  /** The text of each VTIMEZONE by its TZID. */
  readonly zones: ReadonlyMap<string, string>;
  readonly blankLines: number;
}

export const CALENDAR_MAX_BYTES = 20 * 1024 * 1024;
export const CALENDAR_MAX_EVENTS = 100_000;
/** A VTIMEZONE with more lines than this is not taken. */
const ZONE_MAX_LINES = 5_000;

/** The properties of an event that say who is on call and when. The rest is not read, so it cannot do harm. */
const WANTED = new Set([
  'DTSTART',
  'DTEND',
  'DURATION',
  'RRULE',
  'RDATE',
  'EXDATE',
  'RECURRENCE-ID',
  'SUMMARY',
  'UID',
  'SEQUENCE',
  'STATUS',
]);

interface Line {
  readonly number: number;
  readonly text: string;
}

/**
 * Cuts a calendar file into events and zones. It takes what real exporters write: blank lines anywhere,
 * CRLF, LF or CR, folded lines (also folded inside one character), a byte order mark, lower-case names.
 */
export function cutCalendar(bytes: Uint8Array, file: string): RawCalendar {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw new BadInput(`${file}: the calendar is in UTF-16. Save it as UTF-8 and try again.`);
  }
  const { lines, blankLines } = unfold(bytes);
  if (!lines.some((line) => isLine(line.text, 'BEGIN:VCALENDAR'))) {
    const first = lines[0]?.text.slice(0, 60).replace(/[\p{Cc}]/gu, '·') ?? '';
    const found = first === '' ? 'it is empty' : `it begins with "${first}"`;
    throw new BadInput(`${file}: this is not an iCalendar file (no BEGIN:VCALENDAR): ${found}.`);
  }
  return { ...cutParts(lines, file), blankLines };
}

function isLine(text: string, wanted: string): boolean {
  return text.trim().toUpperCase() === wanted;
}

/** Unfolds on bytes, because a line may be folded in the middle of a UTF-8 character. */
function unfold(bytes: Uint8Array): { lines: Line[]; blankLines: number } {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const start = source.startsWith('\u00ef\u00bb\u00bf') ? 3 : 0;
  const raw: { number: number; parts: string[] }[] = [];
  let blankLines = 0;
  let number = 0;
  for (const text of source.slice(start).split(/\r\n|\n|\r/)) {
    number += 1;
    const folded = text.startsWith(' ') || text.startsWith('\t');
    const open = raw.at(-1);
    if (folded && open !== undefined) open.parts.push(text.slice(1));
    else if (text.trim() === '') blankLines += 1;
    else raw.push({ number, parts: [text] });
  }
  const lines = raw.map((line) => ({ number: line.number, text: decode(line.parts.join('')) }));
  return { lines, blankLines };
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

function decode(latin1: string): string {
  if (/^\p{ASCII}*$/u.test(latin1)) return latin1;
  try {
    return UTF8.decode(Buffer.from(latin1, 'latin1'));
  } catch {
    // Not UTF-8: an old exporter that wrote ISO 8859-1, which is what the text already is.
    return latin1;
  }
}

interface Parts {
  name: string | null;
  zone: string | null;
  events: RawEvent[];
  zones: Map<string, string>;
}

function cutParts(lines: readonly Line[], file: string): Parts {
  const parts: Parts = { name: null, zone: null, events: [], zones: new Map() };
  let index = 0;
  while (index < lines.length) {
    const line = lines[index] as Line;
    if (isLine(line.text, 'BEGIN:VEVENT')) {
      index = cutEvent(lines, index, parts);
      if (parts.events.length > CALENDAR_MAX_EVENTS) {
        const limit = CALENDAR_MAX_EVENTS.toLocaleString('en-GB');
        throw new BadInput(`${file}: more than ${limit} events. Export a shorter stretch of the calendar.`);
      }
    } else if (isLine(line.text, 'BEGIN:VTIMEZONE')) {
      index = cutZone(lines, index, parts);
    } else {
      const property = splitProperty(line.text);
      if (property.name === 'X-WR-CALNAME') parts.name ??= property.value.trim();
      if (property.name === 'X-WR-TIMEZONE') parts.zone ??= property.value.trim();
      index += 1;
    }
  }
  return parts;
}

/** Returns the index after the event. Parts inside it (alarms) are left out. */
function cutEvent(lines: readonly Line[], begin: number, parts: Parts): number {
  const kept: string[] = [];
  let depth = 1;
  let index = begin + 1;
  for (; index < lines.length; index += 1) {
    const text = (lines[index] as Line).text;
    if (isLine(text, 'BEGIN:VEVENT') || isLine(text, 'END:VCALENDAR')) break;
    const { name } = splitProperty(text);
    if (name === 'BEGIN') depth += 1;
    else if (name === 'END') depth -= 1;
    else if (depth === 1 && WANTED.has(name)) kept.push(text);
    if (depth === 0) break;
  }
  const complete = depth === 0;
  parts.events.push({ line: (lines[begin] as Line).number, lines: kept, complete });
  return complete ? index + 1 : index;
}

function cutZone(lines: readonly Line[], begin: number, parts: Parts): number {
  const kept: string[] = [];
  let id: string | null = null;
  let index = begin;
  for (; index < lines.length && index - begin < ZONE_MAX_LINES; index += 1) {
    const text = (lines[index] as Line).text;
    kept.push(text.trimEnd());
    const property = splitProperty(text);
    if (property.name === 'TZID') id ??= property.value.trim();
    if (isLine(text, 'END:VTIMEZONE')) {
      if (id !== null && !parts.zones.has(id)) parts.zones.set(id, kept.join('\r\n'));
      return index + 1;
    }
  }
  // Never closed: go on after its first line, so that the events behind it are still found.
  return begin + 1;
}

/** The upper-case name and the value of a property line; parameters are left out. */
function splitProperty(text: string): { name: string; value: string } {
  const name = /^[^:;]*/.exec(text)?.[0] ?? '';
  const colon = text.indexOf(':');
  return { name: name.trim().toUpperCase(), value: colon === -1 ? '' : text.slice(colon + 1) };
}
