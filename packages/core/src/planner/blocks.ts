import { DAY_MS } from '../time/interval.ts';
import { brokenLimit } from './rules.ts';
import { changeDelta, costOf, EMPTY, firstFrom, give, type State, setCost, take } from './state.ts';
import { ableTo, pick, type Walk } from './walk.ts';

/** Blocks of two people are exchanged over up to so many days. */
const BLOCK_DAYS = 14;

/** Two people and the units that go from one to the other. */
interface Exchange {
  readonly i: number;
  readonly j: number;
  readonly fromI: readonly number[];
  readonly fromJ: readonly number[];
}

/** Two people exchange all that they hold in some days. */
export function exchangeBlocks(walk: Walk): boolean {
  const { state, ground } = walk;
  const c = state.compiled;
  const u = walk.units[pick(walk, walk.units.length)] as number;
  const i = state.holder[u] as number;
  const able = ableTo(walk, u);
  if (i === EMPTY || able.length === 0) return false;
  const j = able[pick(walk, able.length)] as number;
  if (i === j) return false;
  const start = c.hullStart[u] as number;
  const end = start + (1 + pick(walk, BLOCK_DAYS)) * DAY_MS;
  const fromI = heldWithin(state, i, { start, end });
  const fromJ = heldWithin(state, j, { start, end });
  for (const v of fromI) if (c.blocked[j * c.unitCount + v] !== 0) return false;
  for (const v of fromJ) if (c.blocked[i * c.unitCount + v] !== 0) return false;
  let changes = 0;
  if (c.problem.keepPrevious) {
    for (const v of fromI) changes += changeDelta(c, { from: i, to: j, u: v });
    for (const v of fromJ) changes += changeDelta(c, { from: j, to: i, u: v });
  }
  const [ofI, ofJ] = [
    { out: fromI, in: fromJ },
    { out: fromJ, in: fromI },
  ];
  const cost = exchangeDelta(walk, i, ofI) + exchangeDelta(walk, j, ofJ) + ground.changePrice * changes;
  if (cost > walk.threshold || collides(state, i, ofI) || collides(state, j, ofJ)) return false;
  return exchange(state, { i, j, fromI, fromJ });
}

/** The movable units that person i holds and that start within a stretch. */
function heldWithin(state: State, i: number, window: { start: number; end: number }): number[] {
  const { hullStart, pinned } = state.compiled;
  const held = state.held[i] as number[];
  const result: number[] = [];
  for (let k = firstFrom(state, i, window.start); k < held.length; k += 1) {
    const v = held[k] as number;
    if ((hullStart[v] as number) >= window.end) break;
    if (pinned[v] === 0) result.push(v);
  }
  return result;
}

/** Does the exchange; undoes it and answers false if a limit forbids a part. */
function exchange(state: State, { i, j, fromI, fromJ }: Exchange): boolean {
  const before = costOf(state);
  for (const u of fromI) take(state, u);
  for (const v of fromJ) take(state, v);
  const given: number[] = [];
  if (giveAll(state, j, { units: fromI, given }) && giveAll(state, i, { units: fromJ, given })) return true;
  for (const u of given) take(state, u);
  for (const u of fromI) give(state, i, u);
  for (const v of fromJ) give(state, j, v);
  setCost(state, before);
  return false;
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
