import type { Compiled } from './compile.ts';
import { BURDEN_UNIT } from './problem.ts';
import { isBetter, type Snapshot, type State } from './state.ts';

/** What all walks over one problem share. */
export interface Ground {
  readonly compiled: Compiled;
  /** By unit: who may hold it at all; filled when asked for, see `ableTo`. */
  readonly able: (Int32Array | undefined)[];
  /** By unit: another one of the same time whose gap is cheaper, the cheapest; EMPTY if there is none. */
  readonly lesser: Int32Array;
  /** What a unit costs on the mean, in fairness: the measure of temperatures and of the two prices below. */
  readonly unitPrice: number;
  /** What a part of a gap costs while walking; only the best plan counts gaps above all. */
  readonly gapPrice: number;
  /** The same for a change. */
  readonly changePrice: number;
}

/** A walk that anneals: where it is, what a move may cost, and the best assignment that it has seen. */
export interface Walk {
  readonly state: State;
  readonly ground: Ground;
  /** The units that the walk may start a move from, in order of start. */
  readonly units: Int32Array;
  /** By unit: 1 for those. */
  readonly isUnit: Uint8Array;
  /** By unit: who may get it. */
  readonly able: (Int32Array | undefined)[];
  /** By person: 1 for who takes part; null is everybody. */
  readonly people: Uint8Array | null;
  readonly random: () => number;
  readonly best: Snapshot & { readonly holder: Int32Array };
  /** The most that the move under trial may cost. */
  threshold: number;
  /** By bucket: the burden that the move under trial shifts. Wiped after use. */
  readonly scratch: Float64Array;
}

/** A mean gap costs as much as so many units, a change of 1 as much as so many. */
const PRICES = { gap: 12, change: 12 } as const;
const NOBODY = -1;
/** So many of the moves of a unit begin with one that nobody holds, if there is any. */
const OPEN_PART = 0.2;

export function groundOf(compiled: Compiled): Ground {
  const { movable, unitCount, conflicts, hullStart, hullEnd, gapPrice } = compiled;
  const lesser = new Int32Array(unitCount).fill(NOBODY);
  for (const u of movable) {
    for (const v of conflicts[u] as Int32Array) {
      const best = lesser[u] as number;
      const most = best === NOBODY ? (gapPrice[u] as number) : (gapPrice[best] as number);
      const isBeside = hullStart[v] === hullStart[u] && hullEnd[v] === hullEnd[u];
      if (isBeside && compiled.pinned[v] === 0 && (gapPrice[v] as number) < most) lesser[u] = v;
    }
  }
  const unitPrice = meanPrice(compiled);
  const gaps = movable.reduce((sum, u) => sum + (gapPrice[u] as number), 0);
  return {
    compiled,
    able: new Array(unitCount),
    lesser,
    unitPrice,
    gapPrice: gaps === 0 ? 0 : (PRICES.gap * unitPrice * movable.length) / gaps,
    changePrice: PRICES.change * unitPrice,
  };
}

/** The price of a unit for whom it weighs least, at the mean level, on the mean. */
function meanPrice({ movable, personCount, unitCount, blocked, weight, priceScale }: Compiled): number {
  let [sum, count] = [0, 0];
  for (const u of movable) {
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < personCount; i += 1) {
      const at = i * unitCount + u;
      if (blocked[at] === 0) least = Math.min(least, weight[at] as number);
    }
    if (least === Number.POSITIVE_INFINITY) continue;
    sum += least;
    count += 1;
  }
  return count === 0 ? 0 : ((sum / count) * priceScale) / BURDEN_UNIT;
}

/** Who may get a unit in this walk. */
export function ableTo(walk: Walk, u: number): Int32Array {
  const known = walk.able[u];
  if (known !== undefined) return known;
  const { personCount, unitCount, blocked } = walk.state.compiled;
  const found: number[] = [];
  for (let i = 0; i < personCount; i += 1) {
    if (blocked[i * unitCount + u] === 0 && (walk.people === null || walk.people[i] === 1)) found.push(i);
  }
  const able = Int32Array.from(found);
  walk.able[u] = able;
  return able;
}

/** A random unit; more often than by chance one that nobody holds. */
export function pickUnit(walk: Walk): number {
  const { state, units } = walk;
  if (state.openCount > 0 && walk.random() < OPEN_PART) {
    const u = state.open[pick(walk, state.openCount)] as number;
    if (walk.isUnit[u] === 1) return u;
  }
  return units[pick(walk, units.length)] as number;
}

/** A whole number from 0 up to, not including, `count`. */
export function pick({ random }: Walk, count: number): number {
  return Math.floor(random() * count);
}

/** Keeps the assignment if it is the best so far. */
export function settle({ state, best }: Walk): void {
  if (!isBetter(state, best)) return;
  best.holder.set(state.holder);
  best.gaps = state.gaps;
  best.changes = state.changes;
  best.fairness = state.fairness;
}
