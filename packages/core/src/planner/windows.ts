import type { Compiled } from './compile.ts';
import { isBlocked } from './rules.ts';
import {
  type Cost,
  changeDelta,
  costOf,
  EMPTY,
  gainDelta,
  give,
  isBetter,
  type State,
  setCost,
  take,
} from './state.ts';

/** Sizes and budgets of the exact search over a few units. */
export const WINDOW_LIMITS = { units: 8, nodes: 20_000, rounds: 4 } as const;

/** So few units are solved outright, if so many steps of branch and bound suffice. */
const EXACT = { units: 12, nodes: 200_000 } as const;

/** Solves so few units outright; answers false, with the best found in place, if there are more or it takes too long. */
export function solveOutright(state: State, units: Int32Array): boolean {
  return units.length <= EXACT.units && solveWindow(state, [...units], EXACT.nodes).complete;
}

/** One way to fill a unit, and what it costs while the window is empty. */
interface Option extends Readonly<Cost> {
  readonly person: number;
}

interface Branch {
  readonly state: State;
  readonly units: readonly number[];
  readonly options: readonly (readonly Option[])[];
  /** The sum of the least that each unit can cost, from unit k on. */
  readonly least: readonly Readonly<Cost>[];
  readonly chosen: Int32Array;
  readonly best: Int32Array;
  bestCost: Cost;
  nodes: number;
}

/** What a window came to: whether it got better, and whether all ways were tried within the budget. */
export interface WindowResult {
  readonly improved: boolean;
  readonly complete: boolean;
}

/**
 * The best way to fill a few units with all else fixed, by branch and bound. Prices only rise along a branch, so
 * the prices of the emptied window bound the rest. Leaves the best found in place.
 */
export function solveWindow(
  state: State,
  units: readonly number[],
  nodes: number = WINDOW_LIMITS.nodes,
): WindowResult {
  const before = units.map((u) => state.holder[u] as number);
  const cost = costOf(state);
  for (const u of units) if (state.holder[u] !== EMPTY) take(state, u);
  const emptied = costOf(state);
  const options = units.map((u) => optionsOf(state, u));
  const order = [...units.keys()].sort(
    (a, b) => (options[a] as Option[]).length - (options[b] as Option[]).length || a - b,
  );
  const ordered = order.map((k) => options[k] as Option[]);
  const branch: Branch = {
    state,
    units: order.map((k) => units[k] as number),
    options: ordered,
    least: leastSums(ordered),
    chosen: new Int32Array(units.length).fill(EMPTY),
    best: Int32Array.from(order, (k) => before[k] as number),
    bestCost: cost,
    nodes,
  };
  tryUnit(branch, 0);
  setCost(state, emptied);
  const improved = isBetter(branch.bestCost, cost);
  branch.units.forEach((u, k) => {
    const i = branch.best[k] as number;
    if (i !== EMPTY) give(state, i, u);
  });
  if (!improved) setCost(state, cost);
  return { improved, complete: branch.nodes > 0 };
}

function optionsOf(state: State, u: number): Option[] {
  const c = state.compiled;
  const options: Option[] = [];
  for (let i = 0; i < c.personCount; i += 1) {
    if (isBlocked(state, i, u)) continue;
    options.push({
      person: i,
      gaps: -(c.gapPrice[u] as number),
      changes: changeDelta(c, { from: EMPTY, to: i, u }),
      fairness: gainDelta(state, i, u),
    });
  }
  options.sort((a, b) => a.changes - b.changes || a.fairness - b.fairness || a.person - b.person);
  options.push({ person: EMPTY, gaps: 0, changes: 0, fairness: 0 });
  return options;
}

function leastSums(options: readonly (readonly Option[])[]): Cost[] {
  const sums: Cost[] = [{ gaps: 0, changes: 0, fairness: 0 }];
  for (const list of [...options].reverse()) {
    const next = sums[0] as Cost;
    const least = list[0] as Option;
    sums.unshift({
      gaps: next.gaps + least.gaps,
      changes: next.changes + least.changes,
      fairness: next.fairness + least.fairness,
    });
  }
  return sums;
}

function tryUnit(branch: Branch, depth: number): void {
  const { state } = branch;
  if (depth === branch.units.length) {
    if (!isBetter(state, branch.bestCost)) return;
    branch.bestCost = costOf(state);
    branch.best.set(branch.chosen);
    return;
  }
  const u = branch.units[depth] as number;
  const rest = branch.least[depth + 1] as Cost;
  const here = costOf(state);
  for (const option of branch.options[depth] as Option[]) {
    if (branch.nodes <= 0) return;
    branch.nodes -= 1;
    const bound = {
      gaps: here.gaps + option.gaps + rest.gaps,
      changes: here.changes + option.changes + rest.changes,
      fairness: here.fairness + option.fairness + rest.fairness,
    };
    if (!isBetter(bound, branch.bestCost)) continue;
    branch.chosen[depth] = option.person;
    if (option.person === EMPTY) {
      tryUnit(branch, depth + 1);
      continue;
    }
    if (isBlocked(state, option.person, u)) continue;
    give(state, option.person, u);
    tryUnit(branch, depth + 1);
    take(state, u);
    setCost(state, here);
  }
}

/** Slides the window over some units, all movable ones if left out, until nothing gains. */
export function polishWindows(state: State, units: Int32Array = state.compiled.movable): void {
  const { units: size, rounds } = WINDOW_LIMITS;
  for (let round = 0; round < rounds; round += 1) {
    let improved = false;
    for (let first = 0; first < Math.max(1, units.length - size + 1); first += 1) {
      if (solveWindow(state, [...units.subarray(first, first + size)]).improved) improved = true;
    }
    if (!improved) return;
  }
}

/** Random sets of units, solved exactly: finds exchanges among many people that single moves do not. */
export function polishRandomWindows(
  state: State,
  options: {
    readonly random: () => number;
    /** From which the windows are drawn. */
    readonly units: Int32Array;
    readonly windows: number;
    readonly size: number;
    readonly nodes: number;
  },
): void {
  const { units, random } = options;
  const size = Math.min(options.size, units.length);
  for (let k = 0; k < options.windows; k += 1) {
    const chosen = new Set<number>();
    while (chosen.size < size) chosen.add(units[Math.floor(random() * units.length)] as number);
    solveWindow(
      state,
      [...chosen].sort((a, b) => a - b),
      options.nodes,
    );
  }
}

/** Exact windows around each gap: the units next to it in time, then the units that keep people from it. */
export function polishGaps(state: State): void {
  const { compiled } = state;
  for (const u of compiled.movable) {
    if (state.holder[u] === EMPTY) solveWindow(state, neighbours(compiled, u));
    if (state.holder[u] === EMPTY) solveWindow(state, conflictWindow(compiled, u));
  }
}

/** A unit and the movable units nearest to it in order of start. */
function neighbours({ movable }: Compiled, u: number): number[] {
  const size = WINDOW_LIMITS.units;
  const at = movable.indexOf(u);
  const from = Math.max(0, Math.min(at - size / 2, movable.length - size));
  return [...movable.subarray(from, from + size)];
}

/** A unit and the movable units that one person cannot hold beside it, nearest first, up to the window's size. */
export function conflictWindow({ conflicts, pinned }: Compiled, u: number): number[] {
  const near = [...(conflicts[u] as Int32Array)]
    .filter((v) => pinned[v] === 0)
    .sort((a, b) => Math.abs(a - u) - Math.abs(b - u) || a - b);
  return [u, ...near.slice(0, WINDOW_LIMITS.units - 1)].sort((a, b) => a - b);
}
