import type { PersonId } from '../schedule/schedule.ts';
import { assignUnits, type Progress } from './assign-units.ts';
import { fillByChain } from './chains.ts';
import type { Compiled } from './compile.ts';
import { descend, greedy, mostConstrainedFirst } from './greedy.ts';
import { STATIC_BLOCKS } from './pairs.ts';
import { type BlockRule, blockOf, isBlocked } from './rules.ts';
import { improve } from './search.ts';
import { EMPTY, emptyState, give, type State, take } from './state.ts';
import { groundOf } from './walk.ts';
import {
  conflictWindow,
  polishGaps,
  polishWindows,
  solveOutright,
  solveWindow,
  WINDOW_LIMITS,
} from './windows.ts';

/** Why a unit changed hands: its holder could not keep it; it made room for such a one; or it was only better so. */
export type ChangeReason = 'forced' | 'consequential' | 'chosen';

/** A published unit that changes hands. */
export interface PlanChange {
  readonly unit: string;
  readonly from: PersonId;
  readonly to: PersonId | null;
  readonly reason: ChangeReason;
  /** For a forced change, the rule that the old holder would break; for a consequential one, what is in the way. */
  readonly rule: BlockRule | 'unknown-person' | null;
}

const REPLAN_LIMITS = {
  steps: 60_000,
  walks: [
    { from: 0.5, to: 0.01 },
    { from: 3, to: 0.01 },
  ],
  smallProblem: 300,
  changedUnits: 400,
} as const;

/** Keeps what still stands and fills the rest with as few changes as it can find. */
export function replan(state: State, progress: Progress): void {
  const { compiled } = state;
  for (const u of compiled.movable) {
    const i = compiled.previous[u] as number;
    if (i !== EMPTY && !isBlocked(state, i, u)) give(state, i, u);
  }
  const open = [...compiled.movable].filter((u) => state.holder[u] === EMPTY);
  if (solveOutright(state, compiled.movable)) return;
  greedy(state, mostConstrainedFirst(state, open));
  for (const u of open) {
    if (state.holder[u] !== EMPTY) continue;
    solveWindow(state, conflictWindow(compiled, u));
    if (state.holder[u] === EMPTY) fillByChain(state, u);
  }
  if (open.some((u) => state.holder[u] === EMPTY)) polishGaps(state);
  if (open.length > 0 && !isClearlyLeast(state)) search(state, open);
  polishChanged(state);
  const free = compiled.movable.filter((u) => compiled.units[u]?.previous === null);
  if (free.length > 0) assignUnits(state, free, progress);
}

/** No gap, and no more changes than there must be: nothing to search for. */
function isClearlyLeast(state: State): boolean {
  const { compiled } = state;
  const hasGap = compiled.movable.some((u) => state.holder[u] === EMPTY && compiled.gapPrice[u] !== 0);
  return !hasGap && state.changes <= forcedCost(compiled);
}

function search(state: State, open: readonly number[]): void {
  const { compiled } = state;
  const { steps, walks, smallProblem } = REPLAN_LIMITS;
  const ground = groundOf(compiled);
  for (const [k, { from, to }] of walks.entries()) {
    improve(state, ground, { seed: (compiled.problem.seed + k) >>> 0, steps, from, to });
    if (isClearlyLeast(state)) break;
  }
  if (compiled.unitCount < smallProblem) polishWindows(state);
  for (const u of open) if (state.holder[u] === EMPTY) fillByChain(state, u);
}

/** Evens out the units that are new or changed, and leaves the others alone. */
function polishChanged(state: State): void {
  const changed = changedUnits(state).slice(0, REPLAN_LIMITS.changedUnits);
  descend(state, changed);
  for (let k = 0; k < changed.length; k += 1) {
    solveWindow(state, changed.slice(k, k + WINDOW_LIMITS.units));
  }
  descend(state, changedUnits(state));
}

function changedUnits({ compiled, holder }: State): number[] {
  const { previous } = compiled;
  return [...compiled.movable].filter((u) => holder[u] !== previous[u] || previous[u] === EMPTY);
}

/** Whether the one who held a unit can never keep it, whatever the rest. */
function isForced({ units, previous, blocked, unitCount }: Compiled, u: number): boolean {
  if (units[u]?.previous === null || units[u]?.pinned === true) return false;
  const i = previous[u] as number;
  return i === EMPTY || blocked[i * unitCount + u] !== 0;
}

/** Units that one person held and can no longer hold together: pairs without a common unit. One of each must go. */
function clashingPairs(compiled: Compiled): [kept: number, lost: number][] {
  const { movable, previous, conflicts, pinned } = compiled;
  const used = new Set<number>();
  const pairs: [number, number][] = [];
  for (const u of movable) {
    if (previous[u] === EMPTY || isForced(compiled, u) || used.has(u)) continue;
    for (const v of conflicts[u] as Int32Array) {
      if (previous[v] !== previous[u] || used.has(v)) continue;
      if (pinned[v] === 0 && (v < u || isForced(compiled, v))) continue;
      used.add(u);
      if (pinned[v] === 0) used.add(v);
      pairs.push([u, v]);
      break;
    }
  }
  return pairs;
}

/** How many published units must change whatever is done: a proven minimum. */
export function forcedCount(compiled: Compiled): number {
  const fixed = compiled.movable.filter((u) => isForced(compiled, u)).length;
  return fixed + clashingPairs(compiled).length;
}

/** The same in prices of changes. */
export function forcedCost(compiled: Compiled): number {
  const price = (u: number): number => compiled.changePrice[u] as number;
  let cost = 0;
  for (const u of compiled.movable) if (isForced(compiled, u)) cost += price(u);
  for (const [u, v] of clashingPairs(compiled)) {
    cost += compiled.pinned[v] === 1 ? price(u) : Math.min(price(u), price(v));
  }
  return cost;
}

/** Every published unit that changed hands, with the reason, in order of start. */
export function changesOf(state: State): PlanChange[] {
  const { compiled, holder } = state;
  const kept = keptState(state);
  const changes: PlanChange[] = [];
  for (const u of compiled.movable) {
    const from = compiled.units[u]?.previous ?? null;
    const i = compiled.previous[u] as number;
    if (from === null || (i !== EMPTY && holder[u] === i)) continue;
    const to = holder[u] === EMPTY ? null : (compiled.people[holder[u] as number]?.id ?? null);
    changes.push({ unit: compiled.units[u]?.id ?? '', from, to, ...reasonOf(state, kept, u) });
  }
  return changes;
}

function reasonOf(state: State, kept: State, u: number): Pick<PlanChange, 'reason' | 'rule'> {
  const { compiled } = state;
  const i = compiled.previous[u] as number;
  if (i === EMPTY) return { reason: 'forced', rule: 'unknown-person' };
  const fixed = STATIC_BLOCKS[compiled.blocked[i * compiled.unitCount + u] as number] ?? '';
  if (fixed !== '') return { reason: 'forced', rule: fixed };
  const alone = blockOf(kept, i, u);
  if (alone !== null) return { reason: 'forced', rule: alone.rule };
  const holder = state.holder[u] as number;
  if (holder !== EMPTY) take(state, u);
  const now = blockOf(state, i, u);
  if (holder !== EMPTY) give(state, holder, u);
  return now === null ? { reason: 'chosen', rule: null } : { reason: 'consequential', rule: now.rule };
}

/** Only what people held before and hold still. */
function keptState({ compiled, holder }: State): State {
  const kept = emptyState(compiled);
  for (const u of compiled.movable) {
    const i = compiled.previous[u] as number;
    if (i !== EMPTY && holder[u] === i) give(kept, i, u);
  }
  return kept;
}
