import {
  DAY_NAMES,
  DAY_NUMBERS,
  type DayName,
  daysFromCivil,
  daysInMonth,
  parseDate,
  type Weekday,
  weekdayOf,
} from '@watchbill/core';
import { isSaid, type Read } from './time-reading.ts';
import type { Token } from './tokens.ts';

/** A day as somebody names it; which date that is depends on when they say it. */
export type DayWord =
  | { readonly kind: 'date'; readonly day: number }
  | { readonly kind: 'ahead'; readonly days: number }
  | { readonly kind: 'weekday'; readonly weekday: Weekday; readonly which: 'coming' | 'this' | 'next' }
  | {
      readonly kind: 'month';
      readonly month: number;
      readonly date: number;
      /** Written beside it: `mon 30 nov`. */
      readonly weekday?: Weekday;
    };

const AHEAD = new Map(Object.entries({ today: 0, tonight: 0, tomorrow: 1, tmrw: 1, yesterday: -1 }));
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] as const;
const MONTH_NAMES = [
  ...['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august'],
  ...['september', 'october', 'november', 'december'],
];
const WEEKDAY_WORDS: Readonly<Record<DayName, readonly string[]>> = {
  mon: ['monday'],
  tue: ['tues', 'tuesday'],
  wed: ['weds', 'wednesday'],
  thu: ['thur', 'thurs', 'thursday'],
  fri: ['friday'],
  sat: ['saturday'],
  sun: ['sunday'],
};
const WEEKDAYS: ReadonlyMap<string, DayName> = new Map(
  DAY_NAMES.flatMap((name) => [name, ...WEEKDAY_WORDS[name]].map((word) => [word, name] as const)),
);
const DATE_NUMBER = /^(\d{1,2})(st|nd|rd|th|\.)?$/;
const YEAR = /^(19|20|21)\d{2}$/;
const SLASHES = /^\d{1,2}\/\d{1,2}(\/\d{2,4})?$/;
const DOTS = /^(\d{1,2})\.(\d{1,2})(?:\.(\d{4})|\.)?,?$/;
const ISO = /^\d{4}-\d{1,2}-\d{1,2}$/;

/** A day: `2026-12-21`, `today`, `tomorrow`, `mon`, `next friday`, `21 dec`, `dec 21 2026`, `21.12.`. */
export function readDay(tokens: readonly Token[], from: number): Read<DayWord> {
  const at = tokens[from]?.word === 'on' ? from + 1 : from;
  const word = tokens[at]?.word ?? '';
  const ahead = AHEAD.get(word);
  if (ahead !== undefined) return { value: { kind: 'ahead', days: ahead }, next: at + 1 };
  return (
    readWrittenDate(tokens[at], at) ??
    readWeekdayAndDate(tokens, at) ??
    readWeekday(tokens, at) ??
    readMonthDay(tokens, at) ??
    readDayAfter(tokens, at)
  );
}

function readWrittenDate(token: Token | undefined, at: number): Read<DayWord> {
  if (token === undefined) return null;
  const { word } = token;
  const day = parseDate(word);
  if (day !== null) return { value: { kind: 'date', day }, next: at + 1 };
  if (ISO.test(word)) return { said: `"${word}" is no date that exists. Write one such as 2026-12-21.` };
  if (SLASHES.test(word)) {
    return { said: `"${word}" is one day in Europe and another in America. Write 2026-12-21 or 21 Dec.` };
  }
  const dots = DOTS.exec(token.text);
  // 9.30 is a time, and so is 21.12; 21.12. and 25.12 are days.
  const isDay = dots !== null && (/\.,?$/.test(token.text) || dots[3] !== undefined || Number(dots[1]) > 24);
  if (dots === null || !isDay) return null;
  return monthDay({ month: Number(dots[2]), date: Number(dots[1]), year: dots[3] }, word, at + 1);
}

function readWeekday(tokens: readonly Token[], from: number): Read<DayWord> {
  const first = tokens[from]?.word ?? '';
  const which = first === 'next' || first === 'this' ? first : first === 'coming' ? 'coming' : null;
  const at = which === null ? from : from + 1;
  const word = tokens[at]?.word ?? '';
  const name = WEEKDAYS.get(word);
  if (name === undefined) return null;
  return {
    value: { kind: 'weekday', weekday: DAY_NUMBERS[name], which: which ?? 'coming' },
    next: at + 1,
  };
}

/** `mon 30 nov`, `Monday, 2026-11-30`: the two must agree. */
function readWeekdayAndDate(tokens: readonly Token[], at: number): Read<DayWord> {
  const name = WEEKDAYS.get(tokens[at]?.word ?? '');
  if (name === undefined) return null;
  const date = readWrittenDate(tokens[at + 1], at + 1) ?? readMonthDay(tokens, at + 1);
  if (date === null || isSaid(date)) return date;
  const weekday = DAY_NUMBERS[name];
  const { value, next } = date;
  if (value.kind === 'month') return { value: { ...value, weekday }, next };
  if (value.kind !== 'date' || weekdayOf(value.day) === weekday) return date;
  const said = tokens.slice(at + 1, next).map(({ text }) => text);
  return { said: `${said.join(' ')} is no ${WEEKDAY_WORDS[name].at(-1)}. Leave one of the two out.` };
}

function monthOf(word: string | undefined): number | null {
  if (word === undefined) return null;
  const plain = word === 'sept' ? 'sep' : word;
  const short = MONTHS.indexOf(plain as (typeof MONTHS)[number]);
  const index = short >= 0 ? short : MONTH_NAMES.indexOf(plain);
  return index < 0 ? null : index + 1;
}

/** `21 dec`, `21st of december`, `dec 21`, each with a year or without. */
function readMonthDay(tokens: readonly Token[], at: number): Read<DayWord> {
  const words = [tokens[at]?.word, tokens[at + 1]?.word, tokens[at + 2]?.word, tokens[at + 3]?.word];
  const [first = '', second, third, fourth] = words;
  const firstNumber = DATE_NUMBER.exec(first);
  const withOf = second === 'of' ? monthOf(third) : null;
  if (firstNumber !== null) {
    const month = withOf ?? monthOf(second);
    if (month === null) return null;
    const used = withOf === null ? 2 : 3;
    const year = yearOf(withOf === null ? third : fourth);
    const shown = `${first} ${MONTHS[month - 1]}`;
    return monthDay(
      { month, date: Number(firstNumber[1]), year },
      shown,
      at + used + (year === undefined ? 0 : 1),
    );
  }
  const month = monthOf(first);
  const number = second === undefined ? null : DATE_NUMBER.exec(second);
  if (month === null || number === null) return null;
  const year = yearOf(third);
  return monthDay(
    { month, date: Number(number[1]), year },
    `${first} ${second}`,
    at + 2 + (year === undefined ? 0 : 1),
  );
}

function yearOf(word: string | undefined): string | undefined {
  return word !== undefined && YEAR.test(word) ? word : undefined;
}

function monthDay(
  read: { readonly month: number; readonly date: number; readonly year: string | undefined },
  shown: string,
  next: number,
): Read<DayWord> {
  const { month, date, year } = read;
  // A leap year stands for a year that is not named: 29 Feb exists in some.
  const exists = month >= 1 && month <= 12 && date >= 1 && date <= daysInMonth(Number(year ?? 2000), month);
  if (!exists) return { said: `"${shown}${year === undefined ? '' : ` ${year}`}" is no date that exists.` };
  if (year === undefined) return { value: { kind: 'month', month, date }, next };
  return { value: { kind: 'date', day: daysFromCivil({ year: Number(year), month, day: date }) }, next };
}

/** `the day after tomorrow`. */
function readDayAfter(tokens: readonly Token[], from: number): Read<DayWord> {
  const at = tokens[from]?.word === 'the' ? from + 1 : from;
  const said = [0, 1, 2].map((step) => tokens[at + step]?.word).join(' ');
  return said === 'day after tomorrow' ? { value: { kind: 'ahead', days: 2 }, next: at + 3 } : null;
}
