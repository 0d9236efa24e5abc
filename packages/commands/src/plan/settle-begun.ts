import {
  DAY_MS,
  formatInstant,
  type Instant,
  type Interval,
  type PlanProblem,
  type PlanUnit,
  QUARTER_MS,
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

/**
 * Lets the begun units of a problem be what really counts: turns that were cut, or that an earlier rhythm left, are
 * there as they stand; what ended before anybody held it is left out, what runs without a holder is open; and where
 * the holder of a running turn goes away, the rest of it is a unit of its own.
 */
export function settleBegun(
  problem: PlanProblem,
  { turns, now }: { readonly turns: readonly PlannedTurnRow[]; readonly now: Instant },
): SettledProblem {
  const stretches = stretchesByUnit(turns);
  const away = new Map(problem.people.map(({ id, unavailable }) => [id, unavailable]));
  const splits: SplitTurn[] = [];
  const begun = [...problem.units, ...strays(problem, turns, { stretches, now })];
  const units = begun.flatMap((unit): PlanUnit[] => {
    if (!unit.pinned) return [unit];
    if (unit.previous === null) return endOf(unit) > now ? [{ ...unit, pinned: false }] : [];
    const standing = { ...unit, intervals: stretches.get(unit.id) ?? unit.intervals };
    const cutAt = awayFrom(standing, away.get(unit.previous) ?? [], now);
    if (cutAt === null) return [standing];
    const rest = restOf(standing, cutAt);
    splits.push({ unit: rest.id, from: unit.previous });
    const before = clipped(standing.intervals, { start: Number.NEGATIVE_INFINITY, end: cutAt });
    return before.length === 0 ? [rest] : [{ ...standing, intervals: before }, rest];
  });
  // The rest of a turn that was planned before keeps its holder as far as can be.
  const holders = new Map(turns.map(({ unit, person }) => [unit, person]));
  const kept = units.map((unit) =>
    problem.keepPrevious && splits.some((split) => split.unit === unit.id)
      ? { ...unit, previous: holders.get(unit.id) ?? null }
      : unit,
  );
  return { problem: { ...problem, units: kept }, splits };
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
  const soonest = (Math.floor(now / QUARTER_MS) + 1) * QUARTER_MS;
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

function endOf(unit: PlanUnit): Instant {
  return unit.intervals.at(-1)?.end ?? 0;
}
