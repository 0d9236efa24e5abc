import { formatDate } from '../time/format.ts';
import { DAY_MS, type Interval } from '../time/interval.ts';
import type { Broken } from './broken.ts';
import { type Duty, type DutyPerson, type DutyStretch, dayStart, dutyOf } from './duty.ts';

/** Tells the name of a public holiday of a calendar; null where only its date is known. */
export type HolidayNames = (calendar: string, date: string) => string | null;

/** On call on every public holiday of the window. */
export function everyHoliday({ person, firstDay, touched }: Duty, atLeast: number): Broken | null {
  const wanted = new Set(person.holidays?.dates ?? []);
  let [all, worked] = [0, 0];
  for (let k = 0; k < touched.length; k += 1) {
    if (!wanted.has(formatDate(firstDay + k))) continue;
    all += 1;
    worked += touched[k] as number;
  }
  return all >= atLeast && worked === all ? { measured: worked, times: 1, at: null } : null;
}

/** Holidays follow the sun or the moon: the same one comes again after this many days at the least and the most. */
const YEAR_DAYS = { least: 300, most: 430 };
/** How far back last year's holidays are looked for. */
export const LAST_YEAR_MS = YEAR_DAYS.most * DAY_MS;

/** Whether what is known reaches back to last year's holidays. */
export function knowsLastYear(past: readonly Interval[], window: Interval): boolean {
  return past.some(({ start }) => start <= window.start - YEAR_DAYS.least * DAY_MS);
}

/** On call on the same public holiday as the year before: how many, and which one first. */
export function sameHoliday(duty: Duty, past: readonly DutyStretch[], nameOf: HolidayNames): Broken | null {
  const { person, window } = duty;
  const years: Interval = { start: window.start - LAST_YEAR_MS, end: window.end };
  const both = dutyOf(person, [...past, ...duty.stretches], years);
  const stood = stoodHolidays(person, both, nameOf);
  const again = stood.filter(
    ({ day, name }) =>
      day >= duty.firstDay &&
      stood.some(
        (last) => last.name === name && day - last.day >= YEAR_DAYS.least && day - last.day <= YEAR_DAYS.most,
      ),
  );
  const names = new Set(again.map(({ name }) => name));
  const [first] = again;
  if (first === undefined) return null;
  const at = dayStart(duty, first.day - duty.firstDay);
  return { measured: names.size, times: names.size, at, about: first.title };
}

interface StoodHoliday {
  readonly day: number;
  /** The same from year to year. */
  readonly name: string;
  readonly title: string;
}

/** A holiday whose name is not known goes by its day of the year. */
function stoodHolidays({ holidays }: DutyPerson, duty: Duty, nameOf: HolidayNames): StoodHoliday[] {
  if (holidays === null) return [];
  const dates = new Set(holidays.dates);
  const found: StoodHoliday[] = [];
  duty.touched.forEach((flag, k) => {
    const day = duty.firstDay + k;
    const date = formatDate(day);
    if (flag === 0 || !dates.has(date)) return;
    const name = nameOf(holidays.id, date);
    found.push({ day, name: name ?? date.slice(5), title: name ?? date });
  });
  return found;
}
