import { type Cost, isBetter, isWorse, type Snapshot, type State } from './state.ts';

/** A late-acceptance walk: where it is, the costs it had some steps ago, and the best it has seen. */
export interface Walk {
  readonly state: State;
  /** The units that the walk may start a move from. */
  readonly units: Int32Array;
  readonly random: () => number;
  readonly history: readonly Cost[];
  readonly best: Snapshot & { readonly holder: Int32Array };
  step: number;
  /** What the move under trial would change. One object for all moves: there are millions. */
  readonly delta: Cost;
  /** The cost that the move under trial would lead to. */
  readonly next: Cost;
  /** By bucket: the burden that the move under trial shifts. Wiped after use. */
  readonly scratch: Float64Array;
}

/** A whole number from 0 up to, not including, `count`. */
export function pick(walk: Walk, count: number): number {
  return Math.floor(walk.random() * count);
}

/** Whether `walk.delta` may be taken: the cost would be no worse than the history's, or no worse than now. */
export function accepts({ state, delta, next, history, step }: Walk): boolean {
  next.gaps = state.gaps + delta.gaps;
  next.changes = state.changes + delta.changes;
  next.fairness = state.fairness + delta.fairness;
  return !isWorse(next, history[step % history.length] as Cost) || !isWorse(next, state);
}

/** Whether the cost that the state has now may be kept, judged against the history and the cost before the move. */
export function mayKeep({ state, history, step }: Walk, before: Cost): boolean {
  return !isWorse(state, history[step % history.length] as Cost) || !isWorse(state, before);
}

/** Ends a step: the history learns of a better cost, and the best is kept. */
export function settle(walk: Walk): void {
  const { state, best } = walk;
  const slot = walk.history[walk.step % walk.history.length] as Cost;
  if (isWorse(slot, state)) copyCost(slot, state);
  if (isBetter(state, best)) {
    best.holder.set(state.holder);
    copyCost(best, state);
  }
}

function copyCost(to: Cost, from: Cost): void {
  to.gaps = from.gaps;
  to.changes = from.changes;
  to.fairness = from.fairness;
}
