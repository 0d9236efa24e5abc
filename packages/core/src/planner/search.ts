import { exchangeBlocks, moveUnit, swapUnits } from './moves.ts';
import { randomFrom } from './random.ts';
import { costOf, restore, type State, snapshot } from './state.ts';
import { settle, type Walk } from './walk.ts';

/** How often each move is tried, of 1; the rest are block exchanges. */
const REASSIGN = 0.3;
const SWAP = 0.35;

export interface WalkOptions {
  readonly seed: number;
  readonly history: number;
  readonly steps: number;
}

/**
 * Late-acceptance local search: a move is taken when it is no worse than the cost `history` steps ago. Leaves the
 * best assignment seen. Budgets are in steps, never in time, so that the same input gives the same plan.
 */
export function improve(state: State, { seed, history, steps }: WalkOptions): void {
  const { compiled } = state;
  if (compiled.movable.length === 0 || compiled.personCount < 2) return;
  const walk: Walk = {
    state,
    random: randomFrom(seed),
    history: Array.from({ length: history }, () => costOf(state)),
    best: snapshot(state),
    step: 0,
    delta: { gaps: 0, changes: 0, fairness: 0 },
    next: costOf(state),
    scratch: new Float64Array(compiled.bucketCount),
  };
  for (; walk.step < steps; walk.step += 1) {
    const dice = walk.random();
    if (tryMove(walk, dice)) settle(walk);
  }
  restore(state, walk.best);
}

function tryMove(walk: Walk, dice: number): boolean {
  if (dice < REASSIGN) return moveUnit(walk);
  return dice < REASSIGN + SWAP ? swapUnits(walk) : exchangeBlocks(walk);
}
