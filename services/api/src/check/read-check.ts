import { loadSchedule, readPlanPeople } from '@watchbill/commands';
import { holidayCalendar, holidayName } from '@watchbill/config';
import {
  CHECK_DAYS,
  type CheckedSchedule,
  type CheckInput,
  type CheckReport,
  type Crew,
  checkSchedules,
  DAY_MS,
  type Instant,
  type Interval,
  LAST_YEAR_MS,
  type PackChoice,
  type Person,
  packChoices,
  type RulePacksDraft,
  type Schedule,
  type Shift,
  staffOf,
} from '@watchbill/core';
import {
  pagesToldSince,
  type Queryable,
  readTeams,
  type ScheduleDetailRow,
  type ScheduleSummaryRow,
  schedulesOfTeams,
  shiftsElsewhere,
  shiftsStood,
} from '@watchbill/database';
import { ApiError } from '../http/problem.ts';
import { readTimeline } from '../timeline/resolve-stored.ts';

/** More schedules of a team are not looked at. */
const TEAM_SCHEDULES = 50;
/** More people are not looked at. */
const PEOPLE_LIMIT = 1_000;
const PAST_SHIFTS_LIMIT = 20_000;
const PAGES_LIMIT = 20_000;
/** Pages of the last quarter say how shifts are. */
const PAGES_MS = 91 * DAY_MS;

export interface CheckWish {
  readonly row: ScheduleDetailRow;
  readonly from: Instant;
  readonly weeks: number;
  readonly packs: readonly PackChoice[];
}

export interface StoredCheck extends CheckReport {
  readonly window: Interval;
  /** The packs that were looked at. */
  readonly packs: readonly PackChoice[];
}

/** What is not wise in a schedule as it is stored, and how the people of its team take part in all of the team's. */
export async function readCheck(queryable: Queryable, wish: CheckWish): Promise<StoredCheck> {
  const { row, from, weeks } = wish;
  const schedule = await loadSchedule(queryable, row.id, from);
  if (schedule === null) {
    const told = 'The schedule is retired, or is not in force then. Ask for a later time.';
    throw new ApiError(422, 'schedule/not-in-force', told);
  }
  const window = { start: from, end: from + Math.max(weeks * 7, CHECK_DAYS) * DAY_MS };
  const { shifts, gaps } = await readTimeline(queryable, row, { from, to: window.end });
  const crew = await readCrew(queryable, { row, schedule, shifts, window });
  const ids = [...new Set([...crew.members, ...staffOf(schedule), ...shifts.map(({ person }) => person)])];
  const people = await readCheckPeople(queryable, ids.slice(0, PEOPLE_LIMIT), { schedule: row.id, from });
  const own = packChoices(row.definition.rulePacks as RulePacksDraft | undefined);
  const packs = [...wish.packs, ...own];
  const checked: CheckedSchedule = {
    ...{ schedule, window, shifts, gaps, packs: own },
    past: await readPast(queryable, row.id, { from, packs }),
  };
  const names = new Map(people.map(({ id, name }) => [id, name]));
  const report = checkSchedules({
    weeks,
    schedules: [checked],
    beside: await readBeside(queryable, ids, { crew, window, own: row.id }),
    people,
    crews: [crew],
    packs: wish.packs,
    holidayNames: holidayName,
    pages: await readPages(queryable, ids, { from, packs }),
    saying: { nameOf: (id) => names.get(id) ?? id, zone: null },
  });
  return { ...report, window, packs };
}

async function readCheckPeople(
  queryable: Queryable,
  ids: readonly string[],
  { schedule, from }: { readonly schedule: string; readonly from: Instant },
): Promise<Person[]> {
  const known = await readPlanPeople(queryable, ids, { schedules: [schedule], from, holidayCalendar });
  return known.people.map((person) => {
    const entered = (known.absences.get(person.id) ?? []).map((absence) => ({ ...absence, reason: null }));
    return { ...person, unavailable: [...person.unavailable, ...entered] };
  });
}

/** The team with all of its schedules; the people of the schedule where it has no team. */
async function readCrew(
  queryable: Queryable,
  own: {
    readonly row: ScheduleSummaryRow;
    readonly schedule: Schedule;
    readonly shifts: readonly Shift[];
    readonly window: Interval;
  },
): Promise<Crew> {
  const { row, schedule, shifts, window } = own;
  const entry = { schedule, shifts, isWaiting: waits(schedule) };
  const [team] = row.team === null ? [] : await readTeams(queryable, [row.team]);
  if (team === undefined) return { team: null, members: staffOf(schedule), schedules: [entry] };
  const { members = [] } = team.definition as { readonly members?: readonly string[] };
  const schedules = [entry];
  for (const other of await schedulesOfTeams(queryable, [team.id], TEAM_SCHEDULES)) {
    if (other.id === row.id) continue;
    const meaning = await loadSchedule(queryable, other.id, window.start);
    if (meaning === null) continue;
    const timeline = await readTimeline(queryable, other, { from: window.start, to: window.end });
    schedules.push({ schedule: meaning, shifts: timeline.shifts, isWaiting: waits(meaning) });
  }
  return { team: team.id, members, schedules };
}

/** A fair rotation has no plan yet: it gets one within moments. */
function waits({ rotations }: Schedule): boolean {
  return rotations.some(({ strategy }) => strategy.kind === 'fair' && strategy.turns.length === 0);
}

/** What people stand elsewhere: in the team's schedules as far as these are looked at, in others as far as stored. */
async function readBeside(
  queryable: Queryable,
  people: readonly string[],
  of: { readonly crew: Crew; readonly window: Interval; readonly own: string },
): Promise<CheckInput['beside']> {
  const known = of.crew.schedules.map(({ schedule }) => schedule.id);
  const rows = await shiftsElsewhere(queryable, people, { than: known, after: of.window.start });
  const near = of.crew.schedules
    .filter(({ schedule }) => schedule.id !== of.own)
    .flatMap(({ schedule, shifts }) => shifts.map((shift) => ({ ...shift, schedule: schedule.id })));
  return [...near, ...rows.filter(({ start }) => start < of.window.end)];
}

interface LookBack {
  readonly from: Instant;
  readonly packs: readonly PackChoice[];
}

function asks({ packs }: LookBack, kind: 'same-holiday' | 'pages-per-shift'): boolean {
  return packs.some(({ pack }) => pack.rules.some(({ limit }) => limit.kind === kind));
}

/** What is stored of what people stood in the year before. */
async function readPast(queryable: Queryable, schedule: string, back: LookBack) {
  if (!asks(back, 'same-holiday')) return [];
  const window = { start: Math.max(0, back.from - LAST_YEAR_MS), end: back.from };
  const rows = await shiftsStood(queryable, [schedule], { window, limit: PAST_SHIFTS_LIMIT });
  return rows.map((row) => ({ ...row, end: Math.min(row.end, back.from) }));
}

async function readPages(queryable: Queryable, people: readonly string[], back: LookBack) {
  if (!asks(back, 'pages-per-shift')) return null;
  const since = Math.max(0, back.from - PAGES_MS);
  return pagesToldSince(queryable, people, { since, limit: PAGES_LIMIT });
}
