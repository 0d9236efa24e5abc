import type { HolidayCalendar, Hours, HoursWindow } from '../schedule/schedule.ts';
import { dayOfWall, weekdayOf } from '../time/civil.ts';
import { parseDate } from '../time/format.ts';
import type { Interval } from '../time/interval.ts';
import { clip, complement, DAY_MS, MINUTE_MS, normalise } from '../time/interval.ts';
import { clockToUtc, clockToWall, type ZoneClock, zoneClock } from '../time/zone.ts';

/** A window ends at most a day after it starts, and a clock change may stretch that by up to another day. */
const LOOK_BACK_DAYS = 2;

/** A window as the loop over days needs it. */
interface ReadyWindow {
  readonly clock: ZoneClock;
  /** By weekday 1–7. */
  readonly onDay: readonly boolean[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly holidays: ReadonlySet<number> | null;
}

const readyWindows = new WeakMap<HoursWindow, ReadyWindow>();
const holidayDays = new WeakMap<HolidayCalendar, ReadonlySet<number>>();

function daysOf(calendar: HolidayCalendar): ReadonlySet<number> {
  const known = holidayDays.get(calendar);
  if (known !== undefined) return known;
  const days = new Set(calendar.dates.map(parseDate).filter((day) => day !== null));
  holidayDays.set(calendar, days);
  return days;
}

function ready(window: HoursWindow): ReadyWindow {
  const known = readyWindows.get(window);
  if (known !== undefined) return known;
  const { fromMinute, toMinute } = window;
  const made: ReadyWindow = {
    clock: zoneClock(window.timeZone),
    onDay: [0, 1, 2, 3, 4, 5, 6, 7].map((day) => window.days.some((named) => named === day)),
    fromMs: fromMinute * MINUTE_MS,
    toMs: toMinute * MINUTE_MS + (toMinute <= fromMinute ? DAY_MS : 0),
    holidays: window.holidays === null ? null : daysOf(window.holidays),
  };
  readyWindows.set(window, made);
  return made;
}

/**
 * The stretches of one weekly window that touch `span`, whole, in order of start. Where a clock is set back, the
 * end of one may lie after the start of the next.
 */
function occurrences(window: HoursWindow, span: Interval): Interval[] {
  const { clock, onDay, fromMs, toMs, holidays } = ready(window);
  const result: Interval[] = [];
  const lastDay = dayOfWall(clockToWall(clock, span.end)) + 1;
  let day = dayOfWall(clockToWall(clock, span.start)) - LOOK_BACK_DAYS;
  let weekday: number = weekdayOf(day);
  for (; day <= lastDay; day += 1) {
    if (onDay[weekday] === true && (holidays === null || !holidays.has(day))) {
      const start = clockToUtc(clock, day * DAY_MS + fromMs, 'first');
      const end = clockToUtc(clock, day * DAY_MS + toMs, 'last');
      // A window that lies wholly in a gap is empty.
      if (start < end && end > span.start && start < span.end) result.push({ start, end });
    }
    weekday = weekday === 7 ? 1 : weekday + 1;
  }
  return result;
}

/** The time inside `span` that any of the windows covers. */
export function windowsIn(windows: readonly HoursWindow[], span: Interval): Interval[] {
  const [first] = windows;
  if (first === undefined) return [];
  const all = windows.length === 1 ? occurrences(first, span) : windows.flatMap((w) => occurrences(w, span));
  return clip(normalise(all), span);
}

/**
 * The time inside `span` in which hours are in force: sorted, disjoint. `coreHours` are the schedule's.
 * Example: Monday 20:00–08:00 in Europe/Berlin covers 2026-12-21T19:00Z to 2026-12-22T07:00Z.
 */
export function hoursIn(hours: Hours, coreHours: readonly HoursWindow[], span: Interval): Interval[] {
  switch (hours.kind) {
    case 'all':
      return [span];
    case 'core':
      return windowsIn(coreHours, span);
    case 'non-core':
      return complement(windowsIn(coreHours, span), span);
    case 'windows':
      return windowsIn(hours.windows, span);
  }
}
