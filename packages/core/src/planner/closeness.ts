import { weekendsBy } from '../people/weekend.ts';
import { HOUR_MS, type Instant, type Interval } from '../time/interval.ts';
import { isNight, type Lattice, NOON_MINUTE, nightAt } from './lattice.ts';
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

/** The quarters of a lattice that a stretch touches, also in part: from the first up to, not including, the last. */
function quartersOf({ start, end }: Interval, { origin }: Lattice): readonly [from: number, to: number] {
  return [Math.floor((start - origin) / QUARTER_MS), Math.ceil((end - origin) / QUARTER_MS)];
}

/** The local days that a unit touches: those in which a stretch of it begins, and those whose noon it covers. */
export function touchedDays(unit: PlanUnit, lattice: Lattice): Int32Array {
  const days = new Set<number>();
  for (const stretch of unit.intervals) {
    const [from, to] = quartersOf(stretch, lattice);
    days.add(lattice.localDay[from] as number);
    const isLate = lattice.origin + from * QUARTER_MS < stretch.start;
    for (let k = isLate ? from + 1 : from; k < to; k += 1) {
      if (lattice.localMinute[k] === NOON_MINUTE) days.add(lattice.localDay[k] as number);
    }
  }
  return Int32Array.from([...days].sort((a, b) => a - b));
}

/** The local nights of which a unit covers a part, each named after the day on whose evening it begins. */
export function touchedNights(unit: PlanUnit, lattice: Lattice): Int32Array {
  const nights = new Set<number>();
  for (const stretch of unit.intervals) {
    const [from, to] = quartersOf(stretch, lattice);
    for (let k = from; k < to; k += 1) {
      if (isNight(lattice.classes[k] as number)) nights.add(nightAt(lattice, k));
    }
  }
  return Int32Array.from([...nights].sort((a, b) => a - b));
}

/** The weekends of which a unit covers a part, counted from before the lattice's first. */
export function touchedWeekends(unit: PlanUnit, lattice: Lattice): Int32Array {
  const weekendOf = weekendsBy(lattice.weekend);
  const before = Math.floor(lattice.firstDay / 7) - 2;
  const weekends = new Set<number>();
  for (const stretch of unit.intervals) {
    const [from, to] = quartersOf(stretch, lattice);
    for (let day = lattice.localDay[from] as number; day <= (lattice.localDay[to - 1] as number); day += 1) {
      const weekend = weekendOf(day + lattice.firstDay);
      if (weekend !== null) weekends.add(weekend - before);
    }
  }
  return Int32Array.from([...weekends].sort((a, b) => a - b));
}
