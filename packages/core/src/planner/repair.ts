import { DAY_MS, type Interval } from '../time/interval.ts';
import { type Progress, searchOn } from './assign-units.ts';
import { lowerBound } from './bound.ts';
import { type Compiled, compile } from './compile.ts';
import { type GapReport, reportGap } from './gap-report.ts';
import { descend } from './greedy.ts';
import { SHADOW_ROLE } from './pairs.ts';
import { describePlan, type Planned } from './plan.ts';
import type { PlanProblem } from './problem.ts';
import {
  applyRepair,
  buildRepairModel,
  type ExactSolver,
  type RepairGoal,
  type RepairModel,
} from './repair-model.ts';
import { forcedCost } from './replan.ts';
import { costOf, EMPTY, emptyState, restore, type State } from './state.ts';

/**
 * How far a repair reaches around a place, one reach after the other until its result is proven. Places that meet are
 * one stretch; where the solver does not know one, it is asked about parts that are no longer than `longest`.
 */
const REACHES = [
  { days: 10, longest: 21 },
  { days: 20, longest: 56 },
  { days: 45, longest: 120 },
  { days: 800, longest: 1600 },
] as const;
type Reach = (typeof REACHES)[number];
/** Solvers run out of memory on larger models. */
const MAX_COLUMNS = 25_000;
/** The most calls of the solver for one plan. */
const MAX_SOLVES = 80;
/** A solver that has failed so often is not asked again: what is left is harder. */
const MAX_FAILURES = 3;

/** A plan after an exact solver has seen to its gaps and changes. */
export interface Repaired {
  readonly planned: Planned;
  /** Ids of units that nobody holds because a proof says so: no plan leaves less uncovered in their place. */
  readonly unavoidable: ReadonlySet<string>;
  /** What clashes in each such place, and what would have to give. */
  readonly reports: readonly GapReport[];
  /** For a replan: whether it is proven that no plan with as few gaps changes less. */
  readonly fewestChanges: 'proven' | 'not-proven';
}

/** A solver's answer: nothing fits. */
const NONE = 'none';

/** A place whose uncovered time is proven to be the least. */
interface Proof {
  readonly window: Interval;
  readonly gaps: number;
}

interface Repairing {
  readonly problem: PlanProblem;
  readonly state: State;
  readonly exact: ExactSolver;
  readonly progress: Progress;
  solves: number;
  failures: number;
}

/**
 * Lets an exact solver fill what gaps it can and, for a replan, take back what changes it can; then says which gaps
 * no plan can avoid, and why. Without gaps, and with no more changes than forced, it asks no solver. Where the solver
 * fails or a budget ends, the plan stands as it was, and nothing is called proven. `planned` itself is not changed.
 */
export async function repairPlan(
  planned: Planned,
  exact: ExactSolver,
  progress: Progress = () => undefined,
): Promise<Repaired> {
  const { problem, compiled } = planned;
  const state = emptyState(compiled);
  restore(state, planned.state);
  const repairing: Repairing = { problem, state, exact, progress, solves: 0, failures: 0 };
  const before = costOf(state);
  const proofs = await fillGaps(repairing);
  const fewest = await takeBackChanges(repairing, proofs);
  const isOther = state.gaps !== before.gaps || state.changes !== before.changes;
  if (isOther) evenOut(state, planned.state);
  const reports: GapReport[] = [];
  for (const { window, gaps } of proofs) {
    const units = gapsIn(state, window).map((u) => compiled.units[u]?.id ?? '');
    if (units.length === 0 || priceOfGaps(state, window) !== gaps) continue;
    const goal = { kind: 'gaps', below: gaps } as const;
    const least = (variant: PlanProblem) => leastOf(repairing, { problem: variant, window, goal });
    reports.push(await reportGap({ problem, window, units, gaps }, least));
  }
  progress('polish', 1);
  return {
    planned: isOther ? describePlan(state, boundLike(planned, state)) : planned,
    unavoidable: new Set(reports.flatMap(({ units }) => units)),
    reports,
    fewestChanges: fewest ? 'proven' : 'not-proven',
  };
}

/** What the repair has moved goes to the cheapest; a fresh plan is searched again with as few gaps as it has now. */
function evenOut(state: State, old: State): void {
  const { compiled } = state;
  const moved = compiled.movable.filter((u) => state.holder[u] !== old.holder[u]);
  if (compiled.problem.keepPrevious) descend(state, moved);
  else searchOn(state, compiled.movable);
}

function boundLike({ plan }: Planned, state: State): number | null {
  return plan.bound === null ? null : lowerBound(state.compiled, (u) => state.holder[u] === EMPTY);
}

/** The units that count as gaps and start in a stretch. */
function gapsIn({ compiled, holder }: State, window?: Interval): number[] {
  return [...compiled.movable].filter(
    (u) =>
      holder[u] === EMPTY &&
      compiled.units[u]?.role !== SHADOW_ROLE &&
      (window === undefined || isIn(compiled, u, window)),
  );
}

function isIn({ hullStart }: Compiled, u: number, { start, end }: Interval): boolean {
  const at = hullStart[u] as number;
  return at >= start && at < end;
}

/** Fills gaps place by place, further and further around them, until each is gone or proven. */
async function fillGaps(repairing: Repairing): Promise<Proof[]> {
  const { state } = repairing;
  const proofs: Proof[] = [];
  for (const reach of REACHES) {
    const open = gapsIn(state).filter((u) => !proofs.some(({ window }) => isIn(state.compiled, u, window)));
    if (open.length === 0) break;
    for (const window of windowsAround(state.compiled, open, reach)) {
      if (await fillIn(repairing, window, proofs)) continue;
      for (const piece of piecesOf(window, reach)) {
        if (gapsIn(state, piece).length > 0) await fillIn(repairing, piece, proofs);
      }
    }
  }
  return proofs;
}

/** Fills what can be filled in one stretch, and adds the proof if nothing more can. False: the solver does not know. */
async function fillIn(repairing: Repairing, window: Interval, proofs: Proof[]): Promise<boolean> {
  const { problem, state } = repairing;
  if (!(await solve(repairing, window, { kind: 'gaps' }))) return false;
  const gaps = priceOfGaps(state, window);
  if (gaps === 0) return true;
  const least = await leastOf(repairing, { problem, window, goal: { kind: 'gaps', below: gaps } });
  if (least === gaps) proofs.push({ window, gaps });
  return least !== null;
}

function priceOfGaps(state: State, window: Interval): number {
  return gapsIn(state, window).reduce((sum, u) => sum + (state.compiled.gapPrice[u] as number), 0);
}

/** Stretches around some units, joined where they meet. */
function windowsAround(compiled: Compiled, units: readonly number[], { days }: Reach): Interval[] {
  const around = days * DAY_MS;
  const windows: Interval[] = [];
  for (const u of units) {
    const at = compiled.hullStart[u] as number;
    const last = windows.at(-1);
    if (last !== undefined && at - around <= last.end) {
      windows[windows.length - 1] = { start: last.start, end: at + around };
    } else {
      windows.push({ start: at - around, end: at + around });
    }
  }
  return windows;
}

/** A stretch that grew too long, in equal parts; none for one that did not. */
function piecesOf({ start, end }: Interval, { longest }: Reach): Interval[] {
  const count = Math.ceil((end - start) / (longest * DAY_MS));
  if (count < 2) return [];
  const length = (end - start) / count;
  return Array.from({ length: count }, (_, k) => ({
    start: start + k * length,
    end: k === count - 1 ? end : start + (k + 1) * length,
  }));
}

/** Asks the solver; null when it does not know, the model is too large or the budget is spent. */
async function ask(
  repairing: Repairing,
  model: RepairModel,
): Promise<ArrayLike<number> | typeof NONE | null> {
  if (model.columnCount > MAX_COLUMNS || repairing.solves >= MAX_SOLVES) return null;
  if (repairing.failures >= MAX_FAILURES) return null;
  repairing.solves += 1;
  repairing.progress('polish', repairing.solves / MAX_SOLVES);
  const { status, values } = await repairing.exact(model);
  if (status === 'optimal') return values;
  if (status === 'infeasible') return NONE;
  repairing.failures += 1;
  return null;
}

function movableIn({ compiled }: State, window: Interval): number[] {
  return [...compiled.movable].filter((u) => isIn(compiled, u, window));
}

/** The best way to fill a stretch with the rest as it is. Answers whether the solver knew it. */
async function solve(repairing: Repairing, window: Interval, goal: RepairGoal): Promise<boolean> {
  const { state } = repairing;
  const units = movableIn(state, window);
  if (units.length * state.compiled.personCount > 2 * MAX_COLUMNS) return false;
  const below = goal.kind === 'gaps' ? priceOfGaps(state, window) : priceOfChanges(state, window);
  const model = buildRepairModel(state, units, { ...goal, below });
  const values = await ask(repairing, model);
  if (values === null) return false;
  return values === NONE || applyRepair(state, model, { status: 'optimal', values });
}

function objectiveOf({ cost, columnCount }: RepairModel, values: ArrayLike<number>): number {
  let sum = 0;
  for (let column = 0; column < columnCount; column += 1) {
    sum += Math.round(values[column] ?? 0) * (cost[column] as number);
  }
  return sum;
}

/**
 * The least uncovered time, as a price, or the fewest changes of any plan in a stretch, everything outside it left
 * out: exactly if it is less than `below`, else `below`. Null when it is not known.
 */
async function leastOf(
  repairing: Repairing,
  of: {
    readonly problem: PlanProblem;
    readonly window: Interval;
    readonly goal: RepairGoal & { readonly below: number };
  },
): Promise<number | null> {
  const { problem, window, goal } = of;
  const inside = problem.units.filter(({ intervals, pinned }) => {
    const at = intervals[0]?.start ?? 0;
    return pinned || (at >= window.start && at < window.end);
  });
  if (inside.length * problem.people.length > 2 * MAX_COLUMNS) return null;
  const state = emptyState(compile({ ...problem, units: inside }));
  const model = buildRepairModel(state, [...state.compiled.movable], goal);
  const values = await ask(repairing, model);
  if (values === null) return null;
  if (values === NONE) return goal.below;
  return objectiveOf(model, values) * (goal.kind === 'gaps' ? model.gapUnit : 1);
}

function priceOfChanges({ compiled, holder }: State, window: Interval): number {
  let sum = 0;
  for (const u of compiled.movable) {
    if (!isIn(compiled, u, window)) continue;
    if (holder[u] === EMPTY || holder[u] !== compiled.previous[u]) sum += compiled.changePrice[u] as number;
  }
  return sum;
}

/** Takes back changes place by place with the gaps as they are. Answers whether the fewest are proven. */
async function takeBackChanges(repairing: Repairing, proofs: readonly Proof[]): Promise<boolean> {
  const { state, problem } = repairing;
  const { compiled } = state;
  if (!problem.keepPrevious) return true;
  for (const reach of REACHES) {
    const isProven = gapsIn(state).every((u) => proofs.some(({ window }) => isIn(compiled, u, window)));
    if (isProven && state.changes <= forcedCost(compiled)) return true;
    const changed = [...compiled.movable].filter(
      (u) => (compiled.changePrice[u] as number) > 0 && state.holder[u] !== compiled.previous[u],
    );
    let proven = isProven;
    for (const window of windowsAround(compiled, changed, reach)) {
      const gaps = priceOfGaps(state, window);
      if (!(await solve(repairing, window, { kind: 'changes', gaps }))) {
        proven = false;
        continue;
      }
      const own = priceOfChanges(state, window);
      const goal = { kind: 'changes', gaps, below: own } as const;
      const least = await leastOf(repairing, { problem, window, goal });
      if (least === null || least < own) proven = false;
    }
    if (proven) return true;
  }
  return false;
}
