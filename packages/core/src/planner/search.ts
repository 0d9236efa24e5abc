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
  /** How much worse than the start the walk may first become, as a part of its fairness; 0 if left out. */
  readonly slack?: number | undefined;
  /** By how much the price of its changes may first rise; 0 if left out. */
  readonly changeSlack?: number | undefined;
  /** Only these units start moves, in order of start; all movable ones if left out. */
  readonly units?: Int32Array | undefined;
}

/**
 * Late-acceptance local search: a move is taken when it is no worse than the cost `history` steps ago. Leaves the
 * best assignment seen. Budgets are in steps, never in time, so that the same input gives the same plan.
 */
export function improve(state: State, options: WalkOptions): void {
  const { seed, history, steps, slack = 0, changeSlack = 0, units } = options;
  const { compiled } = state;
  if (compiled.movable.length === 0 || units?.length === 0 || compiled.personCount < 2) return;
  const walk: Walk = {
    state,
    units: units ?? compiled.movable,
    random: randomFrom(seed),
    history: Array.from({ length: history }, () => ({
      gaps: state.gaps,
      changes: state.changes + changeSlack,
      fairness: state.fairness * (1 + slack),
    })),
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
