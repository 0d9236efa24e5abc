import { arcsOf, exchangeInCycles } from './cycles.ts';
import { isBlocked } from './rules.ts';
import { EMPTY, give, isBetter, restore, type State, snapshot, take } from './state.ts';

/** How much worse, as a part of its fairness, a start may be than the one before; falls to nothing. */
const TOLERANCE = 0.001;
/** After so many rounds the search goes on from the best it has seen. */
const RETURN_AFTER = 100;
const FEWEST_KICKS = 2;
const MORE_KICKS = 4;

/**
 * Disturbs the assignment by a few random moves, hands units round in cycles until nothing gains, and goes on from
 * there if it is hardly worse: for few units, where each person has one to three of them, this finds what single
 * moves and swaps do not. Leaves the best assignment seen.
 */
export function searchByCycles(
  state: State,
  { random, rounds }: { readonly random: () => number; readonly rounds: number },
): void {
  exchangeInCycles(state, arcsOf(state));
  let current = snapshot(state);
  let best = current;
  for (let round = 0; round < rounds; round += 1) {
    kick(state, random);
    exchangeInCycles(state, arcsOf(state));
    const found = snapshot(state);
    if (isBetter(found, best)) best = found;
    const most = current.fairness * (1 + TOLERANCE * (1 - round / rounds));
    if (found.gaps <= current.gaps && found.fairness <= most) current = found;
    else restore(state, current);
    if (round % RETURN_AFTER === RETURN_AFTER - 1) {
      restore(state, best);
      current = best;
    }
  }
  restore(state, best);
}

/** Gives a few random units to random people who may have them. */
function kick(state: State, random: () => number): void {
  const { movable, personCount } = state.compiled;
  const kicks = FEWEST_KICKS + Math.floor(random() * MORE_KICKS);
  for (let k = 0; k < kicks; k += 1) {
    const u = movable[Math.floor(random() * movable.length)] as number;
    const to = Math.floor(random() * personCount);
    const from = state.holder[u] as number;
    if (from === to) continue;
    if (from !== EMPTY) take(state, u);
    if (!isBlocked(state, to, u)) give(state, to, u);
    else if (from !== EMPTY) give(state, from, u);
  }
}
