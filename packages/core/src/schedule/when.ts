import type { Problems } from '../problem.ts';
import { parseInstant, parseWall } from '../time/format.ts';
import type { Instant, WallTime } from '../time/interval.ts';
import { FIRST_INSTANT, LAST_INSTANT, type Pass, toUtc, toWall } from '../time/zone.ts';
import { quote } from './check.ts';
import type { ZoneName } from './schedule.ts';

/** How a local date-time becomes an instant. */
interface Reading {
  readonly zone: ZoneName;
  readonly pass: Pass;
}

const FORMS = 'write YYYY-MM-DD or YYYY-MM-DDTHH:mm, with Z or an offset such as +02:00 for an instant';

/** An instant from a draft's date-time, or null after a problem. */
export function readInstant(text: string, reading: Reading, problems: Problems): Instant | null {
  const wall = parseWall(text);
  const instant = wall === null ? parseInstant(text) : toUtc(wall, reading.zone, reading.pass);
  return checkRange(instant, text, problems);
}

/** A wall time in `zone` from a draft's date-time, or null after a problem. */
export function readWall(text: string, zone: ZoneName, problems: Problems): WallTime | null {
  const local = parseWall(text);
  if (local !== null) return checkRange(local, text, problems);
  const instant = checkRange(parseInstant(text), text, problems);
  return instant === null ? null : toWall(instant, zone);
}

function checkRange(instant: Instant | null, text: string, problems: Problems): Instant | null {
  if (instant === null) {
    const reason = /^\d{4}-\d{2}-\d{2}/.test(text) ? 'does not exist' : 'is not a date-time';
    problems.add([], 'time/invalid', `${quote(text)} ${reason}; ${FORMS}.`);
    return null;
  }
  if (instant >= FIRST_INSTANT && instant < LAST_INSTANT) return instant;
  problems.add([], 'time/out-of-range', `Times lie between 1970 and 2199; got ${quote(text)}.`);
  return null;
}
