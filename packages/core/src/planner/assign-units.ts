import { fillByChain } from './chains.ts';
import { searchByCycles } from './cycle-search.ts';
import { descend, greedy } from './greedy.ts';
import { SHADOW_ROLE } from './pairs.ts';
import { randomFrom } from './random.ts';
import { improve } from './search.ts';
import { EMPTY, isBetter, restore, type State, snapshot, take } from './state.ts';
import { searchStretches } from './stretches.ts';
import { groundOf } from './walk.ts';
import { polishGaps, polishRandomWindows, polishWindows, solveOutright } from './windows.ts';

/** Called as the work goes on; `done` runs from 0 to 1 within a stage. */
export type PlanStage = 'prepare' | 'first' | 'improve' | 'polish' | 'certify';
export type Progress = (stage: PlanStage, done: number) => void;

/** Budgets of the search, in steps; temperatures are in prices of a mean unit. */
const SEARCH = {
  /** So many units and people together are searched by cycles; their prices fill a square table. */
  cycleNodes: 120,
  /** It starts so often, each time from another walk; rounds of each are its work by the cube of the nodes. */
  cycles: { starts: 6, steps: 50_000, from: 1, to: 0.001, work: 10_000_000, maxRounds: 80 },
  whole: { steps: 800_000, from: 2, to: 0.0003 },
  stretches: { steps: 1_800_000 },
  /** Where units stay open, which ones matters most: one longer walk, from nothing. */
  again: { nodes: 300, most: 3_000_000, perUnit: 30_000, from: 2, to: 0.0003, stretches: 0.13 },
  /** After an exact solver has moved gaps. */
  on: { most: 500_000, perUnit: 5_000, from: 0.3, to: 0.0003 },
  last: { steps: 300_000, from: 0.01, to: 0.0002 },
  /** Exact windows try every person; for more units they take too long. */
  windowPeople: 500,
  windowUnits: 300,
  lastCycleWork: 60_000_000,
  windows: { windows: 400, size: 6, nodes: 2_000 },
} as const;

/**
 * Assigns some units as fairly as the search can, the rest as it is; none of them may have a price for changes. What
 * it leaves keeps the planner's promise: whoever holds one of them is the cheapest feasible one given the rest.
 */
export function assignUnits(state: State, units: Int32Array, progress: Progress): void {
  const { compiled } = state;
  greedy(state, units);
  descend(state, units);
  progress('first', 1);
  if (solveOutright(state, units)) return;
  const nodes = units.length + compiled.personCount;
  if (nodes <= SEARCH.cycleNodes) searchFewUnits(state, units, progress);
  else searchManyUnits(state, units, progress);
  if (nodes <= SEARCH.again.nodes && hasGap(state, units)) searchAgain(state, units);
  descend(state, units);
  progress('polish', 1);
}

/** Walks and cycles from one start, again and again with other random numbers; leaves the best. */
function searchFewUnits(state: State, units: Int32Array, progress: Progress): void {
  const { seed } = state.compiled.problem;
  const { starts, steps, from, to, work, maxRounds } = SEARCH.cycles;
  const { effort, personCount } = state.compiled;
  const rounds = Math.min(maxRounds, Math.floor((effort * work) / (units.length + personCount) ** 3));
  const ground = groundOf(state.compiled);
  const start = snapshot(state);
  let best = start;
  for (let k = 0; k < starts; k += 1) {
    const own = (seed + k * 0x9e3779b9) >>> 0;
    restore(state, start);
    improve(state, ground, { seed: own, steps: effort * steps, from, to, units });
    fillGaps(state, units);
    searchByCycles(state, { units, random: randomFrom(own ^ 0x51f15e), rounds });
    const found = snapshot(state);
    if (isBetter(found, best)) best = found;
    progress('improve', (k + 1) / starts);
  }
  restore(state, best);
  // Which of several gaps is the fairest to leave: cycles do not ask.
  if (units.some((u) => state.holder[u] === EMPTY)) polishWindows(state, units);
}

/** One walk over the whole, many over stretches, a last one that is cold; then exchanges and exact windows. */
function searchManyUnits(state: State, units: Int32Array, progress: Progress): void {
  const { compiled } = state;
  const { seed } = compiled.problem;
  const { effort } = compiled;
  const { whole, stretches, last } = SEARCH;
  const ground = groundOf(compiled);
  const random = randomFrom(seed ^ 0x51f15e);
  improve(state, ground, { seed, ...whole, steps: effort * whole.steps, units });
  progress('improve', 0.4);
  searchStretches(state, ground, { units, random, steps: effort * stretches.steps });
  progress('improve', 0.8);
  const cold = { ...last, steps: effort * last.steps };
  improve(state, ground, { seed: (seed + 0x9e3779b9) >>> 0, ...cold, units });
  progress('improve', 1);
  fillGaps(state, units);
  if (effort < 1 || units.length >= SEARCH.windowUnits || compiled.personCount > SEARCH.windowPeople) return;
  const nodes = units.length + compiled.personCount;
  searchByCycles(state, { units, random, rounds: Math.floor((effort * SEARCH.lastCycleWork) / nodes ** 3) });
  polishWindows(state, units);
  polishRandomWindows(state, { units, random, ...SEARCH.windows });
}

/** Whether a unit stays open that somebody might hold; a shadow's seat may stay empty. */
function hasGap({ holder, compiled }: State, units: Int32Array): boolean {
  const { personCount, unitCount, blocked } = compiled;
  const someone = (u: number): boolean => {
    for (let i = 0; i < personCount; i += 1) if (blocked[i * unitCount + u] === 0) return true;
    return false;
  };
  return units.some((u) => holder[u] === EMPTY && compiled.units[u]?.role !== SHADOW_ROLE && someone(u));
}

/** A longer walk for a plan with gaps, from nothing; keeps the better of both. */
function searchAgain(state: State, units: Int32Array): void {
  const { most, perUnit, from, to, stretches } = SEARCH.again;
  const ground = groundOf(state.compiled);
  const seed = (state.compiled.problem.seed + 0x3c6ef372) >>> 0;
  const steps = state.compiled.effort * Math.min(most, perUnit * units.length);
  const first = snapshot(state);
  for (const u of units) if (state.holder[u] !== EMPTY) take(state, u);
  greedy(state, units);
  improve(state, ground, { seed, steps, from, to, units });
  fillGaps(state, units);
  searchStretches(state, ground, { units, random: randomFrom(seed), steps: stretches * steps });
  polishWindows(state, units);
  if (!isBetter(state, first)) restore(state, first);
}

/** Goes on from an assignment, which may only become better: for one whose gaps a solver has moved. */
export function searchOn(state: State, units: Int32Array): void {
  if (solveOutright(state, units)) return;
  const { most, perUnit, from, to } = SEARCH.on;
  const ground = groundOf(state.compiled);
  const seed = (state.compiled.problem.seed ^ 0x3c6ef372) >>> 0;
  const steps = Math.min(most, perUnit * units.length);
  descend(state, units);
  improve(state, ground, { seed, steps, from, to, units });
  searchStretches(state, ground, { units, random: randomFrom(seed), steps });
  descend(state, units);
}

/** Exact windows and chains around each gap. */
function fillGaps(state: State, units: Int32Array): void {
  polishGaps(state);
  for (const u of units) {
    if (state.holder[u] === EMPTY) fillByChain(state, u);
  }
}
