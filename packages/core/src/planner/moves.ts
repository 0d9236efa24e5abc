import { DAY_MS } from '../time/interval.ts';
import { cheapest } from './greedy.ts';
import { brokenLimit, collidingUnit, isBlocked } from './rules.ts';
import {
  changeDelta,
  costOf,
  EMPTY,
  gainDelta,
  give,
  lossDelta,
  type State,
  setCost,
  take,
} from './state.ts';
import { accepts, mayKeep, pick, type Walk } from './walk.ts';

/*
 * Each move answers whether there was anything to judge: a move that a rule forbids is no step of the history.
 */

/** Half of the swaps are between units this near to each other in order of start. */
const NEAR_UNITS = 20;
/** Blocks of two people are exchanged over up to so many days. */
const BLOCK_DAYS = 14;

/** Tries to give a random unit to a random person; a unit of theirs in its way is pushed on. */
export function moveUnit(walk: Walk): boolean {
  const { state, delta } = walk;
  const c = state.compiled;
  const u = walk.units[pick(walk, walk.units.length)] as number;
  const to = pick(walk, c.personCount);
  const from = state.holder[u] as number;
  if (to === from || c.blocked[to * c.unitCount + u] !== 0) return false;
  const blocker = collidingUnit(state, to, u);
  if (blocker !== EMPTY) {
    if (c.pinned[blocker] === 0) eject(walk, { u, to, blocker });
    return c.pinned[blocker] === 0;
  }
  delta.gaps = from === EMPTY ? -(c.gapPrice[u] as number) : 0;
  delta.changes = c.changePrice[u] === 0 ? 0 : changeDelta(c, { from, to, u });
  delta.fairness = gainDelta(state, to, u) + (from === EMPTY ? 0 : lossDelta(state, from, u));
  if (!accepts(walk)) return true;
  if (brokenLimit(state, to, u) !== null) return from === EMPTY && pushForGap(walk, u, to);
  if (from !== EMPTY) take(state, u);
  give(state, to, u);
  return true;
}

/** Somebody at a limit takes a unit that nobody holds, and gives away another one instead. */
function pushForGap(walk: Walk, u: number, to: number): boolean {
  const { state } = walk;
  const held = state.held[to] as number[];
  const blocker = held[pick(walk, held.length)];
  if (blocker === undefined || state.compiled.pinned[blocker] === 1) return false;
  eject(walk, { u, to, blocker });
  return true;
}

/** Gives u to somebody who holds a colliding unit, which goes to the cheapest other person, or becomes the gap. */
function eject(
  walk: Walk,
  move: { readonly u: number; readonly to: number; readonly blocker: number },
): void {
  const { state } = walk;
  const { u, to, blocker } = move;
  const from = state.holder[u] as number;
  const before = costOf(state);
  take(state, blocker);
  if (from !== EMPTY) take(state, u);
  let done = false;
  if (!isBlocked(state, to, u)) {
    give(state, to, u);
    const other = cheapest(state, blocker);
    if (other !== EMPTY) give(state, other, blocker);
    done = mayKeep(walk, before);
    if (!done) {
      if (other !== EMPTY) take(state, blocker);
      take(state, u);
    }
  }
  if (!done) {
    if (from !== EMPTY) give(state, from, u);
    give(state, to, blocker);
    setCost(state, before);
  }
}

/** Tries to let two people swap one unit each. */
export function swapUnits(walk: Walk): boolean {
  const { state, delta } = walk;
  const c = state.compiled;
  const { length } = walk.units;
  const first = pick(walk, length);
  const near = walk.random() < 0.5;
  const second = near ? Math.min(length - 1, first + 1 + pick(walk, NEAR_UNITS)) : pick(walk, length);
  const u = walk.units[first] as number;
  const v = walk.units[second] as number;
  const i = state.holder[u] as number;
  const j = state.holder[v] as number;
  if (i === j || i === EMPTY || j === EMPTY) return false;
  if (c.blocked[i * c.unitCount + v] !== 0 || c.blocked[j * c.unitCount + u] !== 0) return false;
  delta.gaps = 0;
  delta.changes = c.problem.keepPrevious
    ? changeDelta(c, { from: i, to: j, u }) + changeDelta(c, { from: j, to: i, u: v })
    : 0;
  delta.fairness = swapDelta(state, i, { out: u, in: v }) + swapDelta(state, j, { out: v, in: u });
  if (!accepts(walk)) return true;
  if (collidesBut(state, i, { u: v, but: u }) || collidesBut(state, j, { u, but: v })) return false;
  const before = costOf(state);
  take(state, u);
  take(state, v);
  if (brokenLimit(state, j, u) === null && brokenLimit(state, i, v) === null) {
    give(state, j, u);
    give(state, i, v);
  } else {
    give(state, i, u);
    give(state, j, v);
    setCost(state, before);
  }
  return true;
}

/** What the fairness part changes by for one person who gives one unit and gets another. */
export function swapDelta(
  state: State,
  i: number,
  swap: { readonly out: number; readonly in: number },
): number {
  const c = state.compiled;
  const out = i * c.unitCount + swap.out;
  const got = i * c.unitCount + swap.in;
  const wOut = c.weight[out] as number;
  const wIn = c.weight[got] as number;
  const w = wIn - wOut;
  const r = (c.restDay[got] as number) - (c.restDay[out] as number);
  const level = (c.base[i] as number) + (state.load[i] as number);
  const { restDays, recent } = c.problem.weights;
  const delta =
    (w * (2 * level + w) + restDays * r * (2 * (state.restDays[i] as number) + r)) /
      (c.entitlement[i] as number) +
    (c.linearPrice[got] as number) -
    (c.linearPrice[out] as number);
  const a = i * c.bucketCount + (c.bucket[swap.out] as number);
  const b = i * c.bucketCount + (c.bucket[swap.in] as number);
  if (a === b) {
    return delta + (recent * w * (2 * (state.buckets[a] as number) + w)) / (c.bucketEntitlement[a] as number);
  }
  return (
    delta -
    (recent * wOut * (2 * (state.buckets[a] as number) - wOut)) / (c.bucketEntitlement[a] as number) +
    (recent * wIn * (2 * (state.buckets[b] as number) + wIn)) / (c.bucketEntitlement[b] as number)
  );
}

/** Whether person i holds a unit that collides with u, apart from one. */
function collidesBut(state: State, i: number, of: { readonly u: number; readonly but: number }): boolean {
  const { holder } = state;
  for (const v of state.compiled.conflicts[of.u] as Int32Array) {
    if (holder[v] === i && v !== of.but) return true;
  }
  return false;
}

/** Two people and the units that go from one to the other. */
interface Exchange {
  readonly i: number;
  readonly j: number;
  readonly fromI: readonly number[];
  readonly fromJ: readonly number[];
}

/** Tries to let two people exchange all that they hold in some days. */
export function exchangeBlocks(walk: Walk): boolean {
  const { state, delta } = walk;
  const c = state.compiled;
  const u = walk.units[pick(walk, walk.units.length)] as number;
  const i = state.holder[u] as number;
  const j = pick(walk, c.personCount);
  if (i === EMPTY || i === j) return false;
  const start = c.hullStart[u] as number;
  const end = start + (1 + pick(walk, BLOCK_DAYS)) * DAY_MS;
  const fromI = heldWithin(state, i, { start, end });
  const fromJ = heldWithin(state, j, { start, end });
  for (const v of fromI) if (c.blocked[j * c.unitCount + v] !== 0) return false;
  for (const v of fromJ) if (c.blocked[i * c.unitCount + v] !== 0) return false;
  delta.gaps = 0;
  delta.changes = 0;
  if (c.problem.keepPrevious) {
    for (const v of fromI) delta.changes += changeDelta(c, { from: i, to: j, u: v });
    for (const v of fromJ) delta.changes += changeDelta(c, { from: j, to: i, u: v });
  }
  delta.fairness =
    exchangeDelta(walk, i, { out: fromI, in: fromJ }) + exchangeDelta(walk, j, { out: fromJ, in: fromI });
  if (!accepts(walk)) return true;
  if (collides(state, i, { out: fromI, in: fromJ }) || collides(state, j, { out: fromJ, in: fromI }))
    return false;
  exchange(state, { i, j, fromI, fromJ });
  return true;
}

/** The movable units that person i holds and that start within a stretch. */
function heldWithin(state: State, i: number, window: { start: number; end: number }): number[] {
  const { hullStart, pinned } = state.compiled;
  const result: number[] = [];
  for (const v of state.held[i] as number[]) {
    const at = hullStart[v] as number;
    if (at >= window.end) break;
    if (at >= window.start && pinned[v] === 0) result.push(v);
  }
  return result;
}

/** Does the exchange, or undoes it if a limit forbids a part. */
function exchange(state: State, { i, j, fromI, fromJ }: Exchange): void {
  const before = costOf(state);
  for (const u of fromI) take(state, u);
  for (const v of fromJ) take(state, v);
  const given: number[] = [];
  if (giveAll(state, j, { units: fromI, given }) && giveAll(state, i, { units: fromJ, given })) return;
  for (const u of given) take(state, u);
  for (const u of fromI) give(state, i, u);
  for (const v of fromJ) give(state, j, v);
  setCost(state, before);
}

function giveAll(state: State, to: number, of: { units: readonly number[]; given: number[] }): boolean {
  for (const u of of.units) {
    if (brokenLimit(state, to, u) !== null) return false;
    give(state, to, u);
    of.given.push(u);
  }
  return true;
}

interface OutAndIn {
  readonly out: readonly number[];
  readonly in: readonly number[];
}

function collides(state: State, i: number, exchanged: OutAndIn): boolean {
  const { conflicts } = state.compiled;
  for (const u of exchanged.in) {
    for (const v of conflicts[u] as Int32Array) {
      if (state.holder[v] === i && !exchanged.out.includes(v)) return true;
    }
  }
  return false;
}

/** What the fairness part changes by for one person who gives some units and gets others. */
function exchangeDelta({ state, scratch }: Walk, i: number, exchanged: OutAndIn): number {
  const c = state.compiled;
  const row = i * c.unitCount;
  let [load, rest, linear] = [0, 0, 0];
  for (const u of exchanged.out) {
    const w = c.weight[row + u] as number;
    load -= w;
    rest -= c.restDay[row + u] as number;
    linear -= c.linearPrice[row + u] as number;
    scratch[c.bucket[u] as number] = (scratch[c.bucket[u] as number] as number) - w;
  }
  for (const u of exchanged.in) {
    const w = c.weight[row + u] as number;
    load += w;
    rest += c.restDay[row + u] as number;
    linear += c.linearPrice[row + u] as number;
    scratch[c.bucket[u] as number] = (scratch[c.bucket[u] as number] as number) + w;
  }
  const { restDays, recent } = c.problem.weights;
  const level = (c.base[i] as number) + (state.load[i] as number);
  const whole = load * (2 * level + load) + restDays * rest * (2 * (state.restDays[i] as number) + rest);
  let delta = whole / (c.entitlement[i] as number) + linear;
  for (const list of [exchanged.out, exchanged.in]) {
    for (const u of list) {
      const bucket = c.bucket[u] as number;
      const change = scratch[bucket] as number;
      if (change === 0) continue;
      scratch[bucket] = 0;
      const b = i * c.bucketCount + bucket;
      const sum = 2 * (state.buckets[b] as number) + change;
      delta += (recent * change * sum) / (c.bucketEntitlement[b] as number);
    }
  }
  return delta;
}
