import type { Weekday } from '../schedule/schedule.ts';
import { weekdayOf } from '../time/civil.ts';

/** Where nothing else is said. */
const USUAL_WEEKEND: readonly Weekday[] = [6, 7];
/** 1970-01-05. */
const FIRST_MONDAY = 4;
const WEEK: readonly Weekday[] = [1, 2, 3, 4, 5, 6, 7];

/**
 * Countries whose weekend is not Saturday and Sunday, after the week data of Unicode CLDR 48, and Bangladesh. India
 * and Uganda are left out: CLDR gives them Sunday alone, but their offices that stand on call rest on both days.
 */
const OTHER_WEEKENDS: readonly (readonly [days: readonly Weekday[], countries: string])[] = [
  [[5, 6], 'BD BH DZ EG IL IQ JO KW LY OM QA SA SD SY YE'],
  [[4, 5], 'AF'],
  [[5], 'IR'],
];
const WEEKENDS = new Map(
  OTHER_WEEKENDS.flatMap(([days, countries]) =>
    countries.split(' ').map((country) => [country, days] as const),
  ),
);

/** The weekend of a place such as `IL` or `GB-ENG`; Saturday and Sunday for a place that is not known, or null. */
export function weekendOfPlace(place: string | null): readonly Weekday[] {
  const [country = ''] = (place ?? '').toUpperCase().split('-');
  return WEEKENDS.get(country) ?? USUAL_WEEKEND;
}

/** The days of the week that are not in a weekend: who says nothing else works on these. */
export function daysOutside(weekend: readonly Weekday[]): Weekday[] {
  return WEEK.filter((day) => !weekend.includes(day));
}

/** The weekend of somebody who names none: their place's; for who works on one of its days, their days off. */
export function weekendBeside(workDays: readonly Weekday[], usual: readonly Weekday[]): readonly Weekday[] {
  return usual.some((day) => workDays.includes(day)) ? daysOutside(workDays) : usual;
}

/**
 * Tells which weekend a day (since 1970-01-01) belongs to; null for a day of the week. Days off that follow each other
 * are one weekend, also Sunday and Monday; days off that lie apart within seven days count as one. Weekends that follow
 * each other have numbers that do.
 */
export function weekendsBy(weekend: readonly Weekday[]): (day: number) => number | null {
  const first = firstDayOf(weekend);
  const isOff = [0, ...WEEK].map((day) => weekend.includes(day as Weekday));
  return (day) => (isOff[weekdayOf(day)] === true ? Math.floor((day - first) / WEEK.length) : null);
}

/** A day on which a weekend begins: with the longest run of days off, the first of several. */
function firstDayOf(weekend: readonly Weekday[]): number {
  let best: Weekday = 1;
  let longest = 0;
  for (const first of weekend) {
    let length = 1;
    while (length < WEEK.length && weekend.includes((((first - 1 + length) % 7) + 1) as Weekday)) length += 1;
    if (length > longest) [best, longest] = [first, length];
  }
  return FIRST_MONDAY + best - 1;
}
