import type { Problems } from '../problem.ts';
import { parseClock, parseDate } from '../time/format.ts';
import { checkZone, quote } from './check.ts';
import type { DayName, HolidaysDraft, HoursDraft, HoursWindowDraft } from './draft.ts';
import { LIMITS } from './limits.ts';
import type { HolidayCalendar, Hours, HoursWindow, Weekday, ZoneName } from './schedule.ts';

export const DAY_NAMES: readonly DayName[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
export const DAY_NUMBERS: Readonly<Record<DayName, Weekday>> = {
  mon: 1,
  tue: 2,
  wed: 3,
  thu: 4,
  fri: 5,
  sat: 6,
  sun: 7,
};
const LAST_MINUTE = 1_440;

interface HolidaySource {
  readonly holidayCalendar: (id: string) => HolidayCalendar | null;
}

/** What a window falls back on. */
export interface WindowDefaults {
  readonly timeZone: ZoneName;
  readonly context: HolidaySource;
}

/** The calendar that a draft names or lists; null if it has none, or after a problem. */
export function makeHolidays(
  draft: HolidaysDraft | undefined,
  { holidayCalendar }: HolidaySource,
  problems: Problems,
): HolidayCalendar | null {
  if (draft === undefined) return null;
  if (typeof draft === 'string') {
    const calendar = holidayCalendar(draft);
    if (calendar !== null) return calendar;
    const hint = 'use a country or region such as GB-ENG, or list the dates';
    problems.add([], 'holidays/unknown', `No public holidays are known for ${quote(draft)}; ${hint}.`);
    return null;
  }
  if (draft.length > LIMITS.datesPerHolidays) {
    problems.add([], 'limit/holidays', `At most ${LIMITS.datesPerHolidays} dates; got ${draft.length}.`);
    return null;
  }
  draft.forEach((text, index) => {
    if (parseDate(text) !== null) return;
    problems.add([index], 'time/invalid-date', `${quote(text)} is not a date that exists; write YYYY-MM-DD.`);
  });
  return { id: 'listed', source: 'configuration', dates: [...new Set(draft)].sort() };
}

/** A window in minutes, or null after a problem. */
export function makeWindow(
  draft: HoursWindowDraft,
  defaults: WindowDefaults,
  problems: Problems,
): HoursWindow | null {
  const from = readClock(draft.from, problems.at('from'));
  const to = readClock(draft.to, problems.at('to'));
  if (from === LAST_MINUTE) problems.add(['from'], 'time/invalid-clock', '"24:00" can only end a window.');
  const days = draft.days ?? DAY_NAMES;
  if (days.length === 0) {
    problems.add(['days'], 'hours/no-days', 'Name at least one day, or leave days out for every day.');
  }
  const timeZone =
    draft.timeZone === undefined ? defaults.timeZone : checkZone(draft.timeZone, problems.at('timeZone'));
  const holidays = makeHolidays(draft.holidays, defaults.context, problems.at('holidays'));
  if (from === null || to === null || timeZone === null) return null;
  const numbers = [...new Set(days.map((day) => DAY_NUMBERS[day]))].sort((a, b) => a - b);
  return { days: numbers, fromMinute: from, toMinute: to, timeZone, holidays };
}

/** Minutes of the day of a text `HH:mm`, or null after a problem. */
export function readClock(text: string, problems: Problems): number | null {
  const minutes = parseClock(text);
  if (minutes === null) {
    problems.add(
      [],
      'time/invalid-clock',
      `${quote(text)} is not a time of day; write HH:mm, such as "09:00".`,
    );
  }
  return minutes;
}

/** The windows of a list, without the ones that have problems. */
export function makeWindows(
  drafts: readonly HoursWindowDraft[],
  defaults: WindowDefaults,
  problems: Problems,
): HoursWindow[] {
  if (drafts.length > LIMITS.windowsPerHours) {
    problems.add([], 'limit/windows', `At most ${LIMITS.windowsPerHours} windows; got ${drafts.length}.`);
    return [];
  }
  return drafts
    .map((draft, index) => makeWindow(draft, defaults, problems.at(index)))
    .filter((window) => window !== null);
}

/** Hours with a meaning: `core` and `non-core` need core hours. A missing draft is round the clock. */
export function makeHours(
  draft: HoursDraft | undefined,
  defaults: WindowDefaults & { readonly hasCoreHours: boolean },
  problems: Problems,
): Hours {
  if (draft === undefined || draft === 'all' || draft === 'always') return { kind: 'all' };
  if (draft === 'core' || draft === 'non-core') {
    if (!defaults.hasCoreHours) {
      problems.add([], 'hours/no-core-hours', `"${draft}" needs coreHours on the schedule; add them.`);
    }
    return { kind: draft };
  }
  if (draft.length === 0) {
    problems.add([], 'hours/empty', 'List at least one window, or leave the key out for round the clock.');
  }
  return { kind: 'windows', windows: makeWindows(draft, defaults, problems) };
}
