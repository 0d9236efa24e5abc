import { IANAZone } from 'luxon';
import type { Instant, Interval, WallTime } from './interval.ts';
import { DAY_MS, HOUR_MS } from './interval.ts';

/**
 * The one door from wall time to instants. Offsets come from luxon once per zone and stretch of years, and stay
 * in a table of transitions: an answer never depends on the current date, and costs nanoseconds, not Intl calls.
 */

/** The years in which clock changes are known: 1970 up to, not including, 2200. Beyond, the edge's offset holds. */
export const FIRST_INSTANT: Instant = 0;
export const LAST_INSTANT: Instant = 7_258_118_400_000;
/** The most zone names kept at a time; there are about 600 in the world. */
const MAX_CACHED_ZONES = 1_000;
/** Two clock changes of one zone are never this close since 1970 (the closest: Boa Vista 2000, seven days). */
const PROBE_STEP_MS = 6 * DAY_MS;
/** A table grows by this much at a time. */
const BLOCK_MS = 60 * PROBE_STEP_MS;
/** No zone has ever been further than this from UTC. */
const MAX_OFFSET_MS = 16 * HOUR_MS;
/** All clock changes since 1970 fall on a multiple of this (Monrovia 1972: 00:44:30). */
const GRAIN_MS = 30_000;
const ZONE_NAME = /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/;
const MAX_ZONE_NAME_LENGTH = 64;

/** Which instant a wall time that occurs twice means: the first pass or the last. */
export type Pass = 'first' | 'last';

/** A change of a zone's offset at an instant. Offsets are milliseconds to add to UTC. */
export interface Transition {
  readonly at: Instant;
  readonly before: number;
  readonly after: number;
}

/** The known offsets of a zone: `offsets[i]` holds from `starts[i]` to the next start. Grows as it is asked. */
interface ZoneTable {
  readonly zone: IANAZone;
  from: Instant;
  to: Instant;
  starts: number[];
  offsets: number[];
  /** The stretch that answered last: questions come in order of time. */
  hint: number;
}

/** A handle on a zone for code that converts many times. */
export type ZoneClock = ZoneTable;

const tables = new Map<string, ZoneTable>();

/** Whether a name is an IANA zone (`Europe/London`, `UTC`). Offsets such as `+02:00` are none. */
export function isZone(name: string): boolean {
  if (tables.has(name)) return true;
  return name.length <= MAX_ZONE_NAME_LENGTH && ZONE_NAME.test(name) && IANAZone.isValidZone(name);
}

/** The handle of a zone. Throws a RangeError for a name that is no IANA zone. */
export function zoneClock(name: string): ZoneClock {
  const known = tables.get(name);
  if (known !== undefined) return known;
  if (!isZone(name)) throw new RangeError(`"${name}" is not an IANA time zone, such as Europe/London`);
  if (tables.size >= MAX_CACHED_ZONES) tables.clear();
  const table = { zone: IANAZone.create(name), from: 0, to: 0, starts: [], offsets: [], hint: 0 };
  tables.set(name, table);
  return table;
}

/** What a zone adds to UTC at an instant, in milliseconds. Throws a RangeError for an unknown zone. */
export function offsetAt(zone: string, instant: Instant): number {
  return clockOffsetAt(zoneClock(zone), instant);
}

/** The wall time of an instant. Throws a RangeError for an unknown zone. */
export function toWall(instant: Instant, zone: string): WallTime {
  return instant + offsetAt(zone, instant);
}

/**
 * The instant of a wall time. A wall time that a clock change skips means the first instant after the gap; one
 * that occurs twice means its first or last pass. Throws a RangeError for an unknown zone.
 * Example: 2026-11-01 01:30 in America/New_York is 05:30Z on the first pass and 06:30Z on the last.
 */
export function toUtc(wall: WallTime, zone: string, pass: Pass): Instant {
  return clockToUtc(zoneClock(zone), wall, pass);
}

/** The clock changes of a zone in `[start, end)`, in order. Throws a RangeError for an unknown zone. */
export function transitions(zone: string, window: Interval): Transition[] {
  return clockTransitions(zoneClock(zone), window);
}

export function clockTransitions(clock: ZoneClock, window: Interval): Transition[] {
  cover(clock, window.start - 1, window.end);
  const result: Transition[] = [];
  for (let i = Math.max(1, stretchOf(clock, window.start)); i < clock.starts.length; i += 1) {
    const at = clock.starts[i] as number;
    if (at >= window.end) break;
    if (at < window.start) continue;
    result.push({ at, before: clock.offsets[i - 1] as number, after: clock.offsets[i] as number });
  }
  return result;
}

export function clockOffsetAt(clock: ZoneClock, instant: Instant): number {
  cover(clock, instant, instant + 1);
  return clock.offsets[stretchOf(clock, instant)] as number;
}

export function clockToWall(clock: ZoneClock, instant: Instant): WallTime {
  return instant + clockOffsetAt(clock, instant);
}

export function clockToUtc(clock: ZoneClock, wall: WallTime, pass: Pass): Instant {
  const latest = wall + MAX_OFFSET_MS;
  cover(clock, wall - MAX_OFFSET_MS, latest);
  let i = stretchOf(clock, wall - MAX_OFFSET_MS);
  const { starts, offsets } = clock;
  let next = starts[i + 1] ?? Number.POSITIVE_INFINITY;
  // Nearly always: no clock change is near.
  if (next > latest) return wall - (offsets[i] as number);
  let found = Number.NaN;
  for (let start = Number.NEGATIVE_INFINITY; start <= latest; i += 1) {
    const instant = wall - (offsets[i] as number);
    if (instant >= start && instant < next) {
      found = instant;
      if (pass === 'first') return found;
    } else if (Number.isNaN(found) && instant < start) {
      // Skipped: this stretch begins after the wall time, and the ones before end before it.
      return start;
    }
    start = next;
    next = starts[i + 2] ?? Number.POSITIVE_INFINITY;
  }
  return found;
}

/** The index of the stretch that holds an instant; the first or last one beyond the table's ends. */
function stretchOf(clock: ZoneClock, instant: Instant): number {
  const { starts, hint } = clock;
  const atHint = starts[hint];
  if (atHint !== undefined && atHint <= instant) {
    if (instant < (starts[hint + 1] ?? Number.POSITIVE_INFINITY)) return hint;
  }
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] as number) <= instant) low = middle;
    else high = middle - 1;
  }
  clock.hint = low;
  return low;
}

/** Makes the table know `[start, end)`, as far as it lies in the known years. */
function cover(clock: ZoneClock, start: Instant, end: Instant): void {
  if (start >= clock.from && end <= clock.to) return;
  if (clock.to <= clock.from) {
    const first = Math.min(Math.max(start, FIRST_INSTANT), LAST_INSTANT - 1);
    clock.from = Math.floor(first / BLOCK_MS) * BLOCK_MS;
    clock.to = clock.from;
    clock.starts = [clock.from];
    clock.offsets = [probe(clock, clock.from)];
    clock.hint = 0;
  }
  while (clock.to < end && clock.to < LAST_INSTANT) {
    extendForward(clock);
  }
  while (clock.from > start && clock.from > FIRST_INSTANT) {
    extendBackward(clock);
  }
}

function extendForward(clock: ZoneClock): void {
  const to = clock.to + BLOCK_MS;
  for (const { at, after } of findTransitions(clock, clock.to, to)) {
    clock.starts.push(at);
    clock.offsets.push(after);
  }
  clock.to = to;
}

function extendBackward(clock: ZoneClock): void {
  const from = Math.max(FIRST_INSTANT, clock.from - BLOCK_MS);
  const found = findTransitions(clock, from, clock.from);
  // The old first stretch began at the table's end only because nothing was known before it.
  clock.starts = [from, ...found.map(({ at }) => at), ...clock.starts.slice(1)];
  clock.offsets = [probe(clock, from), ...found.map(({ after }) => after), ...clock.offsets.slice(1)];
  clock.from = from;
  clock.hint = 0;
}

/** The transitions in `(from, to]`. */
function findTransitions(clock: ZoneClock, from: Instant, to: Instant): Transition[] {
  const found: Transition[] = [];
  let before = probe(clock, from);
  for (let at = from; at < to; at += PROBE_STEP_MS) {
    const next = Math.min(at + PROBE_STEP_MS, to);
    const after = probe(clock, next);
    if (after !== before) found.push({ at: bisect(clock, at, next), before, after });
    before = after;
  }
  return found;
}

/** The first grain in `(low, high]` with another offset than at `low`. */
function bisect(clock: ZoneClock, low: Instant, high: Instant): Instant {
  const before = probe(clock, low);
  let [first, last] = [low, high];
  while (last - first > GRAIN_MS) {
    const middle = first + Math.floor((last - first) / 2 / GRAIN_MS) * GRAIN_MS;
    if (probe(clock, middle) === before) first = middle;
    else last = middle;
  }
  return last;
}

function probe(clock: ZoneClock, instant: Instant): number {
  return Math.round(clock.zone.offset(instant) * 60_000);
}

/** Every zone name this runtime lists, for suggestions. */
export function knownZones(): readonly string[] {
  return ['UTC', ...Intl.supportedValuesOf('timeZone')];
}
