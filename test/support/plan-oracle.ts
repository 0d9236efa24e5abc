import {
  audit,
  formatDate,
  type PersonId,
  type PlanPerson,
  type PlanProblem,
  type PlanUnit,
  toWall,
  weekdayOf,
} from '@watchbill/core';

/**
 * The planner's objective and its best value, worked out from the definition alone: quarter by quarter, without
 * prefix sums, and by trying every set of units that each person could hold.
 */

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const QUARTER_MS = 900_000;
const BUCKET_MS = 28 * DAY_MS;

/** Gaps, changes and fairness, compared in this order. */
export type Cost = readonly [gaps: number, changes: number, fairness: number];

interface PairCost {
  readonly weight: number;
  readonly rest: number;
  readonly night: number;
  readonly wish: number;
}

function isWithin(minute: number, from: number, to: number): boolean {
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
}

/** What one unit means to one person. */
function pairCost(problem: PlanProblem, person: PlanPerson, unit: PlanUnit): PairCost {
  const { rates, roles, preferNot, want } = problem.weights;
  const factor = roles[unit.role] ?? 0.5;
  let [weight, rest, night, wish] = [0, 0, 0, 0];
  for (const { start, end } of unit.intervals) {
    for (let at = start; at < end; at += QUARTER_MS) {
      const wall = toWall(at, person.timeZone);
      const day = Math.floor(wall / DAY_MS);
      const minute = Math.floor((wall - day * DAY_MS) / 60_000);
      const weekday = weekdayOf(day);
      const isNight = isWithin(minute, person.sleep.fromMinute, person.sleep.toMinute);
      const isHoliday = person.holidays?.dates.includes(formatDate(day)) === true;
      const isWeekend = person.weekend.includes(weekday);
      const works = person.workingHours.some(
        ({ days, fromMinute, toMinute }) => days.includes(weekday) && isWithin(minute, fromMinute, toMinute),
      );
      let rate = works ? rates.core : rates.waking;
      if (isNight) rate = rates.night;
      if (isWeekend) rate = isNight ? rates.weekendNight : rates.weekend;
      if (isHoliday) rate = isNight ? rates.holidayNight : rates.holiday;
      weight += rate * 4;
      if (isHoliday || isWeekend) rest += rate * 4;
      if (isNight) night += 0.25;
      for (const { days, weight: wished } of person.prefers) {
        if (days.includes(weekday)) wish += (wished < 0 ? -wished * preferNot : wished * want) / 4;
      }
    }
  }
  return {
    weight: Math.round(factor * weight),
    rest: Math.round(factor * rest),
    night: factor * night,
    wish: factor === 0 ? 0 : wish,
  };
}

function away(person: PlanPerson, from: number, to: number, longest: boolean): number {
  let quarters = 0;
  for (let at = from; at < to; at += QUARTER_MS) {
    const isMember =
      at >= (person.joined ?? at) && at < (person.left ?? at + 1) && at >= (person.shadowUntil ?? at);
    const isOff = person.unavailable.some(
      ({ start, end }) => at >= start && at < end && (!longest || end - start > BUCKET_MS),
    );
    if (isMember && !isOff) quarters += 1;
  }
  return (quarters * QUARTER_MS) / (to - from);
}

function canHold(problem: PlanProblem, person: PersonId, units: readonly PlanUnit[]): boolean {
  return audit(problem, new Map(units.map(({ id }) => [id, person]))).length === 0;
}

/** Rules that hold whatever else a person has; the prices of nights and the mean level go by these alone. */
const FIXED_RULES = [
  'not-eligible',
  'not-a-member',
  'newcomer',
  'not-a-newcomer',
  'absent',
  'busy-elsewhere',
];

function isFree(problem: PlanProblem, person: PersonId, unit: PlanUnit): boolean {
  const found = audit(problem, new Map([[unit.id, person]]));
  return !found.some(({ rule }) => FIXED_RULES.includes(rule));
}

/** All numbers of a problem. People and units are in the order of the problem. */
export interface Weighed {
  readonly problem: PlanProblem;
  readonly pairs: readonly (readonly PairCost[])[];
  readonly linear: readonly (readonly number[])[];
  readonly scale: number;
  readonly entitlement: readonly number[];
  readonly bucketOf: readonly number[];
  readonly bucketEntitlement: readonly (readonly number[])[];
}

export function weigh(problem: PlanProblem): Weighed {
  const { people, units, horizon, weights } = problem;
  const pairs = people.map((person) => units.map((unit) => pairCost(problem, person, unit)));
  const free = people.map((person) => units.map((unit) => isFree(problem, person.id, unit)));
  const buckets = Math.max(1, Math.ceil((horizon.end - horizon.start) / BUCKET_MS));
  const entitlement = people.map((person) =>
    Math.max(1e-3, person.share * away(person, horizon.start, horizon.end, true)),
  );
  const bucketEntitlement = people.map((person) =>
    Array.from({ length: buckets }, (_, b) => {
      const from = horizon.start + b * BUCKET_MS;
      const part = away(person, from, Math.min(horizon.end, from + BUCKET_MS), false);
      return Math.max(0.1 * person.share, part * person.share);
    }),
  );
  const linear = people.map((_, i) =>
    units.map((unit, u) => {
      const hours = unit.intervals.reduce((sum, { start, end }) => sum + (end - start) / HOUR_MS, 0);
      const nights = people.flatMap((__, j) => (free[j]?.[u] ? [pairs[j]?.[u]?.night ?? 0] : []));
      const least = Math.min(...nights);
      const more = hours >= 24 || nights.length === 0 ? 0 : (pairs[i]?.[u]?.night ?? 0) - least;
      return (pairs[i]?.[u]?.wish ?? 0) + weights.avoidableNight * Math.max(0, more);
    }),
  );
  let total = people.reduce((sum, { carried }) => sum + carried, 0);
  units.forEach((_, u) => {
    const able = people.flatMap((__, i) => (free[i]?.[u] ? [pairs[i]?.[u]?.weight ?? 0] : []));
    if (able.length > 0) total += able.reduce((sum, weight) => sum + weight, 0) / able.length;
  });
  const shares = entitlement.reduce((sum, share) => sum + share, 0);
  const bucketOf = units.map(({ intervals }) =>
    Math.min(buckets - 1, Math.floor(((intervals[0]?.start ?? 0) - horizon.start) / BUCKET_MS)),
  );
  const scale = 2 * (weights.levelOffset * 16 + total / shares) * 16;
  return { problem, pairs, linear, scale, entitlement, bucketOf, bucketEntitlement };
}

/** The fairness part that one person has with some units, by index. */
export function personValue(weighed: Weighed, i: number, units: readonly number[]): number {
  const { problem, pairs, linear, scale, entitlement, bucketOf, bucketEntitlement } = weighed;
  const { levelOffset, restDays, recent } = problem.weights;
  const share = entitlement[i] as number;
  let level = levelOffset * 16 * share + (problem.people[i]?.carried ?? 0);
  let [rest, prices] = [0, 0];
  const buckets = (bucketEntitlement[i] ?? []).map(() => 0);
  for (const u of units) {
    const pair = pairs[i]?.[u] as PairCost;
    level += pair.weight;
    rest += pair.rest;
    prices += linear[i]?.[u] as number;
    const b = bucketOf[u] as number;
    buckets[b] = (buckets[b] as number) + pair.weight;
  }
  const spread = buckets.reduce(
    (sum, part, b) => sum + (recent * part * part) / (bucketEntitlement[i]?.[b] as number),
    0,
  );
  return (level * level + restDays * rest * rest) / share + spread + prices * scale;
}

function gapPrice({ weights }: PlanProblem, unit: PlanUnit): number {
  const minutes = unit.intervals.reduce((sum, { start, end }) => sum + (end - start) / 60_000, 0);
  return minutes * (weights.gapPrices[unit.role] ?? 400);
}

function changePrice(problem: PlanProblem, unit: PlanUnit): number {
  if (!problem.keepPrevious || unit.previous === null) return 0;
  return unit.frozen ? 8 : 1;
}

/** The cost of an assignment, by the definition. */
export function costOf(problem: PlanProblem, assignment: ReadonlyMap<string, PersonId | null>): Cost {
  const weighed = weigh(problem);
  const { units, people } = problem;
  let [gaps, changes] = [0, 0];
  for (const unit of units) {
    const holder = assignment.get(unit.id) ?? null;
    if (holder === null) gaps += gapPrice(problem, unit);
    if (holder !== unit.previous) changes += changePrice(problem, unit);
  }
  const fairness = people.reduce((sum, person, i) => {
    const held = units.flatMap((unit, u) => (assignment.get(unit.id) === person.id ? [u] : []));
    return sum + personValue(weighed, i, held);
  }, 0);
  return [gaps, changes, fairness];
}

function isLess(a: Cost, b: Cost): boolean {
  if (a[0] !== b[0]) return a[0] < b[0];
  if (a[1] !== b[1]) return a[1] < b[1];
  return a[2] < b[2];
}

/** The least cost there is, over every way to fill the units. For at most a dozen units. */
export function bestCost(problem: PlanProblem): Cost {
  const { units, people } = problem;
  const weighed = weigh(problem);
  const size = 1 << units.length;
  const bits = units.map((_, u) => u);
  const held = (mask: number) => bits.filter((u) => (mask & (1 << u)) !== 0);
  const gaps = Array.from({ length: size }, (_, mask) =>
    held(mask).reduce((sum, u) => sum + gapPrice(problem, units[u] as PlanUnit), 0),
  );
  const all = size - 1;
  // By the units given away so far: the least changes and fairness.
  let reached: (Cost | null)[] = Array.from({ length: size }, () => null);
  reached[0] = [0, 0, 0];
  people.forEach((person, i) => {
    const options = feasibleSets(problem, person.id, size).map((mask) => {
      const own = held(mask);
      const changes = own.reduce((sum, u) => {
        const unit = units[u] as PlanUnit;
        return sum + (unit.previous === person.id ? 0 : changePrice(problem, unit));
      }, 0);
      return { mask, changes, fairness: personValue(weighed, i, own) };
    });
    const next: (Cost | null)[] = Array.from({ length: size }, () => null);
    reached.forEach((from, taken) => {
      if (from === null) return;
      for (const { mask, changes, fairness } of options) {
        if ((mask & taken) !== 0) continue;
        const cost: Cost = [0, from[1] + changes, from[2] + fairness];
        const old = next[taken | mask];
        if (old === null || old === undefined || isLess(cost, old)) next[taken | mask] = cost;
      }
    });
    reached = next;
  });
  let best: Cost = [Number.POSITIVE_INFINITY, 0, 0];
  reached.forEach((cost, taken) => {
    if (cost === null) return;
    const empty = held(all & ~taken);
    const lost = empty.reduce((sum, u) => sum + changePrice(problem, units[u] as PlanUnit), 0);
    const whole: Cost = [gaps[all & ~taken] as number, cost[1] + lost, cost[2]];
    if (isLess(whole, best)) best = whole;
  });
  return best;
}

/** The sets of units that one person may hold, as bits. Whatever breaks a rule breaks it in a larger set too. */
function feasibleSets(problem: PlanProblem, person: PersonId, size: number): number[] {
  const feasible = new Uint8Array(size);
  feasible[0] = 1;
  const found = [0];
  for (let mask = 1; mask < size; mask += 1) {
    const own = problem.units.flatMap((unit, u) => ((mask & (1 << u)) !== 0 ? [{ unit, bit: 1 << u }] : []));
    if (own.some(({ bit }) => feasible[mask ^ bit] === 0)) continue;
    const units = own.map(({ unit }) => unit);
    if (!canHold(problem, person, units)) continue;
    feasible[mask] = 1;
    found.push(mask);
  }
  return found;
}
