import type { HolidayCalendar } from '@watchbill/core';
import Holidays from 'date-holidays';
import { suggest } from './read/suggest.ts';

/** Where the dates come from; a test holds the version to the one installed. */
export const HOLIDAY_SOURCE = 'date-holidays@3.37.0';

/** A span of years, both included. */
export interface Years {
  readonly from: number;
  readonly to: number;
}

/**
 * The years whose public holidays are worked out when nobody asks for others. One year of one place costs 2 to
 * 6 ms of CPU, up to 35 ms where holidays follow the moon (Singapore, China), so a century would be seconds.
 */
export const DEFAULT_HOLIDAY_YEARS: Years = { from: 2020, to: 2040 };
/** No other years are worked out, whatever is asked. */
export const MAX_HOLIDAY_YEARS: Years = { from: 1990, to: 2060 };

const MAX_CACHED_YEARS = 20_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Codes people write that are not the ISO ones. */
const MISTAKES: Readonly<Record<string, string>> = { UK: 'GB', EN: 'GB-ENG', ENG: 'GB-ENG', EL: 'GR' };

const datesOfYear = new Map<string, readonly string[]>();
const places = new Map<string, Holidays | null>();
let catalogue: Holidays | null = null;

function names(): Holidays {
  catalogue ??= new Holidays();
  return catalogue;
}

function matching(
  code: string | undefined,
  known: Readonly<Record<string, string>> | undefined,
): string | undefined {
  return Object.keys(known ?? {}).find((key) => key.toUpperCase() === code?.toUpperCase());
}

/** The calendar of a place, or null for an unknown one. The library itself falls back on the country in silence. */
function placeOf(id: string): Holidays | null {
  const known = places.get(id);
  if (known !== undefined) return known;
  const [country, state, region, ...rest] = id.split('-');
  const itsCountry = matching(country, names().getCountries());
  if (itsCountry === undefined || rest.length > 0) return null;
  const itsState = state === undefined ? '' : matching(state, names().getStates(itsCountry));
  if (itsState === undefined) return null;
  const itsRegion = region === undefined ? '' : matching(region, names().getRegions(itsCountry, itsState));
  if (itsRegion === undefined) return null;
  const place = new Holidays(itsCountry, itsState, itsRegion, { types: ['public'] });
  places.set(id, place);
  return place;
}

/**
 * The public holidays of a place (`GB-ENG`, `DE`, `US-CA`; ISO 3166, case ignored) in a span of years, or null for
 * an unknown place. A date is a holiday if its noon is one: half days that begin at noon are working days, and
 * holidays that begin at sunset count on the day after it.
 */
export function holidayCalendar(id: string, years: Years = DEFAULT_HOLIDAY_YEARS): HolidayCalendar | null {
  const place = placeOf(id);
  if (place === null) return null;
  const dates: string[] = [];
  const first = Math.max(years.from, MAX_HOLIDAY_YEARS.from);
  const last = Math.min(years.to, MAX_HOLIDAY_YEARS.to);
  for (let year = first; year <= last; year += 1) dates.push(...yearOf(place, id.toUpperCase(), year));
  return { id: id.toUpperCase(), source: HOLIDAY_SOURCE, dates: [...new Set(dates)].sort() };
}

function yearOf(place: Holidays, id: string, year: number): readonly string[] {
  const key = `${id} ${year}`;
  const known = datesOfYear.get(key);
  if (known !== undefined) return known;
  const dates = place
    .getHolidays(year)
    .flatMap((holiday) => datesOf(holiday.date, holiday.end.getTime() - holiday.start.getTime()));
  if (datesOfYear.size >= MAX_CACHED_YEARS) datesOfYear.clear();
  datesOfYear.set(key, dates);
  return dates;
}

const namesOfYear = new Map<string, ReadonlyMap<string, string>>();

/**
 * The name of a public holiday of a place, in the language of the place; null for a place or a date without one. A day
 * in lieu has the name of the holiday it stands for.
 */
export function holidayName(id: string, date: string): string | null {
  const place = placeOf(id);
  const year = Number(date.slice(0, 4));
  if (place === null || !(year >= MAX_HOLIDAY_YEARS.from && year <= MAX_HOLIDAY_YEARS.to)) return null;
  const key = `${id.toUpperCase()} ${year}`;
  let known = namesOfYear.get(key);
  if (known === undefined) {
    if (namesOfYear.size >= MAX_CACHED_YEARS) namesOfYear.clear();
    known = new Map(
      place.getHolidays(year).flatMap(({ date: start, start: from, end, name, substitute }) => {
        const title = substitute === true ? name.replace(/ \([^()]*\)$/, '') : name;
        return datesOf(start, end.getTime() - from.getTime()).map((day) => [day, title] as const);
      }),
    );
    namesOfYear.set(key, known);
  }
  return known.get(date) ?? null;
}

/** The local dates whose noon lies inside a holiday: `start` as in `2026-03-20 00:00:00 -0600`, six hours earlier. */
function datesOf(start: string, lengthMs: number): string[] {
  const [day = '', time = '00:00:00', shift = '+0000'] = start.split(' ');
  const shiftHours = Number(shift.slice(0, 3));
  const startMs = Date.parse(`${day}T${time}Z`) + shiftHours * HOUR_MS;
  const dates: string[] = [];
  const firstNoonMs = Math.floor(startMs / DAY_MS) * DAY_MS + DAY_MS / 2;
  for (let noonMs = firstNoonMs; noonMs < startMs + lengthMs; noonMs += DAY_MS) {
    if (noonMs > startMs) dates.push(new Date(noonMs).toISOString().slice(0, 10));
  }
  return dates;
}

/** Why a place is unknown, and what could be meant. */
export function explainPlace(id: string): string {
  const [country = '', state] = id.split('-');
  const itsCountry = matching(country, names().getCountries());
  const mistake = MISTAKES[id.toUpperCase()] ?? MISTAKES[country.toUpperCase()];
  if (mistake !== undefined && itsCountry === undefined)
    return `There is no place "${id}"; did you mean ${mistake}?`;
  if (itsCountry === undefined) {
    const near = suggest(country, Object.keys(names().getCountries()));
    const hint = near === null ? '' : ` (did you mean ${near}?)`;
    return `There is no place "${id}"${hint}; write a country or region such as DE, GB-ENG or US-CA, or list the dates.`;
  }
  const states = Object.keys(names().getStates(itsCountry) ?? {});
  if (states.length === 0)
    return `${itsCountry} has no regions with holidays of their own; write ${itsCountry}.`;
  const near = suggest(state ?? '', states);
  const hint = near === null ? '' : ` (did you mean ${itsCountry}-${near}?)`;
  return `There is no place "${id}"${hint}; the regions of ${itsCountry} are ${states.join(', ')}.`;
}
