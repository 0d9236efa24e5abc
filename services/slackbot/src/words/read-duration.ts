import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS, toUtc, toWall, type ZoneName } from '@watchbill/core';
import type { Read } from './time-reading.ts';
import type { Token } from './tokens.ts';

/** A length of time. Days are days of the calendar: a day with a clock change has 23 or 25 hours. */
export interface Duration {
  readonly days: number;
  readonly ms: number;
}

const UNITS = {
  m: { days: 0, ms: MINUTE_MS },
  h: { days: 0, ms: HOUR_MS },
  d: { days: 1, ms: 0 },
  w: { days: 7, ms: 0 },
} as const;
const UNIT_WORDS = new Map<string, keyof typeof UNITS>([
  ...(['m', 'min', 'mins', 'minute', 'minutes'] as const).map((word) => [word, 'm'] as const),
  ...(['h', 'hr', 'hrs', 'hour', 'hours'] as const).map((word) => [word, 'h'] as const),
  ...(['d', 'day', 'days'] as const).map((word) => [word, 'd'] as const),
  ...(['w', 'wk', 'week', 'weeks'] as const).map((word) => [word, 'w'] as const),
]);
const GLUED = /^(\d{1,4}(?:\.\d{1,2})?)([a-z]+)/;
const NUMBER = /^\d{1,4}(?:\.\d{1,2})?$/;
const WORDS = new Map(Object.entries({ a: 1, an: 1, one: 1, two: 2, three: 3 }));
/** Nobody plans on-call further ahead by a word. */
const MAX_DAYS = 3 * 366;

/** A length such as `30m`, `1h30m`, `2 hours`, `3 days`, `a week`. */
export function readDuration(tokens: readonly Token[], from: number): Read<Duration> {
  let total: Duration = { days: 0, ms: 0 };
  let next = from;
  while (next < tokens.length) {
    const piece = readGlued(tokens[next]?.word ?? '');
    if (piece !== null) {
      total = sum(total, piece);
      next += 1;
      continue;
    }
    const spaced = readSpaced(tokens, next);
    if (spaced === null) break;
    total = sum(total, spaced);
    next += 2;
    if (tokens[next]?.word === 'and' && readDuration(tokens, next + 1) !== null) next += 1;
  }
  if (next === from) return null;
  if (total.days === 0 && total.ms === 0) return { said: 'A length of time must be more than nothing.' };
  if (total.days + total.ms / DAY_MS > MAX_DAYS) return { said: 'That is longer than three years.' };
  return { value: total, next };
}

/** `1h30m` in one word; null when any part of it is no length. */
function readGlued(word: string): Duration | null {
  let rest = word;
  let total: Duration | null = null;
  while (rest !== '') {
    const match = GLUED.exec(rest);
    const unit = match === null ? undefined : UNIT_WORDS.get(match[2] ?? '');
    if (match === null || unit === undefined) return null;
    total = sum(total ?? { days: 0, ms: 0 }, times(Number(match[1]), unit));
    rest = rest.slice(match[0].length);
  }
  return total;
}

function readSpaced(tokens: readonly Token[], at: number): Duration | null {
  const count = tokens[at]?.word ?? '';
  const unit = UNIT_WORDS.get(tokens[at + 1]?.word ?? '');
  if (unit === undefined) return null;
  const number = NUMBER.test(count) ? Number(count) : WORDS.get(count);
  return number === undefined ? null : times(number, unit);
}

/** Parts of a day are hours: half a day is 12 of them. */
function times(count: number, unit: keyof typeof UNITS): Duration {
  const { days, ms } = UNITS[unit];
  const whole = Math.floor(count * days);
  return { days: whole, ms: Math.round((count * days - whole) * DAY_MS + count * ms) };
}

function sum(a: Duration, b: Duration): Duration {
  return { days: a.days + b.days, ms: a.ms + b.ms };
}

/** The instant that lies a length after another: days by the calendar of the zone, then hours by the clock. */
export function after(at: Instant, length: Duration, zone: ZoneName): Instant {
  const days = length.days === 0 ? at : toUtc(toWall(at, zone) + length.days * DAY_MS, zone, 'first');
  return days + length.ms;
}
