import type { Person } from '../people/person.ts';
import type { PersonId, Schedule, Strategy } from '../schedule/schedule.ts';
import type { Interval } from '../time/interval.ts';
import type { Shift } from '../timeline/timeline.ts';
import type { CheckWarning, Saying } from './check-warning.ts';
import {
  type AbstentionReason,
  checkParticipation,
  type Participation,
  type WeekPart,
} from './participation.ts';

/** Who is asked to take part in what: a team in its schedules, or the people of a schedule without a team. */
export interface Crew {
  /** The team; null for a schedule without one. */
  readonly team: string | null;
  readonly members: readonly PersonId[];
  readonly schedules: readonly {
    readonly schedule: Schedule;
    /** Shifts in the window. */
    readonly shifts: readonly Shift[];
    /** It waits for a plan: who takes part is not known yet. */
    readonly isWaiting: boolean;
  }[];
}

/** How everybody of a crew takes part. */
export interface CrewParticipation {
  readonly team: string | null;
  readonly schedules: readonly string[];
  readonly people: readonly Participation[];
}

/** Everybody in the rotations of a schedule, each once. */
export function staffOf(schedule: Schedule): PersonId[] {
  return [...new Set(schedule.rotations.flatMap(({ strategy }) => namedBy(strategy)))];
}

function namedBy(strategy: Strategy): readonly PersonId[] {
  switch (strategy.kind) {
    case 'in_order':
      return strategy.roster.flat();
    case 'fixed':
      return strategy.turns.flatMap((turn) => turn.people);
    case 'fair':
      return strategy.roster;
  }
}

/** People of a team that has schedules who are in none of their rotations. */
export function idleMembers({ team, members, schedules }: Crew, { nameOf }: Saying): CheckWarning[] {
  if (team === null || schedules.length === 0) return [];
  const ids = schedules.map(({ schedule }) => schedule.id);
  const busy = new Set(schedules.flatMap(({ schedule }) => staffOf(schedule)));
  return members
    .filter((person) => !busy.has(person))
    .map((person) => ({
      code: 'team/idle-member',
      level: 'warning',
      schedule: ids.length === 1 ? (ids[0] as string) : null,
      role: null,
      person,
      at: null,
      message: `${nameOf(person)} is in team ${team} but in no rotation of ${ids.join(', ')}`,
    }));
}

/** How a crew takes part; null where a schedule of it waits for a plan, or there is none. */
export function participationOf(
  crew: Crew,
  people: readonly Person[],
  window: Interval,
): CrewParticipation | null {
  const { team, members, schedules } = crew;
  if (schedules.length === 0 || schedules.some(({ isWaiting }) => isWaiting)) return null;
  const wanted = new Set(members);
  const own = people.filter(({ id }) => wanted.has(id));
  return {
    team,
    schedules: schedules.map(({ schedule }) => schedule.id),
    people: checkParticipation({ window, members: own, schedules }),
  };
}

const PART_WORDS: Readonly<Record<WeekPart, string>> = {
  core: 'core hours',
  'non-core': 'hours outside core',
};

const REASON_WORDS: Readonly<Record<AbstentionReason, string>> = {
  'in-no-rotation': 'they are in no rotation',
  'not-there': 'they are not there in all that time',
  newcomer: 'they only shadow in all that time',
  'no-such-hours': 'none of their rotations has such hours',
  'given-away': 'overrides give their turns to others',
  hidden: 'a higher layer hides their turns',
  'not-planned': 'the plan gives such turns to others, and explain says why',
  'no-turn': 'no turn of theirs falls there',
};

/**
 * Members of a crew who take no part in core or in non-core hours, though others do, and why. People who are in no
 * rotation at all are told elsewhere.
 */
export function participationWarnings(
  { team, schedules, people }: CrewParticipation,
  weeks: number,
  { nameOf }: Saying,
): CheckWarning[] {
  const schedule = schedules.length === 1 ? (schedules[0] as string) : null;
  const others = team === null ? schedules.join() : `team ${team}`;
  return people.flatMap(({ person, missing }) =>
    missing
      .filter(({ reason }) => reason !== 'in-no-rotation')
      .map(({ part, reason }) => ({
        code: `participation/${part}`,
        level: 'warning' as const,
        schedule,
        role: null,
        person,
        at: null,
        message:
          `${nameOf(person)} has no ${PART_WORDS[part]} in the next ${weeks} weeks, ` +
          `others of ${others} have: ${REASON_WORDS[reason]}`,
      })),
  );
}
