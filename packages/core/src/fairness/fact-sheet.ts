import type { DayName } from '../schedule/draft.ts';
import { DAY_NAMES } from '../schedule/hours-draft.ts';
import type { PersonId, Schedule, ScheduleId, ZoneName } from '../schedule/schedule.ts';
import { formatClock } from '../time/format.ts';
import { HOUR_MS, type Instant, type Interval, intersect, totalMs } from '../time/interval.ts';
import { hoursIn } from '../timeline/hours.ts';

/** A rotation in a few figures, for somebody who thinks of joining it. */
export interface FactSheet {
  readonly schedule: ScheduleId;
  readonly timeZone: ZoneName;
  readonly roles: readonly string[];
  /** Hours a week that somebody has to be on call, and how many of them are core hours. */
  readonly coveredHours: number;
  readonly coreHours: number;
  readonly nonCoreHours: number;
  /** When the core hours are; empty where the schedule names none. */
  readonly coreWindows: readonly CoreWindow[];
  /** A member is on call one week's worth of hours in this many weeks; null where nobody is. */
  readonly oneWeekIn: number | null;
  /** What a member stands in a quarter, in the mean; null where nobody does. */
  readonly quarter: QuarterFigures | null;
  /** Null where too little is known. */
  readonly pages: ExpectedPages | null;
  /** How soon a page has to be answered before somebody else is called, in minutes; null where nothing says it. */
  readonly answerMinutes: number | null;
  readonly people: readonly FactSheetPerson[];
}

/** A window of core hours by the clocks of its zone; `to` at or before `from` is on the next day. */
export interface CoreWindow {
  readonly days: readonly DayName[];
  readonly from: string;
  readonly to: string;
  readonly timeZone: ZoneName;
}

/** Of a quarter of 13 weeks. */
export interface QuarterFigures {
  readonly hours: number;
  readonly nights: number;
  readonly weekends: number;
  readonly holidays: number;
}

/** How often pages came in the last weeks, in the mean of a week. */
export interface ExpectedPages {
  readonly perWeek: number;
  readonly outsideCorePerWeek: number;
  /** How many weeks were looked at. */
  readonly weeks: number;
}

/** What one who takes part stands in a quarter. */
export interface FactSheetPerson extends QuarterFigures {
  readonly firstName: string;
  /** The whole name; only where whoever shares the sheet allows it. */
  readonly name?: string;
}

/** What a person stands in the window. */
export interface StoodFigures extends QuarterFigures {
  readonly person: PersonId;
}

export interface FactSheetInput {
  readonly schedule: Schedule;
  readonly window: Interval;
  readonly names: ReadonlyMap<PersonId, string>;
  readonly stood: readonly StoodFigures[];
  readonly pages?: ExpectedPages | null;
  /** The wait of the first step of escalation. */
  readonly answerMs?: number | null;
}

const WEEK_MS = 7 * 24 * HOUR_MS;
const QUARTER_WEEKS = 13;
const MINUTE_MS = 60_000;
/** After less than a week a mean says nothing. */
const LEAST_WEEKS = 1;
const FIGURES = ['hours', 'nights', 'weekends', 'holidays'] as const;

/**
 * The fact sheet of a schedule from what people stand in a window, scaled to a week and to a quarter of 13 weeks. Who
 * stands nothing in it is left out; everybody else is there by their first name alone. Throws a RangeError for an
 * empty window.
 */
export function factSheetOf(input: FactSheetInput): FactSheet {
  const { schedule, window, names, stood, pages = null, answerMs = null } = input;
  if (!(window.start < window.end)) throw new RangeError('The window must end after it starts');
  const weeks = (window.end - window.start) / WEEK_MS;
  const covered = hoursIn(schedule.coverage, schedule.coreHours, window);
  const core = intersect(covered, hoursIn({ kind: 'core' }, schedule.coreHours, window));
  const coveredHours = totalMs(covered) / HOUR_MS;
  const coreHours = totalMs(core) / HOUR_MS;
  const members = stood.filter(({ hours }) => hours > 0);
  const mean = meanOf(members);
  return {
    ...{ schedule: schedule.id, timeZone: schedule.timeZone, roles: schedule.roles },
    coveredHours: tenth(coveredHours / weeks),
    coreHours: tenth(coreHours / weeks),
    nonCoreHours: tenth((coveredHours - coreHours) / weeks),
    coreWindows: schedule.coreHours.map(({ days, fromMinute, toMinute, timeZone }) => ({
      days: days.flatMap((day) => DAY_NAMES[day - 1] ?? []),
      ...{ from: formatClock(fromMinute), to: formatClock(toMinute), timeZone },
    })),
    oneWeekIn: mean === null || coveredHours === 0 ? null : tenth(coveredHours / mean.hours),
    quarter: mean === null ? null : quarterOf(mean, weeks),
    pages,
    answerMinutes: answerMs === null ? null : tenth(answerMs / MINUTE_MS),
    people: members
      .map((one): FactSheetPerson => {
        const name = names.get(one.person) ?? one.person;
        return { firstName: firstNameOf(name), name, ...quarterOf(one, weeks) };
      })
      .sort((a, b) => (a.firstName < b.firstName ? -1 : a.firstName > b.firstName ? 1 : 0)),
  };
}

/** The sheet as it may be shown to whoever may not see more than first names. */
export function withFirstNames(sheet: FactSheet): FactSheet {
  return { ...sheet, people: sheet.people.map(({ name: _whole, ...one }) => one) };
}

/**
 * How many pages to expect in a week by those of the past: `times` are when each was triggered, in `window`. Null for
 * less than a week.
 */
export function expectedPages(
  schedule: Pick<Schedule, 'coreHours'>,
  window: Interval,
  times: readonly Instant[],
): ExpectedPages | null {
  const weeks = (window.end - window.start) / WEEK_MS;
  if (!(weeks >= LEAST_WEEKS)) return null;
  const core = hoursIn({ kind: 'core' }, schedule.coreHours, window);
  const inCore = times.filter((at) => core.some(({ start, end }) => start <= at && at < end)).length;
  return {
    perWeek: tenth(times.length / weeks),
    outsideCorePerWeek: tenth((times.length - inCore) / weeks),
    weeks: Math.round(weeks),
  };
}

function meanOf(members: readonly QuarterFigures[]): QuarterFigures | null {
  if (members.length === 0) return null;
  const of = (figure: (typeof FIGURES)[number]) =>
    members.reduce((sum, one) => sum + one[figure], 0) / members.length;
  return { hours: of('hours'), nights: of('nights'), weekends: of('weekends'), holidays: of('holidays') };
}

function quarterOf({ hours, nights, weekends, holidays }: QuarterFigures, weeks: number): QuarterFigures {
  const scaled = (value: number) => tenth((value / weeks) * QUARTER_WEEKS);
  return {
    ...{ hours: scaled(hours), nights: scaled(nights) },
    ...{ weekends: scaled(weekends), holidays: scaled(holidays) },
  };
}

/** `Amara Okafor`, `amara@example.com`: what stands before a space or an @. */
function firstNameOf(name: string): string {
  return name.trim().split(/[\s@]/)[0] ?? name;
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
