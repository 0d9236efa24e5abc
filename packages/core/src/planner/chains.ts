import { DAY_MS } from '../time/interval.ts';
import { brokenLimit } from './rules.ts';
import {
  changeDelta,
  costOf,
  EMPTY,
  give,
  isBetter,
  restore,
  type Snapshot,
  type State,
  setCost,
  snapshot,
  take,
} from './state.ts';

/** How many units one chain may push on, and how many steps the search for it may take. */
const CHAIN_LIMITS = { pushed: 3, nodes: 20_000 } as const;
/** A limit on days or weeks can only be met by giving away a unit this near. */
const NEAR_MS = 8 * DAY_MS;

interface Chain {
  readonly state: State;
  nodes: number;
  best: Snapshot;
}

/**
 * Fills an empty unit by pushing others on: somebody takes it and gives what is in its way to somebody else, and so
 * on. Tries chains of no push first, then of one, two and three, and keeps the best by gaps, changes and fairness.
 * Answers whether the cost fell.
 */
export function fillByChain(state: State, u: number): boolean {
  const start = snapshot(state);
  const chain: Chain = { state, nodes: CHAIN_LIMITS.nodes, best: start };
  for (let pushes = 0; pushes <= CHAIN_LIMITS.pushed; pushes += 1) {
    fill(chain, [u], pushes);
    // A longer chain changes more: it is only tried where no shorter one fills the unit.
    if (chain.best.holder[u] !== EMPTY) break;
  }
  restore(state, chain.best);
  setCost(state, chain.best);
  return chain.best !== start;
}

/** Fills all open units, pushing on at most `pushes` more. */
function fill(chain: Chain, open: readonly number[], pushes: number): void {
  const { state } = chain;
  const [u, ...others] = open;
  if (u === undefined) {
    if (isBetter(state, chain.best)) chain.best = snapshot(state);
    return;
  }
  const c = state.compiled;
  for (let i = 0; i < c.personCount; i += 1) {
    if (c.blocked[i * c.unitCount + u] !== 0) continue;
    if (chain.nodes <= 0) return;
    chain.nodes -= 1;
    const inTheWay = unitsInTheWay(state, i, u);
    if (inTheWay === null || inTheWay.length > pushes) continue;
    const extra = changeDelta(c, { from: EMPTY, to: i, u });
    if (state.gaps - gapPrices(state, open) > chain.best.gaps) continue;
    if (
      state.gaps - gapPrices(state, open) === chain.best.gaps &&
      state.changes + extra > chain.best.changes
    ) {
      continue;
    }
    const before = costOf(state);
    for (const v of inTheWay) take(state, v);
    const left = pushes - inTheWay.length;
    if (brokenLimit(state, i, u) === null) {
      give(state, i, u);
      fill(chain, [...others, ...inTheWay], left);
      take(state, u);
    } else if (left > 0) {
      fillDespiteLimit(chain, { u, i, open: [...others, ...inTheWay], left: left - 1 });
    }
    for (const v of inTheWay) give(state, i, v);
    setCost(state, before);
  }
}

function gapPrices({ compiled, holder }: State, open: readonly number[]): number {
  let sum = 0;
  for (const u of open) if (holder[u] === EMPTY) sum += compiled.gapPrice[u] as number;
  return sum;
}

/** Gives away one unit near u, each in turn, so that person i keeps within their limits. */
function fillDespiteLimit(
  chain: Chain,
  of: { readonly u: number; readonly i: number; readonly open: readonly number[]; readonly left: number },
): void {
  const { state } = chain;
  const { hullStart, pinned } = state.compiled;
  const { u, i, open, left } = of;
  const at = hullStart[u] as number;
  for (const v of [...(state.held[i] as number[])]) {
    if (pinned[v] === 1 || Math.abs((hullStart[v] as number) - at) > NEAR_MS) continue;
    if (chain.nodes <= 0) return;
    chain.nodes -= 1;
    const before = costOf(state);
    take(state, v);
    if (brokenLimit(state, i, u) === null) {
      give(state, i, u);
      fill(chain, [...open, v], left);
      take(state, u);
    }
    give(state, i, v);
    setCost(state, before);
  }
}

/** The units of person i that collide with u; null if a pinned one is among them. */
function unitsInTheWay({ compiled, holder }: State, i: number, u: number): number[] | null {
  const found: number[] = [];
  for (const v of compiled.conflicts[u] as Int32Array) {
    if (holder[v] !== i) continue;
    if (compiled.pinned[v] === 1) return null;
    found.push(v);
  }
  return found;
}
