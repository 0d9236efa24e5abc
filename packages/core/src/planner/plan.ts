import type { PersonId } from '../schedule/schedule.ts';
import { lowerBound } from './bound.ts';
import { fillByChain } from './chains.ts';
import { type Compiled, compile } from './compile.ts';
import { searchByCycles } from './cycle-search.ts';
import { descend, greedy } from './greedy.ts';
import { searchHotSpots } from './hot-spots.ts';
import type { PlanProblem } from './problem.ts';
import { randomFrom } from './random.ts';
import { changesOf, forcedCount, type PlanChange, replan } from './replan.ts';
import { improve } from './search.ts';
import { EMPTY, emptyState, isBetter, restore, type State, snapshot } from './state.ts';
import { EXACT, isSmall, polishGaps, polishRandomWindows, polishWindows, solveWindow } from './windows.ts';

/** Called as the work goes on; `done` runs from 0 to 1 within a stage. */
export type PlanStage = 'prepare' | 'first' | 'improve' | 'polish' | 'certify';
export type Progress = (stage: PlanStage, done: number) => void;

export interface PlanOptions {
  readonly progress?: Progress | undefined;
  /** Whether to prove a lower bound of the fairness, which takes seconds for large problems; true if left out. */
  readonly certify?: boolean | undefined;
}

export interface Plan {
  /** Person by unit id, null where nobody could be found; in the order of the units' starts. */
  readonly assignment: ReadonlyMap<string, PersonId | null>;
  /** Published units that change hands; empty unless replanning. */
  readonly changes: readonly PlanChange[];
  /** How many published units must change whatever is done. */
  readonly forced: number;
  /** The fairness part of the objective. */
  readonly value: number;
  /** Proven lower bound of `value` for plans with the same gaps; null when replanning, where it says nothing. */
  readonly bound: number | null;
}

/** A plan, and the state that it ends in, for explanations and reports. */
export interface Planned {
  readonly problem: PlanProblem;
  readonly compiled: Compiled;
  readonly state: State;
  readonly plan: Plan;
}

/** Budgets of the search, in steps. */
const SEARCH = {
  /** So many units and people together are searched by cycles; their prices fill a square table. */
  cycleNodes: 120,
  /** Rounds of that search are this, by the square of the nodes, but no more than so many. */
  cycleWork: 750_000,
  maxRounds: 400,
  fewUnits: { histories: [5000], steps: 150_000 },
  smallProblem: 300,
  someUnits: { histories: [5000, 500], steps: 300_000 },
  manyUnits: { history: 500, minSteps: 200_000, maxSteps: 600_000, stepsPerUnit: 500 },
  hotSpotSteps: 300_000,
  /** A step looks at every person at worst: steps times people are at most this. */
  work: 120_000_000,
  /** Exact windows try every person. */
  windowPeople: 500,
  windows: { windows: 400, units: 6, nodes: 2_000 },
} as const;

/**
 * Makes a plan: from nothing, or, with `keepPrevious`, the one with the fewest changes to what was published that
 * the search can find. Throws a RangeError for a problem beyond PLAN_LIMITS. Every stage has a budget in steps.
 */
export function makePlan(
  problem: PlanProblem,
  { progress = () => undefined, certify = true }: PlanOptions = {},
): Planned {
  progress('prepare', 0);
  const compiled = compile(problem);
  const state = emptyState(compiled);
  if (problem.keepPrevious) replan(state);
  else solve(state, progress);
  progress('certify', 0);
  const proves = certify && !problem.keepPrevious;
  const bound = proves ? lowerBound(compiled, (u) => state.holder[u] === EMPTY) : null;
  progress('certify', 1);
  return describePlan(state, bound);
}

/** The plan that a state holds. */
export function describePlan(state: State, bound: number | null): Planned {
  const { compiled } = state;
  const { problem } = compiled;
  const nameOf = (i: number): PersonId | null => (i === EMPTY ? null : (compiled.people[i]?.id ?? null));
  const assignment = new Map(
    compiled.units.map((unit, u) => {
      const holder = nameOf(state.holder[u] as number);
      return [unit.id, unit.pinned ? unit.previous : holder];
    }),
  );
  const plan: Plan = {
    assignment,
    changes: problem.keepPrevious ? changesOf(state) : [],
    forced: problem.keepPrevious ? forcedCount(compiled) : 0,
    value: state.fairness,
    bound,
  };
  return { problem, compiled, state, plan };
}

function solve(state: State, progress: Progress): void {
  const { compiled } = state;
  greedy(state);
  descend(state);
  progress('first', 1);
  if (isSmall(compiled) && solveWindow(state, [...compiled.movable], EXACT.nodes).complete) return;
  const { seed } = compiled.problem;
  const nodes = compiled.movable.length + compiled.personCount;
  if (nodes <= SEARCH.cycleNodes) {
    walkFrom(state, { ...SEARCH.fewUnits, seed, progress });
    fillGaps(state);
    const rounds = Math.min(SEARCH.maxRounds, Math.floor(SEARCH.cycleWork / nodes ** 2));
    searchByCycles(state, { random: randomFrom(seed ^ 0x51f15e), rounds });
  } else if (compiled.movable.length < SEARCH.smallProblem) {
    walkFrom(state, { ...SEARCH.someUnits, seed, progress });
    fillGaps(state);
    if (compiled.personCount <= SEARCH.windowPeople) {
      searchHotSpots(state, { seed, steps: SEARCH.hotSpotSteps });
      polishWindows(state);
      polishRandomWindows(state, { random: randomFrom(seed ^ 0x51f15e), ...SEARCH.windows });
    }
  } else {
    const { history, minSteps, maxSteps, stepsPerUnit } = SEARCH.manyUnits;
    const steps = Math.min(maxSteps, Math.max(minSteps, stepsPerUnit * compiled.movable.length));
    walkFrom(state, { histories: [history], steps, seed, progress });
    if (compiled.personCount <= SEARCH.windowPeople) {
      searchHotSpots(state, { seed, steps: SEARCH.hotSpotSteps });
    }
    fillGaps(state);
  }
  descend(state);
  progress('polish', 1);
}

/** One walk for each history, all from the same start; leaves the best. */
function walkFrom(
  state: State,
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
    improve(state, { seed: (of.seed + k * 0x9e3779b9) >>> 0, history, steps });
    descend(state);
    const found = snapshot(state);
    if (isBetter(found, best)) best = found;
    of.progress('improve', (k + 1) / of.histories.length);
  });
  restore(state, best);
}

/** Exact windows and chains around each gap. */
function fillGaps(state: State): void {
  polishGaps(state);
  for (const u of state.compiled.movable) {
    if (state.holder[u] === EMPTY) fillByChain(state, u);
  }
}
