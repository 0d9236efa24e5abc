import type { Person } from '../people/person.ts';
import type { PersonId, Rotation, Schedule } from '../schedule/schedule.ts';
import { parseDate } from '../time/format.ts';
import {
  clip,
  DAY_MS,
  HOUR_MS,
  type Interval,
  intersect,
  normalise,
  subtract,
  totalMs,
} from '../time/interval.ts';
import { toUtc } from '../time/zone.ts';
import { hoursIn } from '../timeline/hours.ts';
import type { Shift } from '../timeline/timeline.ts';

/** Part of a week: the core hours of the schedules, or all the rest. */
export type WeekPart = 'core' | 'non-core';

/**
 * Why somebody does not take part: they are in no rotation; not there in all of the window; away whenever a turn of
 * theirs would be; in no rotation with such hours; or simply no turn of theirs falls there.
 */
export type AbstentionReason = 'in-no-rotation' | 'not-there' | 'no-such-hours' | 'no-turn';

/** How one person of a team takes part. */
export interface Participation {
  readonly person: PersonId;
  readonly coreHours: number;
  readonly nonCoreHours: number;
  /** Parts in which others stand and this person does not. */
  readonly missing: readonly { readonly part: WeekPart; readonly reason: AbstentionReason }[];
}

export interface ParticipationInput {
  readonly window: Interval;
  readonly members: readonly Person[];
  /** The schedules of the team with their shifts in the window. */
  readonly schedules: readonly { readonly schedule: Schedule; readonly shifts: readonly Shift[] }[];
}

const PARTS: readonly WeekPart[] = ['core', 'non-core'];

/**
 * How the members of a team take part in core and in non-core hours, member by member. Schedules that name no core
 * hours count as non-core alone. A part in which nobody at all stands is not asked of anybody.
 */
export function checkParticipation({ window, members, schedules }: ParticipationInput): Participation[] {
  const hours = new Map(members.map(({ id }) => [id, { core: 0, 'non-core': 0 }]));
  const staffed = { core: false, 'non-core': false };
  for (const { schedule, shifts } of schedules) {
    const core = hoursIn({ kind: 'core' }, schedule.coreHours, window);
    for (const [person, stretches] of byPerson(shifts, window)) {
      const inCore = totalMs(intersect(stretches, core)) / HOUR_MS;
      const outside = totalMs(stretches) / HOUR_MS - inCore;
      if (inCore > 0) staffed.core = true;
      if (outside > 0) staffed['non-core'] = true;
      const own = hours.get(person);
      if (own === undefined) continue;
      own.core += inCore;
      own['non-core'] += outside;
    }
  }
  return members.map((member) => {
    const own = hours.get(member.id) ?? { core: 0, 'non-core': 0 };
    const missing = PARTS.filter((part) => staffed[part] && own[part] === 0);
    return {
      person: member.id,
      coreHours: own.core,
      nonCoreHours: own['non-core'],
      missing: missing.map((part) => ({ part, reason: reasonOf(member, part, { window, schedules }) })),
    };
  });
}

function byPerson(shifts: readonly Shift[], window: Interval): Map<PersonId, Interval[]> {
  const lists = new Map<PersonId, Interval[]>();
  for (const { person, start, end } of shifts) {
    const own = lists.get(person);
    if (own === undefined) lists.set(person, [{ start, end }]);
    else own.push({ start, end });
  }
  return new Map([...lists].map(([person, list]) => [person, clip(normalise(list), window)]));
}

function reasonOf(
  member: Person,
  part: WeekPart,
  { window, schedules }: Pick<ParticipationInput, 'window' | 'schedules'>,
): AbstentionReason {
  const own = schedules.flatMap(({ schedule }) =>
    schedule.rotations
      .filter((rotation) => names(rotation, member.id))
      .map((rotation) => ({ schedule, rotation })),
  );
  if (own.length === 0) return 'in-no-rotation';
  const there = subtract(presenceOf(member, window), normalise(member.unavailable));
  if (there.length === 0) return 'not-there';
  const offered = own.some(({ schedule, rotation }) => {
    const inForce = hoursIn(rotation.hours, schedule.coreHours, window);
    const core = hoursIn({ kind: 'core' }, schedule.coreHours, window);
    return (part === 'core' ? intersect(inForce, core) : subtract(inForce, core)).length > 0;
  });
  return offered ? 'no-turn' : 'no-such-hours';
}

function presenceOf({ joinedOn, leftOn, timeZone }: Person, window: Interval): Interval[] {
  const edge = (date: string | null, otherwise: number): number => {
    const day = date === null ? null : parseDate(date);
    return day === null ? otherwise : toUtc(day * DAY_MS, timeZone, 'first');
  };
  const start = Math.max(window.start, edge(joinedOn, window.start));
  const end = Math.min(window.end, edge(leftOn, window.end));
  return start < end ? [{ start, end }] : [];
}

function names({ strategy }: Rotation, person: PersonId): boolean {
  switch (strategy.kind) {
    case 'in_order':
      return strategy.roster.some((member) => member.includes(person));
    case 'fixed':
      return strategy.turns.some((turn) => turn.people.includes(person));
    case 'fair':
      return strategy.roster.includes(person);
  }
}
