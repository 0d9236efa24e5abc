import {
  formatInstant,
  type Instant,
  type Interval,
  normalise,
  type PlanProblem,
  type PlanUnit,
  type Schedule,
} from '@watchbill/core';
import type { Version } from '../horizon/plan-ahead.ts';

/**
 * A schedule as each of its versions says it for its time: the one in force now until the next takes effect, and so
 * on. Its rotations and overrides end there, and the next ones begin. `versions` are those in force now or later.
 */
export function segmentsOf(versions: readonly Version[], now: Instant): Schedule[] {
  return versions.map(({ schedule, effectiveAt }, index) => {
    const start = effectiveAt > now ? effectiveAt : Number.NEGATIVE_INFINITY;
    const end = versions[index + 1]?.effectiveAt ?? Number.POSITIVE_INFINITY;
    if (start === Number.NEGATIVE_INFINITY && end === Number.POSITIVE_INFINITY) return schedule;
    const rotations = schedule.rotations.map((rotation) => {
      const from = Math.max(rotation.effectiveFrom ?? Number.NEGATIVE_INFINITY, start);
      const until = Math.min(rotation.effectiveUntil ?? Number.POSITIVE_INFINITY, end);
      return { ...rotation, effectiveFrom: finite(from), effectiveUntil: finite(until) };
    });
    const overrides = schedule.overrides.flatMap((override) => {
      const part = clip(override, { start, end });
      return part === null ? [] : [{ ...override, ...part }];
    });
    return { ...schedule, rotations: rotations.filter(hasTime), overrides };
  });
}

function hasTime(rotation: {
  readonly effectiveFrom: Instant | null;
  readonly effectiveUntil: Instant | null;
}): boolean {
  const { effectiveFrom, effectiveUntil } = rotation;
  return effectiveFrom === null || effectiveUntil === null || effectiveFrom < effectiveUntil;
}

function finite(instant: number): Instant | null {
  return Number.isFinite(instant) ? instant : null;
}

function clip(one: Interval, window: Interval): Interval | null {
  const start = Math.max(one.start, window.start);
  const end = Math.min(one.end, window.end);
  return start < end ? { start, end } : null;
}

/**
 * The problems with each turn once: one that goes on through the instant at which another version takes effect is one
 * unit, for who may hold both parts. Where nobody may, the later part is a unit of its own, called by its start.
 */
export function joinVersions(problems: readonly PlanProblem[]): PlanProblem[] {
  const known = new Map<string, { readonly problem: number; readonly unit: PlanUnit }>();
  return problems.map((problem, index) => {
    const units = new Map<string, PlanUnit>();
    for (const unit of problem.units) {
      const before = known.get(unit.id);
      const both = before?.problem === index ? bothParts(before.unit, unit) : null;
      const made = both ?? (before === undefined ? unit : laterPart(unit));
      known.set(made.id, { problem: index, unit: made });
      units.set(made.id, made);
    }
    return { ...problem, units: [...units.values()] };
  });
}

/** Null where nobody may hold both. What has begun stays as it is. */
function bothParts(first: PlanUnit, second: PlanUnit): PlanUnit | null {
  const intervals = normalise([...first.intervals, ...second.intervals]);
  if (first.pinned) return { ...first, intervals };
  if (first.eligible === null || second.eligible === null) {
    return { ...second, intervals, eligible: first.eligible ?? second.eligible };
  }
  const eligible = second.eligible.filter((person) => first.eligible?.includes(person));
  return eligible.length === 0 ? null : { ...second, intervals, eligible };
}

function laterPart(unit: PlanUnit): PlanUnit {
  const { schedule, rotation, seat, intervals } = unit;
  const start = formatInstant(intervals[0]?.start ?? 0);
  return { ...unit, id: `${schedule}/${rotation}@${start}#${seat}`, previous: null };
}
