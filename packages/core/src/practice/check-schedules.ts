import type { Person } from '../people/person.ts';
import type { PersonId, Schedule, ScheduleId } from '../schedule/schedule.ts';
import { DAY_MS, type Interval } from '../time/interval.ts';
import { showInstant } from '../time/show.ts';
import type { Gap, Shift } from '../timeline/timeline.ts';
import { type CheckWarning, type Saying, sayWhen } from './check-warning.ts';
import { CHECK_DAYS, coverageGaps } from './coverage-gaps.ts';
import {
  type Crew,
  type CrewParticipation,
  idleMembers,
  participationOf,
  participationWarnings,
} from './crews.ts';
import { doubleBookings, type ShiftSaying } from './double-bookings.ts';
import type { DutyStretch } from './duty.ts';
import { handoffsOf } from './handoff-hours.ts';
import { headCounts } from './head-counts.ts';
import type { HolidayNames } from './holiday-rules.ts';
import type { PracticePage } from './hour-rules.ts';
import { type OwnedShift, ownedShifts } from './owned-shift.ts';
import { type PackChoice, strictest } from './pack-choices.ts';
import { checkPractice, type PlanNotice, type PracticeFinding, type PracticeInput } from './practice.ts';
import { notKnownWords, practiceWords } from './practice-words.ts';
import { RULE_PACKS } from './rule-packs.ts';
import { shortRests } from './short-rests.ts';
import { standingAway } from './standing-away.ts';

/** A schedule to be checked, with its timeline over `window`: as many weeks as are looked at, at least CHECK_DAYS. */
export interface CheckedSchedule {
  readonly schedule: Schedule;
  readonly window: Interval;
  readonly shifts: readonly Shift[];
  readonly gaps: readonly Gap[];
  /** What is known of what people stood in the year before. */
  readonly past: readonly (Interval & { readonly person: PersonId })[];
  /** The rule packs that it asks for. */
  readonly packs: readonly PackChoice[];
}

export interface CheckInput {
  /** How far taking part and rule packs look ahead. */
  readonly weeks: number;
  readonly schedules: readonly CheckedSchedule[];
  /** Shifts of the same people on schedules that are not checked. */
  readonly beside: readonly (Shift & { readonly schedule: ScheduleId })[];
  readonly people: readonly Person[];
  readonly crews: readonly Crew[];
  /** Rule packs for all schedules. */
  readonly packs: readonly PackChoice[];
  readonly holidayNames: HolidayNames;
  /** Null where nobody knows. */
  readonly pages: readonly PracticePage[] | null;
  readonly saying: Saying;
}

export interface CheckReport {
  readonly warnings: readonly CheckWarning[];
  /** Crews that wait for a plan are left out. */
  readonly participation: readonly CrewParticipation[];
  /** Rules that could not be looked at, and why. */
  readonly notes: readonly string[];
}

const WEEK_MS = 7 * DAY_MS;

/** Everything in schedules that is valid but not wise, over the weeks ahead. */
export function checkSchedules(input: CheckInput): CheckReport {
  const { schedules, people, saying } = input;
  const all = schedules.flatMap(({ schedule, window, shifts }) => ownedShifts(schedule, window, shifts));
  const beside = input.beside.map((shift): OwnedShift => ({ ...shift, turn: null }));
  const checked = new Set(schedules.map(({ schedule }) => schedule.id));
  const nearEnd = new Map(
    schedules.map(({ schedule, window }) => [schedule.id, window.start + CHECK_DAYS * DAY_MS]),
  );
  const lastEnd = [...nearEnd.values()].reduce((last, end) => Math.max(last, end), 0);
  const near = all.filter(({ schedule, start }) => start < (nearEnd.get(schedule) ?? start));
  const nearToo = [...near, ...beside.filter(({ start }) => start < lastEnd)];
  const shiftSaying = shiftSayingOf(input);
  const participation = input.crews.flatMap((crew) => {
    const start = windowOf(crew, schedules)?.start;
    if (start === undefined) return [];
    return participationOf(crew, people, { start, end: start + input.weeks * WEEK_MS }) ?? [];
  });
  const byId = new Map(people.map((person) => [person.id, person]));
  const practice = byRulePacks(input, [...all, ...beside]);
  return {
    warnings: [
      ...schedules.flatMap(({ schedule, window, gaps }) => {
        const end = window.start + CHECK_DAYS * DAY_MS;
        const own = gaps.filter((gap) => gap.start < end);
        return coverageGaps(
          schedule,
          own.map((gap) => ({ ...gap, end: Math.min(gap.end, end) })),
          saying,
        );
      }),
      ...input.crews.flatMap((crew) => idleMembers(crew, saying)),
      ...participation.flatMap((crew) => participationWarnings(crew, input.weeks, saying)),
      ...doubleBookings(nearToo, checked, shiftSaying),
      ...shortRests(nearToo, checked, shiftSaying),
      ...standingAway(people, near, shiftSaying),
      ...schedules.flatMap(({ schedule, window }) => headCounts(schedule, byId, window.start)),
      ...practice.warnings,
    ],
    participation,
    notes: practice.notes,
  };
}

function windowOf({ schedules: [first] }: Crew, checked: readonly CheckedSchedule[]): Interval | undefined {
  const own = checked.find(({ schedule }) => schedule.id === first?.schedule.id) ?? checked[0];
  return own?.window;
}

function shiftSayingOf({ schedules, saying }: CheckInput): ShiftSaying {
  const zones = new Map(schedules.map(({ schedule }) => [schedule.id, schedule.timeZone]));
  const first = schedules[0]?.schedule.timeZone ?? 'UTC';
  return {
    nameOf: saying.nameOf,
    when: (at, shift) => sayWhen(at, saying.zone ?? zones.get(shift.schedule) ?? first),
  };
}

/** What the rule packs that somebody asks for find, each rule at the strictest level that is asked for. */
function byRulePacks(
  input: CheckInput,
  shifts: readonly OwnedShift[],
): { readonly warnings: CheckWarning[]; readonly notes: string[] } {
  const [first] = input.schedules;
  const warnings: CheckWarning[] = [];
  const notes: string[] = [];
  if (first === undefined) return { warnings, notes };
  const { start } = first.window;
  const window = { start, end: start + input.weeks * WEEK_MS };
  for (const pack of RULE_PACKS) {
    const asking = input.schedules
      .map((one) => ({ ...one, packs: [...input.packs, ...one.packs].filter((own) => own.pack === pack) }))
      .filter(({ packs }) => packs.length > 0)
      .map((one) => ({ ...one, staff: new Set(one.shifts.map(({ person }) => person)) }));
    if (asking.length === 0) continue;
    const { findings, notKnown } = checkPractice(pack, practiceInput(input, asking, { window, shifts }));
    for (const finding of findings) {
      const choices = asking.filter((one) => concerns(one, finding)).flatMap(({ packs }) => packs);
      const level = strictest(choices, pack.id, finding.rule.id);
      if (level !== 'off') warnings.push(warningOf(finding, level, input));
    }
    const choices = asking.flatMap(({ packs }) => packs);
    for (const { rule, reason } of notKnown) {
      if (strictest(choices, pack.id, rule.id) === 'off') continue;
      notes.push(`${pack.id}: ${notKnownWords(rule, reason)}.`);
    }
  }
  return { warnings, notes };
}

function concerns(
  { schedule, staff }: CheckedSchedule & { readonly staff: ReadonlySet<PersonId> },
  finding: PracticeFinding,
): boolean {
  return finding.schedule === null ? staff.has(finding.person ?? '') : finding.schedule === schedule.id;
}

/** The people on call in the schedules that ask, with all of their time on call. */
function practiceInput(
  { people, holidayNames, pages }: CheckInput,
  asking: readonly CheckedSchedule[],
  { window, shifts }: { readonly window: Interval; readonly shifts: readonly OwnedShift[] },
): PracticeInput {
  const ids = new Set<PersonId>(asking.flatMap((one) => one.shifts.map(({ person }) => person)));
  const within = shifts.filter(({ start, end }) => start < window.end && end > window.start);
  const clipped = within.map((shift) => ({
    ...shift,
    start: Math.max(shift.start, window.start),
    end: Math.min(shift.end, window.end),
  }));
  return {
    window,
    people: people.filter(({ id }) => ids.has(id)),
    stretches: clipped,
    past: asking.flatMap(({ past }) => past.map((shift): DutyStretch => ({ ...shift, turn: null }))),
    holidayNames,
    pages,
    handoffs: asking
      .flatMap(({ schedule, shifts: own }) => handoffsOf(schedule.id, own))
      .filter(({ at }) => at > window.start && at < window.end),
    notice: asking.flatMap(({ schedule }) => noticeOf(schedule)),
  };
}

function noticeOf({ id, rotations }: Schedule): PlanNotice[] {
  const fair = rotations.flatMap(({ strategy }) => (strategy.kind === 'fair' ? [strategy] : []));
  if (fair.length === 0) return [];
  return [
    {
      schedule: id,
      publishedDays: Math.min(...fair.map(({ publishAheadDays }) => publishAheadDays)),
      frozenDays: Math.min(...fair.map(({ freezeDays }) => freezeDays)),
    },
  ];
}

function warningOf(
  finding: PracticeFinding,
  level: 'warn' | 'error',
  { people, schedules, saying }: CheckInput,
): CheckWarning {
  const { pack, person, schedule, rule, at } = finding;
  const home =
    person === null
      ? schedules.find((one) => one.schedule.id === schedule)?.schedule.timeZone
      : people.find(({ id }) => id === person)?.timeZone;
  const zone = saying.zone ?? home ?? 'UTC';
  const when = at === null ? '' : `, ${finding.times > 1 ? 'first ' : ''}from ${showInstant(at, zone)}`;
  const who = person === null ? `${schedule}` : saying.nameOf(person);
  return {
    code: `practice/${pack}/${rule.id}`,
    level: level === 'error' ? 'error' : 'warning',
    schedule,
    role: null,
    person,
    at,
    message: `${who} ${practiceWords(finding)}${when} (${pack}: ${rule.source})`,
  };
}
