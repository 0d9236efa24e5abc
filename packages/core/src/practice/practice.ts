import type { PersonId, ScheduleId } from '../schedule/schedule.ts';
import { DAY_MS, type Interval } from '../time/interval.ts';
import type { Broken } from './broken.ts';
import {
  type Duty,
  type DutyPerson,
  type DutyStretch,
  dayStart,
  dutyOf,
  nightsOf,
  sundaysOf,
  weekendsOf,
} from './duty.ts';
import { busiestStretch, fewestFreeBlocks, longestRun, type Run } from './flags.ts';
import { type Handoff, handoffsOutside, insideHours } from './handoff-hours.ts';
import { everyHoliday, type HolidayNames, knowsLastYear, sameHoliday } from './holiday-rules.ts';
import { nightWeeks, type PracticePage, pagesPerShift, shareOfTime, weekHours } from './hour-rules.ts';
import { longNights, noFreeStretch, restAfterNight, restAfterNights, shortRest } from './rest-rules.ts';
import type { PracticeLimit, PracticeRule, RulePack } from './rule-packs.ts';

/** How far ahead a schedule's people are told of its plan, in days. */
export interface PlanNotice {
  readonly schedule: ScheduleId;
  readonly publishedDays: number;
  /** Within so many days turns change only if they must. */
  readonly frozenDays: number;
}

export interface PracticeInput {
  readonly window: Interval;
  readonly people: readonly DutyPerson[];
  readonly stretches: readonly DutyStretch[];
  /** What is known of what people stood in the year before the window. */
  readonly past: readonly DutyStretch[];
  readonly holidayNames: HolidayNames;
  /** Null where nobody knows. */
  readonly pages: readonly PracticePage[] | null;
  readonly handoffs: readonly Handoff[];
  /** Schedules without a plan are left out. */
  readonly notice: readonly PlanNotice[];
}

/** A rule that on-call time does not keep. */
export interface PracticeFinding extends Broken {
  readonly pack: string;
  readonly rule: PracticeRule;
  readonly person: PersonId | null;
  readonly schedule: ScheduleId | null;
}

/** Why a rule could not be looked at. */
export type NotKnownReason = 'no-past' | 'no-pages' | 'window-too-short';

export interface PracticeReport {
  /** By rule, then by person or schedule. */
  readonly findings: readonly PracticeFinding[];
  readonly notKnown: readonly { readonly rule: PracticeRule; readonly reason: NotKnownReason }[];
}

/** A part of the time says nothing over less than four weeks: whoever has the first turn has all of it. */
const LEAST_SHARE_DAYS = 28;

/** Everything in which on-call time does not keep a rule pack, and the rules that could not be looked at. */
export function checkPractice(pack: RulePack, input: PracticeInput): PracticeReport {
  const byPerson = groupBy(input.stretches, ({ person }) => person);
  const duties = input.people.flatMap((person) => {
    const own = byPerson.get(person.id);
    return own === undefined ? [] : [dutyOf(person, own, input.window)];
  });
  const records: Records = {
    past: groupBy(input.past, ({ person }) => person),
    pages: groupBy(input.pages ?? [], ({ person }) => person),
    holidayNames: input.holidayNames,
  };
  const findings: PracticeFinding[] = [];
  const notKnown: PracticeReport['notKnown'][number][] = [];
  for (const rule of pack.rules) {
    const reason = notKnownWhy(rule.limit, input);
    if (reason !== null) notKnown.push({ rule, reason });
    // What little is known of the past can still show something.
    if (reason === null || reason === 'no-past') {
      findings.push(...findingsOf({ pack: pack.id, rule }, { duties, records }, input));
    }
  }
  return { findings, notKnown };
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const own = groups.get(keyOf(item));
    if (own === undefined) groups.set(keyOf(item), [item]);
    else own.push(item);
  }
  return groups;
}

/** What is known of people beside their time on call. */
interface Records {
  readonly past: ReadonlyMap<PersonId, readonly DutyStretch[]>;
  readonly pages: ReadonlyMap<PersonId, readonly PracticePage[]>;
  readonly holidayNames: HolidayNames;
}

function notKnownWhy(limit: PracticeLimit, { past, pages, window }: PracticeInput): NotKnownReason | null {
  const days = (window.end - window.start) / DAY_MS;
  switch (limit.kind) {
    case 'same-holiday':
      return knowsLastYear(past, window) ? null : 'no-past';
    case 'pages-per-shift':
      return pages === null ? 'no-pages' : null;
    case 'share-of-time':
      return days < LEAST_SHARE_DAYS ? 'window-too-short' : null;
    case 'week-hours':
      return days < limit.inDays ? 'window-too-short' : null;
    default:
      return null;
  }
}

function findingsOf(
  of: { readonly pack: string; readonly rule: PracticeRule },
  { duties, records }: { readonly duties: readonly Duty[]; readonly records: Records },
  input: PracticeInput,
): PracticeFinding[] {
  const { limit } = of.rule;
  switch (limit.kind) {
    case 'published-ahead':
      return input.notice
        .filter(({ publishedDays }) => publishedDays < limit.days)
        .map((notice) => ({ ...of, ...wholeSchedule(notice), measured: notice.publishedDays }));
    case 'told-ahead':
      return input.notice
        .filter(({ frozenDays }) => frozenDays < limit.days)
        .map((notice) => ({ ...of, ...wholeSchedule(notice), measured: notice.frozenDays }));
    case 'handoff-hours': {
      const bySchedule = groupBy(input.handoffs, ({ schedule }) => schedule);
      const isInside = insideHours(input.people, input.window);
      return [...bySchedule].flatMap(([schedule, own]) => {
        const broken = handoffsOutside(own, isInside);
        return broken === null ? [] : [{ ...of, person: null, schedule, ...broken }];
      });
    }
    default:
      return duties.flatMap((duty) => {
        const broken = brokenBy(limit, duty, records);
        return broken === null ? [] : [{ ...of, person: duty.person.id, schedule: null, ...broken }];
      });
  }
}

function wholeSchedule({ schedule }: PlanNotice) {
  return { person: null, schedule, times: 1, at: null };
}

/** The limits that look at a person, and among them those that count days, nights and weekends. */
type PersonLimit = Exclude<
  PracticeLimit,
  { readonly kind: 'published-ahead' | 'told-ahead' | 'handoff-hours' }
>;
type CountLimit = Extract<
  PersonLimit,
  {
    readonly kind:
      | 'days-in-a-row'
      | 'nights-in-a-row'
      | 'days-in-period'
      | 'nights-in-period'
      | 'sundays'
      | 'weekends'
      | 'weekends-in-a-row'
      | 'free-blocks';
  }
>;

function brokenBy(limit: PersonLimit, duty: Duty, { past, pages, holidayNames }: Records): Broken | null {
  switch (limit.kind) {
    case 'rest':
      return shortRest(duty, limit.hours);
    case 'free-stretch':
      return noFreeStretch(duty, limit);
    case 'share-of-time':
      return shareOfTime(duty, limit.percent);
    case 'week-hours':
      return weekHours(duty, limit);
    case 'night-weeks':
      return nightWeeks(duty, limit);
    case 'night-length':
      return longNights(duty, limit);
    case 'rest-after-night':
      return restAfterNight(duty, limit);
    case 'rest-after-nights':
      return restAfterNights(duty, limit);
    case 'every-holiday':
      return everyHoliday(duty, limit.atLeast);
    case 'same-holiday':
      return sameHoliday(duty, past.get(duty.person.id) ?? [], holidayNames);
    case 'pages-per-shift':
      return pagesPerShift(pages.get(duty.person.id) ?? [], limit);
    default:
      return tooManyDays(limit, duty);
  }
}

function tooManyDays(limit: CountLimit, duty: Duty): Broken | null {
  switch (limit.kind) {
    case 'days-in-a-row':
      return tooMany(duty, longestRun(duty.days), limit.days);
    case 'nights-in-a-row':
      return tooMany(duty, longestRun(nightsOf(duty, limit.night)), limit.nights);
    case 'days-in-period':
      return tooMany(duty, busiestStretch(duty.days, limit.inDays), limit.days);
    case 'nights-in-period':
      return tooMany(duty, busiestStretch(nightsOf(duty, limit.night), limit.inDays), limit.nights);
    case 'sundays':
      return tooMany(duty, busiestStretch(sundaysOf(duty), limit.inDays), limit.sundays);
    case 'weekends': {
      const { flags, days } = weekendsOf(duty);
      const worst = busiestStretch(flags, limit.of);
      return tooMany(duty, { ...worst, at: days[worst.at] ?? 0 }, limit.weekends);
    }
    case 'weekends-in-a-row': {
      const { flags, days } = weekendsOf(duty);
      const worst = longestRun(flags);
      return tooMany(duty, { ...worst, at: days[worst.at] ?? 0 }, limit.weekends);
    }
    case 'free-blocks': {
      const fewest = fewestFreeBlocks(duty.days, limit.inDays, limit.daysEach);
      if (fewest === null || fewest.length >= limit.blocks) return null;
      return { measured: fewest.length, times: 1, at: dayStart(duty, fewest.at) };
    }
  }
}

function tooMany(duty: Duty, worst: Run, most: number): Broken | null {
  return worst.length > most ? { measured: worst.length, times: 1, at: dayStart(duty, worst.at) } : null;
}
