import {
  DAY_MS,
  formatInstant,
  type Instant,
  type Interval,
  normalise,
  type PlanProblem,
  type PlanUnit,
  QUARTER_MS,
  subtract,
} from '@watchbill/core';
import type { PlannedTurnRow } from '@watchbill/database';
import { groupBy } from '../group-by.ts';
import { seatTurns } from './seat-turns.ts';

/** The rest of a running turn whose holder goes away: it needs somebody else. */
export interface SplitTurn {
  readonly unit: string;
  readonly from: string;
}

export interface SettledProblem {
  readonly problem: PlanProblem;
  readonly splits: readonly SplitTurn[];
}

/** Begun turns of an earlier rhythm matter to rules for so long. */
const STRAY_MS = 14 * DAY_MS;

export interface Settling {
  readonly turns: readonly PlannedTurnRow[];
  /** The parts of turns that others stand in the place of their holders, by unit. */
  readonly given: ReadonlyMap<string, readonly Interval[]>;
  readonly now: Instant;
}

/**
 * Lets the begun units of a problem be what really counts: turns that were cut, or that an earlier rhythm left, are
 * there as they stand, until the next one begins on their seat; what ended before anybody held it is left out, what
 * runs without a holder is open; and where the holder of a running turn goes away from what they still stand of it,
 * the rest of it is a unit of its own.
 */
export function settleBegun(problem: PlanProblem, { turns, given, now }: Settling): SettledProblem {
  // What is still to begin is this plan's to say, so that nothing of it cuts what has begun.
  const stretches = stretchesByUnit(turns.filter(({ startsAt }) => startsAt <= now));
  const away = new Map(problem.people.map(({ id, unavailable }) => [id, unavailable]));
  const splits: SplitTurn[] = [];
  const known = new Set(problem.units.map((unit) => unit.id));
  const begun = endAtNext([...problem.units, ...strays(problem, turns, { stretches, now })], {
    stretches,
    now,
  });
  const covered = groupBy(
    begun.filter((unit) => !hasBegun(unit, now) || unit.previous !== null),
    seatOf,
  );
  const open = problem.units
    .filter((unit) => hasBegun(unit, now))
    .flatMap((unit) => openRest(unit, covered.get(seatOf(unit)) ?? [], now));
  const units = begun.flatMap((unit): PlanUnit[] => {
    if (!hasBegun(unit, now)) return [unit];
    if (unit.previous === null) return [];
    const absences = subtract(normalise(away.get(unit.previous) ?? []), given.get(unit.id) ?? []);
    const cutAt = awayFrom(unit, absences, now);
    if (cutAt === null) return [unit];
    const rest = restOf(unit, cutAt);
    splits.push({ unit: rest.id, from: unit.previous });
    const before = clipped(unit.intervals, { start: Number.NEGATIVE_INFINITY, end: cutAt });
    return before.length === 0 ? [rest] : [{ ...unit, intervals: before }, rest];
  });
  units.push(...open);
  // The rest of a turn that was planned before keeps its holder as far as can be.
  const holders = new Map(turns.map(({ unit, person }) => [unit, person]));
  const kept = units.map((unit) =>
    problem.keepPrevious && !unit.pinned && !known.has(unit.id)
      ? { ...unit, previous: holders.get(unit.id) ?? null }
      : unit,
  );
  return { problem: { ...problem, units: kept }, splits };
}

function hasBegun(unit: PlanUnit, now: Instant): boolean {
  return unit.pinned && startOf(unit) <= now;
}

/** Begun units as they stand: until the next one begins on their seat. */
function endAtNext(
  units: readonly PlanUnit[],
  { stretches, now }: { readonly stretches: ReadonlyMap<string, readonly Interval[]>; readonly now: Instant },
): PlanUnit[] {
  const next = new Map<string, Instant>();
  for (const unit of units) {
    const start = startOf(unit);
    if (start > now) next.set(seatOf(unit), Math.min(start, next.get(seatOf(unit)) ?? start));
  }
  return units.map((unit) => {
    if (!hasBegun(unit, now) || unit.previous === null) return unit;
    const window = {
      start: Number.NEGATIVE_INFINITY,
      end: next.get(seatOf(unit)) ?? Number.POSITIVE_INFINITY,
    };
    return { ...unit, intervals: clipped(stretches.get(unit.id) ?? unit.intervals, window) };
  });
}

/**
 * What is open of a running unit: all of it where nobody holds it; or what a turn of an earlier rhythm, or of its own
 * that was shorter then, leaves uncovered on its seat.
 */
function openRest(unit: PlanUnit, covered: readonly PlanUnit[], now: Instant): PlanUnit[] {
  const ahead = clipped(unit.intervals, {
    start: unit.previous === null ? now : soonestAfter(now),
    end: Number.POSITIVE_INFINITY,
  });
  const left = subtract(ahead, normalise(covered.flatMap(({ intervals }) => intervals)));
  const [first] = left;
  if (first === undefined) return [];
  const isWhole = unit.previous === null && first.start === ahead[0]?.start;
  return [isWhole ? { ...unit, pinned: false } : restOf({ ...unit, intervals: left }, first.start)];
}

/** The next quarter of an hour: nobody is called off the instant they are told. */
function soonestAfter(now: Instant): Instant {
  return (Math.floor(now / QUARTER_MS) + 1) * QUARTER_MS;
}

function seatOf({ schedule, rotation, seat }: PlanUnit): string {
  return `${schedule} ${rotation} ${seat}`;
}

function stretchesByUnit(turns: readonly PlannedTurnRow[]): Map<string, readonly Interval[]> {
  const byPlace = groupBy(turns, (turn) => turn.schedule);
  const all = [...byPlace.values()].flatMap((own) => [...seatTurns(own).values()].flat());
  return new Map(all.map(({ unit, intervals }) => [unit, intervals]));
}

/** Turns that have begun and that no demand knows any more. */
function strays(
  problem: PlanProblem,
  turns: readonly PlannedTurnRow[],
  of: { readonly stretches: ReadonlyMap<string, readonly Interval[]>; readonly now: Instant },
): PlanUnit[] {
  const known = new Set(problem.units.map((unit) => unit.id));
  const people = new Set(problem.people.map((person) => person.id));
  const places = new Map(problem.units.map((unit) => [`${unit.schedule}/${unit.rotation}`, unit]));
  return turns.flatMap(({ unit: id, schedule, rotation, seat, person, startsAt, endsAt }) => {
    const like = places.get(`${schedule}/${rotation}`);
    const intervals = of.stretches.get(id) ?? [];
    if (like === undefined || person === null || !people.has(person) || known.has(id)) return [];
    if (startsAt > of.now || endsAt < of.now - STRAY_MS || intervals.length === 0) return [];
    const begun = { previous: person, eligible: null, frozen: true, pinned: true };
    return [{ ...like, id, seat, intervals, ...begun }];
  });
}

/**
 * From when on the holder of a running unit is away, at the next quarter of an hour at the earliest; null when they
 * stay to its end.
 */
function awayFrom(unit: PlanUnit, absences: readonly Interval[], now: Instant): Instant | null {
  const soonest = soonestAfter(now);
  const end = endOf(unit);
  const starts = absences
    .filter((absence) => absence.start < end && absence.end > soonest)
    .map((absence) => Math.max(soonest, Math.floor(absence.start / QUARTER_MS) * QUARTER_MS));
  const first = Math.min(...starts);
  return first < end ? first : null;
}

function restOf(unit: PlanUnit, cutAt: Instant): PlanUnit {
  const intervals = clipped(unit.intervals, { start: cutAt, end: Number.POSITIVE_INFINITY });
  const start = intervals[0]?.start ?? cutAt;
  const id = `${unit.schedule}/${unit.rotation}@${formatInstant(start)}#${unit.seat}`;
  return { ...unit, id, intervals, previous: null, pinned: false, frozen: true };
}

function clipped(intervals: readonly Interval[], window: Interval): Interval[] {
  return intervals.flatMap(({ start, end }) => {
    const cut = { start: Math.max(start, window.start), end: Math.min(end, window.end) };
    return cut.start < cut.end ? [cut] : [];
  });
}

function startOf(unit: PlanUnit): Instant {
  return unit.intervals[0]?.start ?? 0;
}

function endOf(unit: PlanUnit): Instant {
  return unit.intervals.at(-1)?.end ?? 0;
}
