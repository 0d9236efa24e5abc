import type { Made, Problems } from '../problem.ts';
import { collectProblems } from '../problem.ts';
import { checkId, checkName, checkUnique, checkZone } from '../schedule/check.ts';
import type { PersonDraft, PreferenceDraft, SleepDraft, SwapApproval, TeamDraft } from '../schedule/draft.ts';
import { DAY_NAMES, DAY_NUMBERS, makeHolidays, makeWindow, readClock } from '../schedule/hours-draft.ts';
import { LIMITS } from '../schedule/limits.ts';
import type { HolidayCalendar, HoursWindow, PersonId, Weekday, ZoneName } from '../schedule/schedule.ts';
import { readInstant } from '../schedule/when.ts';
import { parseDate } from '../time/format.ts';
import type { Instant, Interval } from '../time/interval.ts';
import { DAY_MS } from '../time/interval.ts';
import { toUtc } from '../time/zone.ts';
import { daysOutside, weekendBeside, weekendOfPlace } from './weekend.ts';

/** A stretch in which a person cannot be on call. */
export interface Absence extends Interval {
  readonly reason: string | null;
}

/** A wish: days a person likes (positive weight) or dislikes (negative weight). */
export interface Preference {
  readonly days: readonly Weekday[];
  readonly weight: number;
}

/** The hours in which somebody sleeps, in local minutes of the day: they make the night. May cross midnight. */
export interface SleepHours {
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** A human who can be on call. */
export interface Person {
  readonly id: PersonId;
  readonly name: string;
  readonly email: string | null;
  readonly timeZone: ZoneName;
  /** Their own core hours, in their own zone, without their public holidays. */
  readonly workingHours: HoursWindow;
  /** On whole quarters of an hour. */
  readonly sleep: SleepHours;
  /** Their days of rest in the week, sorted. */
  readonly weekend: readonly Weekday[];
  readonly holidays: HolidayCalendar | null;
  /** The Slack member id. */
  readonly slack: string | null;
  /** 1 is a full load, 0.5 half of it. */
  readonly share: number;
  /** Local date `YYYY-MM-DD` from which load counts; null: always. */
  readonly joinedOn: string | null;
  /** Local date `YYYY-MM-DD` of the first day on which they stand alone; before it they only shadow. Null: always. */
  readonly shadowUntilOn: string | null;
  /** Local date `YYYY-MM-DD` of the first day away for good; null: never. */
  readonly leftOn: string | null;
  readonly unavailable: readonly Absence[];
  /** Address of a calendar of absences. */
  readonly unavailableFeed: string | null;
  readonly prefers: readonly Preference[];
}

/** A group of people who own schedules. */
export interface Team {
  readonly id: string;
  readonly name: string;
  readonly members: readonly PersonId[];
  readonly managers: readonly PersonId[];
  readonly swaps: SwapApproval;
}

/** What `makePerson` needs from outside: the public holidays of a place, or null for an unknown place. */
export interface PersonContext {
  readonly holidayCalendar: (id: string) => HolidayCalendar | null;
}

const DEFAULT_WORKING_HOURS = { from: '09:00', to: '17:00' };
/** The night where somebody names none. */
export const DEFAULT_SLEEP: SleepHours = { fromMinute: 23 * 60, toMinute: 7 * 60 };
const QUARTER_MINUTES = 15;
const DAY_MINUTES = 1_440;
/** Whoever slept all day would be spared every hour. */
const MAX_SLEEP_MINUTES = 12 * 60;
const MAX_WEEKEND_DAYS = 3;
const MAX_WEIGHT = 10;

/** Checks a person's meaning. Every problem is returned, with paths from the person down. */
export function makePerson(draft: PersonDraft, context: PersonContext): Made<Person> {
  const problems = collectProblems();
  checkId(draft.id, problems.at('id'));
  if (draft.id === 'nobody') {
    problems.add(['id'], 'id/reserved', '"nobody" means a vacant seat; give the person another id.');
  }
  checkName(draft.name, problems.at('name'));
  const zone = checkZone(draft.timeZone, problems.at('timeZone'));
  const holidays = makeHolidays(draft.holidays, context, problems.at('holidays'));
  const named = makeWeekend(draft, problems.at('weekend'));
  const usual = named ?? weekendOfPlace(holidays?.id ?? null);
  const days = daysOutside(usual).map((day) => DAY_NAMES[day - 1] ?? 'mon');
  const hours = { ...DEFAULT_WORKING_HOURS, days, ...draft.workingHours };
  const defaults = { timeZone: zone ?? 'UTC', context };
  const window = makeWindow(hours, defaults, problems.at('workingHours'));
  const sleep = makeSleep(draft.sleep, problems.at('sleep'));
  const share = draft.share ?? 1;
  if (!(share > 0 && share <= 1)) {
    problems.add(
      ['share'],
      'person/share',
      `share must be above 0 and at most 1 (1 is a full load); got ${share}.`,
    );
  }
  const dates = makeDates(draft, problems);
  const unavailable = makeAbsences(draft, zone ?? 'UTC', problems.at('unavailable'));
  const prefers = makePreferences(draft.prefers ?? [], problems.at('prefers'));
  if (problems.all.length > 0 || zone === null || window === null)
    return { ok: false, problems: problems.all };
  const value: Person = {
    id: draft.id,
    name: draft.name,
    email: draft.email ?? null,
    timeZone: zone,
    workingHours: { ...window, holidays: window.holidays ?? holidays },
    sleep,
    weekend: named ?? weekendBeside(window.days, usual),
    holidays,
    slack: draft.slack ?? null,
    share,
    ...dates,
    unavailable,
    unavailableFeed: draft.unavailableFeed ?? null,
    prefers,
  };
  return { ok: true, value };
}

function makeDates(
  draft: PersonDraft,
  problems: Problems,
): Pick<Person, 'joinedOn' | 'shadowUntilOn' | 'leftOn'> {
  const joinedOn = checkDate(draft.joined, problems.at('joined'));
  const shadowUntilOn = checkDate(draft.shadowUntil, problems.at('shadowUntil'));
  const leftOn = checkDate(draft.left, problems.at('left'));
  if (joinedOn !== null && leftOn !== null && joinedOn >= leftOn) {
    problems.add(['left'], 'time/empty-range', `left must be after joined (${joinedOn}); got ${leftOn}.`);
  }
  if (joinedOn !== null && shadowUntilOn !== null && joinedOn >= shadowUntilOn) {
    const message = `shadowUntil must be after joined (${joinedOn}); got ${shadowUntilOn}.`;
    problems.add(['shadowUntil'], 'time/empty-range', message);
  }
  return { joinedOn, shadowUntilOn, leftOn };
}

/** The days of rest that a person names; null for none. */
function makeWeekend({ weekend }: PersonDraft, problems: Problems): Weekday[] | null {
  if (weekend === undefined) return null;
  const days = [...new Set(weekend.map((day) => DAY_NUMBERS[day]))].sort((a, b) => a - b);
  if (days.length === 0 || days.length > MAX_WEEKEND_DAYS) {
    const message = `A weekend has 1 to ${MAX_WEEKEND_DAYS} days; got ${days.length}.`;
    problems.add([], 'person/weekend', message);
    return null;
  }
  return days;
}

function makeSleep(draft: SleepDraft | undefined, problems: Problems): SleepHours {
  if (draft === undefined) return DEFAULT_SLEEP;
  const fromMinute = readClock(draft.from, problems.at('from'));
  const toMinute = readClock(draft.to, problems.at('to'));
  if (fromMinute === null || toMinute === null) return DEFAULT_SLEEP;
  const length = (((toMinute - fromMinute) % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES;
  const isWhole = fromMinute % QUARTER_MINUTES === 0 && toMinute % QUARTER_MINUTES === 0;
  if (!isWhole || length === 0 || length > MAX_SLEEP_MINUTES) {
    const most = MAX_SLEEP_MINUTES / 60;
    const message = `sleep goes from one quarter of an hour to another, at most ${most} hours; got ${draft.from} to ${draft.to}.`;
    problems.add([], 'person/sleep', message);
  }
  return { fromMinute: fromMinute % DAY_MINUTES, toMinute: toMinute % DAY_MINUTES };
}

function checkDate(text: string | undefined, problems: Problems): string | null {
  if (text === undefined) return null;
  if (parseDate(text) !== null) return text;
  problems.add([], 'time/invalid-date', `"${text}" is not a date that exists; write YYYY-MM-DD.`);
  return null;
}

function makeAbsences(draft: PersonDraft, zone: ZoneName, problems: Problems): Absence[] {
  const drafts = draft.unavailable ?? [];
  if (drafts.length > LIMITS.absencesPerPerson) {
    problems.add(
      [],
      'limit/absences',
      `At most ${LIMITS.absencesPerPerson} absences a person; got ${drafts.length}.`,
    );
    return [];
  }
  const absences: Absence[] = [];
  drafts.forEach(({ from, to, reason }, index) => {
    const inside = problems.at(index);
    const start = readInstant(from, { zone, pass: 'first' }, inside.at('from'));
    const end = readAbsenceEnd(to, zone, inside.at('to'));
    if (start === null || end === null) return;
    if (start >= end) {
      inside.add(['to'], 'time/empty-range', `An absence must end after it starts; got ${from} to ${to}.`);
      return;
    }
    absences.push({ start, end, reason: reason ?? null });
  });
  return absences.sort((a, b) => a.start - b.start || a.end - b.end);
}

/** A date means the whole day: the absence ends at the next midnight. */
function readAbsenceEnd(text: string, zone: ZoneName, problems: Problems): Instant | null {
  const day = parseDate(text);
  if (day !== null) return toUtc((day + 1) * DAY_MS, zone, 'first');
  return readInstant(text, { zone, pass: 'last' }, problems);
}

function makePreferences(drafts: readonly PreferenceDraft[], problems: Problems): Preference[] {
  if (drafts.length > LIMITS.preferencesPerPerson) {
    problems.add(
      [],
      'limit/preferences',
      `At most ${LIMITS.preferencesPerPerson} preferences; got ${drafts.length}.`,
    );
    return [];
  }
  return drafts.map(({ days, weight }, index) => {
    if (!(Math.abs(weight) <= MAX_WEIGHT)) {
      problems.add(
        [index, 'weight'],
        'person/weight',
        `weight must lie between -${MAX_WEIGHT} and ${MAX_WEIGHT}; got ${weight}.`,
      );
    }
    return { days: days.map((day) => DAY_NUMBERS[day]), weight };
  });
}

/** Checks a team's meaning. `people` are the ids of everybody known. */
export function makeTeam(draft: TeamDraft, people: ReadonlySet<string>): Made<Team> {
  const problems = collectProblems();
  checkId(draft.id, problems.at('id'));
  const name = draft.name ?? draft.id;
  checkName(name, problems.at('name'));
  for (const key of ['members', 'managers'] as const) {
    const ids = draft[key] ?? [];
    if (ids.length > LIMITS.teamMembers) {
      problems.add([key], 'limit/team-members', `At most ${LIMITS.teamMembers} ${key}; got ${ids.length}.`);
      continue;
    }
    checkUnique(ids, problems.at(key));
    ids.forEach((id, index) => {
      if (people.has(id)) return;
      problems.add([key, index], 'person/unknown', `There is no person "${id}"; add them under people.`);
    });
  }
  const { members, managers = [], swaps = 'free' } = draft;
  if (swaps !== 'free' && swaps !== 'approval') {
    problems.add(
      ['swaps'],
      'team/swaps',
      'swaps is free (applied at once) or approval (a manager approves).',
    );
  } else if (swaps === 'approval' && managers.length === 0) {
    problems.add(['swaps'], 'team/no-managers', 'Nobody could approve a swap; name managers of the team.');
  }
  if (problems.all.length > 0) return { ok: false, problems: problems.all };
  return { ok: true, value: { id: draft.id, name, members, managers, swaps } };
}
