import type { Config } from '@watchbill/config';
import type { AbstentionReason, Participation, Schedule, WeekPart } from '@watchbill/core';
import { checkParticipation, DAY_MS, resolveTimeline } from '@watchbill/core';
import { unplannedOf } from '../plan/unplanned.ts';
import { peopleOf } from './idle-members.ts';
import type { Checking, Warning } from './warning.ts';

/** Who is asked to take part in what. */
interface Crew {
  readonly name: string;
  readonly members: readonly string[];
  readonly schedules: readonly Schedule[];
}

/**
 * Members of a team who take no part in core or in non-core hours, though others do, and why. People who are in no
 * rotation at all are told elsewhere; teams whose schedules wait for a plan are left out.
 */
export function participationWarnings(config: Config, checking: Checking): Warning[] {
  return crewsOf(config).flatMap((crew) => {
    const [first] = crew.schedules;
    if (first === undefined || crew.schedules.some((schedule) => unplannedOf(schedule).length > 0)) return [];
    const start = checking.startIn(first.timeZone);
    const window = { start, end: start + checking.weeks * 7 * DAY_MS };
    const members = config.people.filter(({ id }) => crew.members.includes(id));
    const schedules = crew.schedules.map((schedule) => ({
      schedule,
      shifts: resolveTimeline(schedule, window).shifts,
    }));
    return checkParticipation({ window, members, schedules }).flatMap((one) =>
      warningsOf(one, crew, checking),
    );
  });
}

/** Each team with its schedules; a schedule without a team asks the people of its rotations. */
function crewsOf({ source, teams, schedules }: Config): Crew[] {
  const teamOf = new Map((source.schedules ?? []).map((schedule) => [schedule.id, schedule.team]));
  const owned = teams.map(({ id, members }) => ({
    name: `team ${id}`,
    members,
    schedules: schedules.filter((schedule) => teamOf.get(schedule.id) === id),
  }));
  const alone = schedules
    .filter((schedule) => teamOf.get(schedule.id) === undefined)
    .map((schedule) => ({ name: schedule.id, members: peopleOf(schedule), schedules: [schedule] }));
  return [...owned, ...alone];
}

const PART_WORDS: Readonly<Record<WeekPart, string>> = {
  core: 'core hours',
  'non-core': 'hours outside core',
};

function warningsOf({ person, missing }: Participation, crew: Crew, checking: Checking): Warning[] {
  const schedule = crew.schedules.length === 1 ? (crew.schedules[0]?.id ?? null) : null;
  return missing
    .filter(({ reason }) => reason !== 'in-no-rotation')
    .map(({ part, reason }) => ({
      code: `participation/${part}`,
      schedule,
      role: null,
      person,
      message:
        `${checking.nameOf(person)} has no ${PART_WORDS[part]} in the next ${checking.weeks} weeks, ` +
        `others of ${crew.name} have: ${REASON_WORDS[reason]}`,
    }));
}

const REASON_WORDS: Readonly<Record<AbstentionReason, string>> = {
  'in-no-rotation': 'they are in no rotation',
  'not-there': 'they are not there in all that time',
  'no-such-hours': 'none of their rotations has such hours',
  'no-turn': 'no turn of theirs falls there',
};
