import { arcsOf, exchangeInCycles } from './cycles.ts';
import { greedy } from './greedy.ts';
import { isBlocked } from './rules.ts';
import { EMPTY, give, isBetter, restore, type State, snapshot, take } from './state.ts';

/** How much worse, as a part of its fairness, a start may be than the one before; falls to nothing. */
const TOLERANCE = 0.002;
/** How often two people exchange a stretch before the random moves, of 1. */
const STRETCHES = 0.3;
const FEWEST_KICKS = 2;
const MORE_KICKS = 4;

interface CycleSearch {
  /** The units that may move; their changes have no price. */
  readonly units: Int32Array;
  readonly random: () => number;
  readonly rounds: number;
}

/**
 * Disturbs the assignment, hands units round in cycles until nothing gains, and goes on from there if it is hardly
 * worse: for few units, where each person has one to four of them, this finds what single moves and swaps do not.
 * Leaves the best assignment seen.
 */
export function searchByCycles(state: State, search: CycleSearch): void {
  const { units, rounds } = search;
  exchangeInCycles(arcsOf(state, units));
  let current = snapshot(state);
  let best = current;
  for (let round = 0; round < rounds; round += 1) {
    if (search.random() < STRETCHES) exchangeStretch(state, search);
    kick(state, search);
    exchangeInCycles(arcsOf(state, units));
    const found = snapshot(state);
    if (isBetter(found, best)) best = found;
    const most = current.fairness * (1 + TOLERANCE * (1 - round / rounds));
    if (found.gaps <= current.gaps && found.fairness <= most) current = found;
    else restore(state, current);
  }
  restore(state, best);
}

/** Gives a few random units to random people who may have them. */
function kick(state: State, { units, random }: CycleSearch): void {
  const { personCount } = state.compiled;
  const kicks = FEWEST_KICKS + Math.floor(random() * MORE_KICKS);
  for (let k = 0; k < kicks; k += 1) {
    const u = units[Math.floor(random() * units.length)] as number;
    const to = Math.floor(random() * personCount);
    const from = state.holder[u] as number;
    if (from === to) continue;
    if (from !== EMPTY) take(state, u);
    if (!isBlocked(state, to, u)) give(state, to, u);
    else if (from !== EMPTY) give(state, from, u);
  }
}

/** Two people exchange all that they hold from one unit on to another; what does not fit goes to the cheapest. */
function exchangeStretch(state: State, { units, random }: CycleSearch): void {
  const { personCount } = state.compiled;
  const i = Math.floor(random() * personCount);
  const j = Math.floor(random() * personCount);
  const first = Math.floor(random() * units.length);
  const last = Math.min(units.length - 1, first + 2 + Math.floor(random() * units.length));
  if (i === j) return;
  const moved = [...units.subarray(first, last + 1)]
    .map((u) => ({ u, from: state.holder[u] as number }))
    .filter(({ from }) => from === i || from === j);
  for (const { u } of moved) take(state, u);
  for (const { u, from } of moved) {
    const to = from === i ? j : i;
    if (!isBlocked(state, to, u)) give(state, to, u);
  }
  greedy(
    state,
    moved.map(({ u }) => u),
  );
}
