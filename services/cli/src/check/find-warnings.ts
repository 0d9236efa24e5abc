import type { Config } from '@watchbill/config';
import { holidayName } from '@watchbill/config';
import type {
  CheckedSchedule,
  CheckReport,
  Crew,
  Instant,
  PackChoice,
  Schedule,
  Shift,
} from '@watchbill/core';
import {
  CHECK_DAYS,
  checkSchedules,
  DAY_MS,
  FIRST_INSTANT,
  LAST_YEAR_MS,
  packChoices,
  resolveTimeline,
  staffOf,
  vouchedShifts,
} from '@watchbill/core';
import { UNPLANNED, unplannedOf, withPlaceholders } from '../plan/unplanned.ts';

export interface Checking {
  /** Where the look ahead begins, for a schedule in a zone. */
  readonly startIn: (zone: string) => Instant;
  readonly nameOf: (person: string) => string;
  /** The zone times are shown in; null for each schedule's own. */
  readonly zone: string | null;
  /** How far participation and rule packs look ahead. */
  readonly weeks: number;
  /** The rule packs that were asked for beside those of the file. */
  readonly packs: readonly PackChoice[];
}

/** Everything in a valid configuration that is not wise, over the days ahead. */
export function findWarnings(config: Config, checking: Checking): CheckReport {
  const { nameOf, zone, weeks, packs } = checking;
  const models = new Map((config.source.schedules ?? []).map((model) => [model.id, model]));
  const schedules = config.schedules.map((schedule) =>
    lookAhead(schedule, packChoices(models.get(schedule.id)?.rulePacks), checking),
  );
  return checkSchedules({
    weeks,
    schedules,
    beside: [],
    people: config.people,
    crews: crewsOf(config, schedules),
    packs,
    holidayNames: holidayName,
    pages: null,
    saying: { nameOf, zone },
  });
}

/** A schedule with its timeline over the days ahead. Turns that wait for a plan are neither gap nor shift. */
function lookAhead(schedule: Schedule, packs: readonly PackChoice[], checking: Checking): CheckedSchedule {
  const start = checking.startIn(schedule.timeZone);
  const window = { start, end: start + Math.max(checking.weeks * 7, CHECK_DAYS) * DAY_MS };
  const { shifts, gaps } = resolveTimeline(withPlaceholders(schedule, window), window);
  const planned = shifts.filter(({ person }) => person !== UNPLANNED);
  const past = [...packs, ...checking.packs].some(looksBack) ? lastYear(schedule, start) : [];
  return { schedule, window, shifts: planned, gaps, past, packs };
}

function looksBack({ pack }: PackChoice): boolean {
  return pack.rules.some(({ limit }) => limit.kind === 'same-holiday');
}

/** What the file says of the year before. */
function lastYear(schedule: Schedule, start: Instant): readonly Shift[] {
  if (start <= FIRST_INSTANT) return [];
  const { shifts } = resolveTimeline(schedule, {
    start: Math.max(FIRST_INSTANT, start - LAST_YEAR_MS),
    end: start,
  });
  return vouchedShifts(schedule, shifts);
}

/** Each team with its schedules; a schedule without a team asks the people of its rotations. */
function crewsOf({ source, teams }: Config, checked: readonly CheckedSchedule[]): Crew[] {
  const teamOf = new Map((source.schedules ?? []).map((schedule) => [schedule.id, schedule.team]));
  const entries = checked.map(({ schedule, shifts }) => ({
    schedule,
    shifts,
    isWaiting: unplannedOf(schedule).length > 0,
  }));
  const owned = teams.map(({ id, members }) => ({
    team: id,
    members,
    schedules: entries.filter(({ schedule }) => teamOf.get(schedule.id) === id),
  }));
  const alone = entries
    .filter(({ schedule }) => teamOf.get(schedule.id) === undefined)
    .map((entry) => ({ team: null, members: staffOf(entry.schedule), schedules: [entry] }));
  return [...owned, ...alone];
}
