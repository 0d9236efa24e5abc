import { brokenLimit } from './rules.ts';
import { costOf, EMPTY, gainDelta, give, lossDelta, type State, setCost, swapDelta, take } from './state.ts';

/** The most people who exchange units in one cycle. */
const MAX_CYCLE = 5;
/** A gain below this part of the fairness is rounding. */
const ROUNDING = 1e-11;

/**
 * The prices of handing units round. Nodes are the units and, behind them, one empty hand for each person. The arc
 * from x to y has the price of y's person for getting unit x in place of unit y; an empty hand stands for nothing.
 * Everybody has at most one part in a cycle, so the prices along it add up to what the cycle gains.
 */
interface Arcs {
  readonly state: State;
  /** By node: its unit, or −1 for an empty hand. */
  readonly unit: Int32Array;
  /** By unit: its node, or −1 for a unit that takes no part. */
  readonly node: Int32Array;
  readonly count: number;
  readonly price: Float64Array;
  /** Of the path from the present start to each node: its price by length, and the node before. */
  readonly reached: readonly Float64Array[];
  readonly before: readonly Int32Array[];
  /** By node: whose it is; EMPTY for a unit that nobody holds. */
  readonly owner: Int32Array;
  /** By person: the number of the path that they are part of, to tell quickly who is in the present one. */
  readonly seen: Int32Array;
  path: number;
}

/** Hands units round in cycles of up to five people as long as that gains. Changes are not priced. */
export function exchangeInCycles(arcs: Arcs): void {
  for (let start = 0, idle = 0; idle < arcs.count; start = (start + 1) % arcs.count) {
    const cycle = cycleFrom(arcs, start);
    idle += 1;
    if (cycle === null) continue;
    if (!turn(arcs, cycle)) continue;
    idle = 0;
  }
}

/** The arcs between some units, none of them pinned. */
export function arcsOf(state: State, units: Int32Array): Arcs {
  const { unitCount, personCount } = state.compiled;
  const count = units.length + personCount;
  const layers = Array.from({ length: MAX_CYCLE }, () => 0);
  const unit = new Int32Array(count).fill(-1);
  unit.set(units);
  const node = new Int32Array(unitCount).fill(-1);
  units.forEach((u, k) => {
    node[u] = k;
  });
  const owner = Int32Array.from({ length: count }, (_, k) =>
    k < units.length ? (state.holder[units[k] as number] as number) : k - units.length,
  );
  const arcs: Arcs = {
    state,
    unit,
    node,
    count,
    price: new Float64Array(count * count).fill(Number.POSITIVE_INFINITY),
    reached: layers.map(() => new Float64Array(count)),
    before: layers.map(() => new Int32Array(count)),
    owner,
    seen: new Int32Array(personCount),
    path: 0,
  };
  for (let i = 0; i < personCount; i += 1) priceFor(arcs, i);
  return arcs;
}

/** Prices all arcs into the nodes of one person: after a change of what they hold. */
export function priceFor(arcs: Arcs, i: number): void {
  const { state, count, node } = arcs;
  const hand = count - state.compiled.personCount + i;
  for (let from = 0; from < count; from += 1) priceArc(arcs, from, hand);
  for (const u of state.held[i] as number[]) {
    const to = node[u] as number;
    if (to < 0) continue;
    for (let from = 0; from < count; from += 1) priceArc(arcs, from, to);
  }
}

function priceArc({ state, unit, owner, price, count }: Arcs, from: number, to: number): void {
  const c = state.compiled;
  const i = owner[to] as number;
  const gets = unit[from] as number;
  const loses = unit[to] as number;
  const at = from * count + to;
  price[at] = Number.POSITIVE_INFINITY;
  if (i === EMPTY || owner[from] === EMPTY || owner[from] === i) return;
  if (gets < 0) {
    if (loses >= 0) price[at] = lossDelta(state, i, loses);
    return;
  }
  if (c.blocked[i * c.unitCount + gets] !== 0) return;
  for (const v of c.conflicts[gets] as Int32Array) {
    if (state.holder[v] === i && v !== loses) return;
  }
  price[at] = loses < 0 ? gainDelta(state, i, gets) : swapDelta(state, i, { out: loses, in: gets });
}

/** The best cycle through `start` whose prices stay below zero all along; null if there is none. */
function cycleFrom(arcs: Arcs, start: number): number[] | null {
  const { state, count, price, reached, before } = arcs;
  if (arcs.owner[start] === EMPTY) return null;
  const least = -ROUNDING * Math.abs(state.fairness);
  let best = least;
  let bestLength = 0;
  let bestEnd = -1;
  const first = reached[0] as Float64Array;
  first.fill(Number.POSITIVE_INFINITY);
  first[start] = 0;
  for (let length = 1; length < MAX_CYCLE; length += 1) {
    const from = reached[length - 1] as Float64Array;
    const to = reached[length] as Float64Array;
    to.fill(Number.POSITIVE_INFINITY);
    for (let x = 0; x < count; x += 1) {
      const sum = from[x] as number;
      if (!(sum < 0) && x !== start) continue;
      if (sum === Number.POSITIVE_INFINITY) continue;
      extend(arcs, { x, sum, length });
    }
    for (let x = 0; x < count; x += 1) {
      const sum = (to[x] as number) + (price[x * count + start] as number);
      if (sum < best) [best, bestLength, bestEnd] = [sum, length, x];
    }
  }
  if (bestEnd < 0) return null;
  const cycle: number[] = [];
  for (let x = bestEnd, length = bestLength; length >= 0; length -= 1) {
    cycle.unshift(x);
    x = (before[length] as Int32Array)[x] as number;
  }
  return cycle;
}

/** Takes the path of a length that ends in x one node further, to people who have no part in it yet. */
function extend(
  arcs: Arcs,
  path: { readonly x: number; readonly sum: number; readonly length: number },
): void {
  const { count, price, reached, before } = arcs;
  const { x, sum, length } = path;
  const to = reached[length] as Float64Array;
  const parents = before[length] as Int32Array;
  const { owner, seen } = arcs;
  arcs.path += 1;
  for (let node = x, k = length - 1; k >= 0; k -= 1) {
    seen[owner[node] as number] = arcs.path;
    node = (before[k] as Int32Array)[node] as number;
  }
  const row = x * count;
  for (let y = 0; y < count; y += 1) {
    const next = sum + (price[row + y] as number);
    if (!(next < 0) || next >= (to[y] as number)) continue;
    if (seen[owner[y] as number] === arcs.path) continue;
    to[y] = next;
    parents[y] = x;
  }
}

/** Hands the units on along a cycle; puts them back and answers false if a limit forbids it. */
function turn(arcs: Arcs, cycle: readonly number[]): boolean {
  const { state, count, price, unit, owner } = arcs;
  const owners = cycle.map((node) => owner[node] as number);
  const moved = cycle.flatMap((node, k) => {
    const u = unit[node] as number;
    const next = (k + 1) % cycle.length;
    return u < 0 ? [] : [{ u, node, from: owners[k] as number, to: owners[next] as number, next }];
  });
  const before = costOf(state);
  for (const { u } of moved) take(state, u);
  const broken = moved.findIndex(({ u, to }) => {
    if (brokenLimit(state, to, u) !== null) return true;
    give(state, to, u);
    return false;
  });
  if (broken >= 0) {
    for (const { u } of moved.slice(0, broken)) take(state, u);
    for (const { u, from } of moved) give(state, from, u);
    setCost(state, before);
    const { node, next } = moved[broken] as (typeof moved)[number];
    price[node * count + (cycle[next] as number)] = Number.POSITIVE_INFINITY;
    return false;
  }
  for (const { node, to } of moved) owner[node] = to;
  for (const i of owners) priceFor(arcs, i);
  // Whoever else could take one of the units is asked anew: it has another holder now.
  for (const { node } of moved) for (let to = 0; to < count; to += 1) priceArc(arcs, node, to);
  return true;
}
