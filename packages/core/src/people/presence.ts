import type { ZoneName } from '../schedule/schedule.ts';
import { parseDate } from '../time/format.ts';
import { DAY_MS, type Instant, type Interval } from '../time/interval.ts';
import { toUtc } from '../time/zone.ts';
import type { Person } from './person.ts';

/** The first instant of a local date; null for none. */
export function startOfDate(date: string | null, zone: ZoneName): Instant | null {
  const day = date === null ? null : parseDate(date);
  return day === null ? null : toUtc(day * DAY_MS, zone, 'first');
}

/** The part of a window in which somebody has joined and not left. */
export function presenceOf({ joinedOn, leftOn, timeZone }: Person, window: Interval): Interval[] {
  const start = Math.max(window.start, startOfDate(joinedOn, timeZone) ?? window.start);
  const end = Math.min(window.end, startOfDate(leftOn, timeZone) ?? window.end);
  return start < end ? [{ start, end }] : [];
}

/** Until when somebody only shadows; null: never. */
export function shadowEnd({ shadowUntilOn, timeZone }: Person): Instant | null {
  return startOfDate(shadowUntilOn, timeZone);
}
