import type { HolidayCalendar, PersonId, ScheduleId, ZoneName } from '../schedule/schedule.ts';
import { formatDate } from '../time/format.ts';
import { DAY_MS, HOUR_MS, type Instant, type Interval, normalise, totalMs } from '../time/interval.ts';
import { toUtc } from '../time/zone.ts';
import { busiestDays, type DutyDays, dutyDaysOf, fewestFreeBlocks, longestRun } from './duty-days.ts';
import type { PracticeLimit, PracticeRule, RulePack } from './rule-packs.ts';

/** One stretch of one person's on-call time. Stretches of one turn carry the same `turn`. */
export interface DutyStretch extends Interval {
  readonly person: PersonId;
  /** Names the turn; null when the stretch stands alone. */
  readonly turn: string | null;
}

export interface PracticeInput {
  readonly window: Interval;
  readonly people: readonly {
    readonly id: PersonId;
    readonly timeZone: ZoneName;
    readonly holidays: HolidayCalendar | null;
  }[];
  readonly stretches: readonly DutyStretch[];
  /** How far ahead the plans of each schedule are published, in days; schedules without a plan are left out. */
  readonly notice: readonly { readonly schedule: ScheduleId; readonly days: number }[];
}

/** A rule that somebody's on-call time does not keep. */
export interface PracticeFinding {
  readonly pack: string;
  readonly rule: PracticeRule;
  readonly person: PersonId | null;
  readonly schedule: ScheduleId | null;
  /** The worst there is, in the unit of the limit. */
  readonly measured: number;
  /** How often, where that can be told; else 1. */
  readonly times: number;
  /** When the worst, or the first of several, begins; null for all of the window. */
  readonly at: Instant | null;
}

/** What a rule says of one person: the worst, how often, and when. */
type Broken = Pick<PracticeFinding, 'measured' | 'times' | 'at'>;

/** Everything in which people's on-call time does not keep a rule pack: by rule, then by person. */
export function checkPractice(pack: RulePack, input: PracticeInput): PracticeFinding[] {
  const byPerson = new Map<PersonId, DutyStretch[]>();
  for (const stretch of input.stretches) {
    const own = byPerson.get(stretch.person);
    if (own === undefined) byPerson.set(stretch.person, [stretch]);
    else own.push(stretch);
  }
  const duties = input.people.flatMap((person) => {
    const own = byPerson.get(person.id);
    return own === undefined ? [] : [dutyOf(person, own, input.window)];
  });
  return pack.rules.flatMap((rule) => findingsOf({ pack: pack.id, rule }, duties, input));
}

/** One person's on-call time, seen in the ways that rules look at it. */
interface Duty {
  readonly person: PracticeInput['people'][number];
  /** In order of start. */
  readonly stretches: readonly DutyStretch[];
  /** The time on call, disjoint. */
  readonly time: readonly Interval[];
  readonly days: DutyDays;
}

function dutyOf(person: Duty['person'], own: readonly DutyStretch[], window: Interval): Duty {
  const stretches = [...own].sort((a, b) => a.start - b.start || a.end - b.end);
  const time = normalise(stretches);
  return { person, stretches, time, days: dutyDaysOf(time, window, person.timeZone) };
}

function findingsOf(
  of: { readonly pack: string; readonly rule: PracticeRule },
  duties: readonly Duty[],
  input: PracticeInput,
): PracticeFinding[] {
  const { limit } = of.rule;
  if (limit.kind === 'published-ahead') {
    return input.notice
      .filter(({ days }) => days < limit.days)
      .map(({ schedule, days }) => ({ ...of, person: null, schedule, measured: days, times: 1, at: null }));
  }
  return duties.flatMap((duty) => {
    const broken = brokenBy(limit, duty, input.window);
    return broken === null ? [] : [{ ...of, person: duty.person.id, schedule: null, ...broken }];
  });
}

function brokenBy(limit: PracticeLimit, duty: Duty, window: Interval): Broken | null {
  const { days } = duty;
  switch (limit.kind) {
    case 'rest':
      return shortRest(duty, limit.hours);
    case 'free-stretch':
      return noFreeStretch(duty, limit, window);
    case 'share-of-time': {
      const percent = (100 * totalMs(duty.time)) / (window.end - window.start);
      return percent > limit.percent ? { measured: percent, times: 1, at: null } : null;
    }
    case 'days-in-a-row':
      return tooMany(duty, longestRun(days.days), limit.days);
    case 'nights-in-a-row':
      return tooMany(duty, longestRun(days.nights), limit.nights);
    case 'days-in-period':
      return tooMany(duty, busiestDays(days.days, limit.inDays), limit.days);
    case 'weekends':
      return tooMany(duty, busiestDays(days.weekends, limit.inDays), limit.weekends);
    case 'free-blocks': {
      const fewest = fewestFreeBlocks(days.days, limit.inDays, limit.daysEach);
      if (fewest === null || fewest.length >= limit.blocks) return null;
      return { measured: fewest.length, times: 1, at: dayStart(duty, fewest.at) };
    }
    case 'every-holiday':
      return everyHoliday(duty, limit.atLeast);
    case 'published-ahead':
      return null;
  }
}

function tooMany(
  duty: Duty,
  worst: { readonly at: number; readonly length: number },
  most: number,
): Broken | null {
  return worst.length > most ? { measured: worst.length, times: 1, at: dayStart(duty, worst.at) } : null;
}

function dayStart({ person, days }: Duty, at: number): Instant {
  return toUtc((days.firstDay + at) * DAY_MS, person.timeZone, 'first');
}

/** Hours between parts of one turn are not rest between turns: whoever planned the turn saw them. */
function shortRest({ stretches }: Duty, hours: number): Broken | null {
  let [times, measured] = [0, Number.POSITIVE_INFINITY];
  let at: Instant | null = null;
  let last: DutyStretch | null = null;
  for (const next of stretches) {
    if (last !== null && next.start > last.end && (next.turn === null || next.turn !== last.turn)) {
      const rest = (next.start - last.end) / HOUR_MS;
      if (rest < hours) {
        times += 1;
        at ??= next.start;
        measured = Math.min(measured, rest);
      }
    }
    if (last === null || next.end > last.end) last = next;
  }
  return times === 0 ? null : { measured, times, at };
}

/** The longest time on call without a long enough break: more than `inDays` less the break leaves no room for it. */
function noFreeStretch(
  { time }: Duty,
  { hours, inDays }: { readonly hours: number; readonly inDays: number },
  window: Interval,
): Broken | null {
  const longest = (inDays * 24 - hours) * HOUR_MS;
  let [times, measured] = [0, Number.POSITIVE_INFINITY];
  let at: Instant | null = null;
  let from = 0;
  for (let k = 0; k < time.length; k += 1) {
    const pause =
      ((time[k + 1]?.start ?? window.end + hours * HOUR_MS) - (time[k] as Interval).end) / HOUR_MS;
    if (pause < hours) continue;
    const start = (time[from] as Interval).start;
    if ((time[k] as Interval).end - start > longest) {
      times += 1;
      at ??= start;
      measured = Math.min(measured, longestPause(time.slice(from, k + 1)));
    }
    from = k + 1;
  }
  return times === 0 ? null : { measured, times, at };
}

/** The longest pause between stretches in hours; 0 for one stretch. */
function longestPause(time: readonly Interval[]): number {
  let longest = 0;
  for (let k = 1; k < time.length; k += 1) {
    longest = Math.max(longest, ((time[k] as Interval).start - (time[k - 1] as Interval).end) / HOUR_MS);
  }
  return longest;
}

function everyHoliday({ person, days }: Duty, atLeast: number): Broken | null {
  const wanted = new Set(person.holidays?.dates ?? []);
  let [all, worked] = [0, 0];
  for (let k = 0; k < days.touched.length; k += 1) {
    if (!wanted.has(formatDate(days.firstDay + k))) continue;
    all += 1;
    worked += days.touched[k] as number;
  }
  return all >= atLeast && worked === all ? { measured: worked, times: 1, at: null } : null;
}
