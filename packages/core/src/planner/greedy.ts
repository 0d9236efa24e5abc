import { brokenLimit, collidingUnit, isBlocked } from './rules.ts';
import { changeDelta, EMPTY, gainDelta, give, type State, take } from './state.ts';

/** How often descent goes over all units at most. */
const DESCENT_ROUNDS = 30;
/** A gain below this part of the fairness is rounding. */
const ROUNDING = 1e-13;

/** Gives each empty unit, in order of time or in the order named, to the cheapest feasible person. */
export function greedy(state: State, order: Int32Array | readonly number[] = state.compiled.movable): void {
  for (const u of order) {
    if (state.holder[u] !== EMPTY) continue;
    const best = cheapest(state, u);
    if (best !== EMPTY) give(state, best, u);
  }
}

/** The feasible person for whom unit u, which must be empty, costs least: changes first; ties by id. */
export function cheapest(state: State, u: number): number {
  const c = state.compiled;
  const { personCount, unitCount, blocked } = c;
  const hasChangePrice = c.changePrice[u] !== 0;
  let best = EMPTY;
  let bestChange = Number.POSITIVE_INFINITY;
  let bestPrice = Number.POSITIVE_INFINITY;
  for (let i = 0; i < personCount; i += 1) {
    if (blocked[i * unitCount + u] !== 0) continue;
    const change = hasChangePrice ? changeDelta(c, { from: EMPTY, to: i, u }) : 0;
    if (change > bestChange) continue;
    const price = gainDelta(state, i, u);
    if (change === bestChange && price >= bestPrice) continue;
    if (collidingUnit(state, i, u) !== EMPTY || brokenLimit(state, i, u) !== null) continue;
    best = i;
    bestChange = change;
    bestPrice = price;
  }
  return best;
}

/**
 * Moves each unit to its cheapest person until none gains. What it leaves keeps the planner's promise: whoever
 * holds a unit is the cheapest feasible one given the rest, and no gap is one that somebody could take.
 */
export function descend(state: State, units: Int32Array | readonly number[] = state.compiled.movable): void {
  for (let round = 0; round < DESCENT_ROUNDS; round += 1) {
    let moved = false;
    for (const u of units) {
      const from = state.holder[u] as number;
      const cost = { gaps: state.gaps, changes: state.changes, fairness: state.fairness };
      if (from !== EMPTY) take(state, u);
      const to = cheapest(state, u);
      const stays = from !== EMPTY && (to === EMPTY || !isCheaper(state, u, { to, than: from }));
      const winner = stays ? from : to;
      if (winner !== EMPTY) give(state, winner, u);
      if (winner === from) Object.assign(state, cost);
      else moved = true;
    }
    if (!moved) return;
  }
}

function isCheaper(state: State, u: number, of: { to: number; than: number }): boolean {
  if (of.to === of.than) return false;
  const change = changeDelta(state.compiled, { from: of.than, to: of.to, u });
  if (change !== 0) return change < 0;
  const gain = gainDelta(state, of.than, u) - gainDelta(state, of.to, u);
  return gain > ROUNDING * Math.abs(state.fairness);
}

/** Units by how few people could take them now, the fewest first. */
export function mostConstrainedFirst(state: State, units: readonly number[]): number[] {
  const { personCount } = state.compiled;
  const counts = new Map<number, number>();
  for (const u of units) {
    let count = 0;
    for (let i = 0; i < personCount; i += 1) if (!isBlocked(state, i, u)) count += 1;
    counts.set(u, count);
  }
  return [...units].sort((a, b) => (counts.get(a) ?? 0) - (counts.get(b) ?? 0) || a - b);
}
