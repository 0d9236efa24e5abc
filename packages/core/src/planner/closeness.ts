import { HOUR_MS, type Instant } from '../time/interval.ts';
import { isNight, type Lattice } from './lattice.ts';
import { type PlanUnit, QUARTER_MS } from './problem.ts';

/** The first start, the last end and the hours of each unit. */
export interface Hulls {
  readonly hullStart: Float64Array;
  readonly hullEnd: Float64Array;
  readonly hours: Float64Array;
}

/** The instant at which a unit begins. */
export function startOf(unit: PlanUnit): Instant {
  return unit.intervals[0]?.start ?? 0;
}

/** The instant at which the last stretch of a unit ends. */
export function endOf(unit: PlanUnit): Instant {
  return unit.intervals.at(-1)?.end ?? 0;
}

export function hulls(units: readonly PlanUnit[]): Hulls {
  return {
    hullStart: Float64Array.from(units, startOf),
    hullEnd: Float64Array.from(units, endOf),
    hours: Float64Array.from(units, (unit) =>
      unit.intervals.reduce((all, { start, end }) => all + (end - start) / HOUR_MS, 0),
    ),
  };
}

/** For each unit those that one person cannot hold as well: overlap, or too little rest. Sorted by index. */
export function findConflicts(units: readonly PlanUnit[], { hullStart, hullEnd }: Hulls): Int32Array[] {
  const lists: number[][] = units.map(() => []);
  const rests = units.map((unit) => (unit.rules.restHours ?? 0) * HOUR_MS);
  const longestRest = rests.reduce((a, b) => Math.max(a, b), 0);
  for (let u = 0; u < units.length; u += 1) {
    const reach = (hullEnd[u] as number) + longestRest;
    for (let v = u + 1; v < units.length && (hullStart[v] as number) < reach; v += 1) {
      const rest = Math.max(rests[u] as number, rests[v] as number);
      if (!tooClose(units[u] as PlanUnit, units[v] as PlanUnit, rest)) continue;
      lists[u]?.push(v);
      lists[v]?.push(u);
    }
  }
  return lists.map((list) => Int32Array.from(list.sort((a, b) => a - b)));
}

/** Whether a stretch of one unit comes nearer than `rest` ms to a stretch of the other. Both are sorted. */
function tooClose(a: PlanUnit, b: PlanUnit, rest: number): boolean {
  let j = 0;
  for (const x of a.intervals) {
    while (j < b.intervals.length && (b.intervals[j]?.end ?? 0) + rest <= x.start) j += 1;
    const y = b.intervals[j];
    if (y === undefined) return false;
    if (y.start < x.end + rest) return true;
  }
  return false;
}

const NOON_MINUTE = 720;

/** The local days that a unit touches: those in which a stretch of it begins, and those whose noon it covers. */
export function touchedDays(unit: PlanUnit, lattice: Lattice): Int32Array {
  const days = new Set<number>();
  for (const { start, end } of unit.intervals) {
    const from = Math.round((start - lattice.origin) / QUARTER_MS);
    const to = Math.round((end - lattice.origin) / QUARTER_MS);
    days.add(lattice.localDay[from] as number);
    for (let k = from; k < to; k += 1) {
      if (lattice.localMinute[k] === NOON_MINUTE) days.add(lattice.localDay[k] as number);
    }
  }
  return Int32Array.from([...days].sort((a, b) => a - b));
}

/** The local nights of which a unit covers a part, each named after the day on whose evening it begins. */
export function touchedNights(unit: PlanUnit, lattice: Lattice): Int32Array {
  const nights = new Set<number>();
  for (const { start, end } of unit.intervals) {
    const from = Math.round((start - lattice.origin) / QUARTER_MS);
    const to = Math.round((end - lattice.origin) / QUARTER_MS);
    for (let k = from; k < to; k += 1) {
      if (!isNight(lattice.classes[k] as number)) continue;
      const day = lattice.localDay[k] as number;
      nights.add((lattice.localMinute[k] as number) < NOON_MINUTE ? day - 1 : day);
    }
  }
  return Int32Array.from([...nights].sort((a, b) => a - b));
}
