import type { Person } from '../people/person.ts';
import { presenceOf, shadowEnd } from '../people/presence.ts';
import { SHADOW_ROLE } from '../planner/pairs.ts';
import type { PersonId, Rotation, Schedule } from '../schedule/schedule.ts';
import { clip, HOUR_MS, type Interval, intersect, normalise, subtract, totalMs } from '../time/interval.ts';
import { hoursIn } from '../timeline/hours.ts';
import { resolveTimeline } from '../timeline/resolve.ts';
import type { Shift } from '../timeline/timeline.ts';

/** Part of a week: the core hours of the schedules, or all the rest. */
export type WeekPart = 'core' | 'non-core';

/** Why somebody does not take part. */
export type AbstentionReason =
  /** They are in no rotation. */
  | 'in-no-rotation'
  /** They are away, have not joined yet or have left, in all of the window. */
  | 'not-there'
  /** They only shadow while they are there. */
  | 'newcomer'
  /** None of their rotations has such hours. */
  | 'no-such-hours'
  /** Overrides give their turns to others. */
  | 'given-away'
  /** A higher layer hides their turns. */
  | 'hidden'
  /** The planner has given all such turns to others. */
  | 'not-planned'
  /** No turn of theirs falls there. */
  | 'no-turn';

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
 * How the members of a team take part in core and in non-core hours, member by member; who only shadows does not.
 * Schedules that name no core hours count as non-core alone. A part in which nobody at all stands is not asked of
 * anybody.
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
  const variants = variantsIn(window);
  return members.map((member) => {
    const own = hours.get(member.id) ?? { core: 0, 'non-core': 0 };
    const missing = PARTS.filter((part) => staffed[part] && own[part] === 0);
    return {
      person: member.id,
      coreHours: own.core,
      nonCoreHours: own['non-core'],
      missing: missing.map((part) => ({
        part,
        reason: reasonOf(member, part, { window, schedules, variants }),
      })),
    };
  });
}

/** Everybody's time on call but for shadowing, disjoint. */
function byPerson(shifts: readonly Shift[], window: Interval): Map<PersonId, Interval[]> {
  const lists = new Map<PersonId, Interval[]>();
  for (const { person, role, start, end } of shifts) {
    if (role === SHADOW_ROLE) continue;
    const own = lists.get(person);
    if (own === undefined) lists.set(person, [{ start, end }]);
    else own.push({ start, end });
  }
  return new Map([...lists].map(([person, list]) => [person, clip(normalise(list), window)]));
}

/** Everybody's time on call in a schedule without its overrides, or with one of its rotations alone. */
type Variants = (schedule: Schedule, rotation: Rotation | null) => ReadonlyMap<PersonId, readonly Interval[]>;

/** Many people may ask why: each variant is resolved once. */
function variantsIn(window: Interval): Variants {
  const known = new Map<Schedule | Rotation, ReadonlyMap<PersonId, readonly Interval[]>>();
  return (schedule, rotation) => {
    const key = rotation ?? schedule;
    const found = known.get(key);
    if (found !== undefined) return found;
    const rotations = rotation === null ? schedule.rotations : [rotation];
    const made = byPerson(resolveTimeline({ ...schedule, rotations, overrides: [] }, window).shifts, window);
    known.set(key, made);
    return made;
  };
}

function reasonOf(
  member: Person,
  part: WeekPart,
  { window, schedules, variants }: Pick<ParticipationInput, 'window' | 'schedules'> & { variants: Variants },
): AbstentionReason {
  const own = schedules.flatMap(({ schedule }) =>
    schedule.rotations
      .filter((rotation) => names(rotation, member.id))
      .map((rotation) => ({ schedule, rotation })),
  );
  if (own.length === 0) return 'in-no-rotation';
  const there = subtract(presenceOf(member, window), normalise(member.unavailable));
  if (there.length === 0) return 'not-there';
  const alone = shadowEnd(member) ?? window.start;
  if (clip(there, { start: Math.min(alone, window.end), end: window.end }).length === 0) return 'newcomer';
  const offering = own.filter(({ schedule, rotation }) => {
    if (rotation.role === SHADOW_ROLE) return false;
    const inForce = hoursIn(rotation.hours, schedule.coreHours, window);
    return partOf(inForce, part, { schedule, window }).length > 0;
  });
  if (offering.length === 0) return 'no-such-hours';
  const has = (schedule: Schedule, rotation: Rotation | null): boolean => {
    const stretches = variants(schedule, rotation).get(member.id) ?? [];
    return partOf(stretches, part, { schedule, window }).length > 0;
  };
  const whole = [...new Set(offering.map(({ schedule }) => schedule))];
  if (whole.some((schedule) => has(schedule, null))) return 'given-away';
  if (offering.some(({ schedule, rotation }) => has(schedule, rotation))) return 'hidden';
  return offering.some(({ rotation }) => rotation.strategy.kind === 'fair') ? 'not-planned' : 'no-turn';
}

function partOf(
  stretches: readonly Interval[],
  part: WeekPart,
  { schedule, window }: { readonly schedule: Schedule; readonly window: Interval },
): Interval[] {
  const core = hoursIn({ kind: 'core' }, schedule.coreHours, window);
  return part === 'core' ? intersect(stretches, core) : subtract(stretches, core);
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
