import { fillByChain } from './chains.ts';
import { searchByCycles } from './cycle-search.ts';
import { descend, greedy } from './greedy.ts';
import { searchHotSpots } from './hot-spots.ts';
import { randomFrom } from './random.ts';
import { improve } from './search.ts';
import { EMPTY, isBetter, restore, type State, snapshot } from './state.ts';
import { polishGaps, polishRandomWindows, polishWindows, solveOutright } from './windows.ts';

/** Called as the work goes on; `done` runs from 0 to 1 within a stage. */
export type PlanStage = 'prepare' | 'first' | 'improve' | 'polish' | 'certify';
export type Progress = (stage: PlanStage, done: number) => void;

/** Budgets of the search, in steps. */
const SEARCH = {
  /** So many units and people together are searched by cycles; their prices fill a square table. */
  cycleNodes: 120,
  /** It starts so often, each time from another walk; rounds of each are its work by the cube of the nodes. */
  cycles: { starts: 6, history: 2000, steps: 50_000, work: 10_000_000, maxRounds: 80 },
  smallProblem: 300,
  someUnits: { histories: [5000, 500], steps: 300_000 },
  manyUnits: { history: 500, minSteps: 200_000, maxSteps: 600_000, stepsPerUnit: 500 },
  hotSpotSteps: 300_000,
  /** A step looks at every person at worst: steps times people are at most this. */
  work: 120_000_000,
  /** Exact windows try every person. */
  windowPeople: 500,
  /** More units get a few rounds after the walks. */
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
  const { seed } = compiled.problem;
  const nodes = units.length + compiled.personCount;
  const random = randomFrom(seed ^ 0x51f15e);
  if (nodes <= SEARCH.cycleNodes) {
    searchFewUnits(state, units, progress);
  } else if (units.length < SEARCH.smallProblem) {
    walkFrom(state, units, { ...SEARCH.someUnits, seed, progress });
    fillGaps(state, units);
    if (compiled.personCount <= SEARCH.windowPeople) {
      searchHotSpots(state, { units, seed, steps: SEARCH.hotSpotSteps });
      searchByCycles(state, { units, random, rounds: Math.floor(SEARCH.lastCycleWork / nodes ** 3) });
      polishWindows(state, units);
      polishRandomWindows(state, { units, random, ...SEARCH.windows });
    }
  } else {
    const { history, minSteps, maxSteps, stepsPerUnit } = SEARCH.manyUnits;
    const steps = Math.min(maxSteps, Math.max(minSteps, stepsPerUnit * units.length));
    walkFrom(state, units, { histories: [history], steps, seed, progress });
    if (compiled.personCount <= SEARCH.windowPeople) {
      searchHotSpots(state, { units, seed, steps: SEARCH.hotSpotSteps });
    }
    fillGaps(state, units);
  }
  descend(state, units);
  progress('polish', 1);
}

/** Walks and cycles from one start, again and again with other random numbers; leaves the best. */
function searchFewUnits(state: State, units: Int32Array, progress: Progress): void {
  const { seed } = state.compiled.problem;
  const { starts, history, steps, work, maxRounds } = SEARCH.cycles;
  const rounds = Math.min(maxRounds, Math.floor(work / (units.length + state.compiled.personCount) ** 3));
  const start = snapshot(state);
  let best = start;
  for (let k = 0; k < starts; k += 1) {
    const own = (seed + k * 0x9e3779b9) >>> 0;
    restore(state, start);
    improve(state, { seed: own, history, steps, units });
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

/** One walk for each history, all from the same start; leaves the best. */
function walkFrom(
  state: State,
  units: Int32Array,
  of: {
    readonly histories: readonly number[];
    readonly steps: number;
    readonly seed: number;
    readonly progress: Progress;
  },
): void {
  const start = snapshot(state);
  let best = start;
  const steps = Math.min(of.steps, Math.floor(SEARCH.work / state.compiled.personCount));
  of.histories.forEach((history, k) => {
    restore(state, start);
    improve(state, { seed: (of.seed + k * 0x9e3779b9) >>> 0, history, steps, units });
    descend(state, units);
    const found = snapshot(state);
    if (isBetter(found, best)) best = found;
    of.progress('improve', (k + 1) / of.histories.length);
  });
  restore(state, best);
}

/** Exact windows and chains around each gap. */
function fillGaps(state: State, units: Int32Array): void {
  polishGaps(state);
  for (const u of units) {
    if (state.holder[u] === EMPTY) fillByChain(state, u);
  }
}
