import { DAY_MS } from '../time/interval.ts';
import { brokenLimit } from './rules.ts';
import {
  changeDelta,
  costOf,
  EMPTY,
  firstFrom,
  gainDelta,
  give,
  lossDelta,
  type State,
  setCost,
  swapDelta,
  take,
} from './state.ts';
import { ableTo, pick, pickUnit, type Walk } from './walk.ts';

/*
 * Each move answers whether it was taken. Prices come first, then rules: most moves cost too much, and prices are
 * quicker to tell.
 */

/** Half of the swaps are between units this near to each other in order of start. */
const NEAR_UNITS = 20;
const WEEK_MS = 7 * DAY_MS;

/** One unit, where it comes from and where it goes to. */
interface Step {
  readonly u: number;
  readonly from: number;
  readonly to: number;
}

/** Gives a random unit to a random person; a unit of theirs in its way goes back, on to somebody else, or to nobody. */
export function moveUnit(walk: Walk): boolean {
  const { state } = walk;
  const c = state.compiled;
  const u = pickUnit(walk);
  const able = ableTo(walk, u);
  if (able.length === 0) return false;
  const to = able[pick(walk, able.length)] as number;
  const from = state.holder[u] as number;
  if (to === from) return false;
  let inTheWay = EMPTY;
  for (const v of c.conflicts[u] as Int32Array) {
    if (state.holder[v] !== to) continue;
    if (inTheWay !== EMPTY || c.pinned[v] === 1) return false;
    inTheWay = v;
  }
  if (inTheWay !== EMPTY) return push(walk, { u, from, to }, inTheWay);
  if (priceOf(walk, { u, from, to }) + gainOf(state, { u, from, to }) > walk.threshold) return false;
  if (brokenLimit(state, to, u) !== null) {
    const near = nearUnit(walk, to, u);
    return near !== EMPTY && push(walk, { u, from, to }, near);
  }
  if (from !== EMPTY) take(state, u);
  give(state, to, u);
  return true;
}

/** What a step costs in gaps and changes. */
function priceOf({ state, ground }: Walk, { u, from, to }: Step): number {
  const { gapPrice, changePrice } = state.compiled;
  let price = 0;
  if (from === EMPTY) price -= ground.gapPrice * (gapPrice[u] as number);
  if (to === EMPTY) price += ground.gapPrice * (gapPrice[u] as number);
  if (changePrice[u] !== 0) price += ground.changePrice * changeDelta(state.compiled, { from, to, u });
  return price;
}

/** What a step costs in fairness. */
function gainOf(state: State, { u, from, to }: Step): number {
  return (from === EMPTY ? 0 : lossDelta(state, from, u)) + (to === EMPTY ? 0 : gainDelta(state, to, u));
}

/** A random unit of a person that starts within a week of another: giving it away may keep them within a limit. */
function nearUnit(walk: Walk, i: number, u: number): number {
  const { hullStart, pinned } = walk.state.compiled;
  const held = walk.state.held[i] as number[];
  const at = hullStart[u] as number;
  const first = firstFrom(walk.state, i, at - WEEK_MS + 1);
  let count = 0;
  while (first + count < held.length && (hullStart[held[first + count] as number] as number) < at + WEEK_MS) {
    count += 1;
  }
  const v = count === 0 ? EMPTY : (held[first + pick(walk, count)] as number);
  return v === EMPTY || pinned[v] === 1 ? EMPTY : v;
}

/** Takes a step, and a unit of the new holder goes on: to the old one, to a third, or to nobody. */
function push(walk: Walk, step: Step, pushed: number): boolean {
  const { state, ground } = walk;
  const { from, to } = step;
  const third = whoElse(walk, from, pushed);
  if (third === to) return false;
  if (third === from && from !== EMPTY) return trySwap(walk, { u: step.u, v: pushed, i: from, j: to });
  if (third !== EMPTY) return tryPush(walk, step, [{ u: pushed, from: to, to: third }]);
  // Better an empty seat beside it: whoever has that one moves up.
  const lesser = ground.lesser[pushed] as number;
  const other = lesser === EMPTY || lesser === step.u ? EMPTY : (state.holder[lesser] as number);
  if (other === EMPTY || other === to || other === from) {
    return tryPush(walk, step, [{ u: pushed, from: to, to: EMPTY }]);
  }
  return tryPush(walk, step, [
    { u: pushed, from: to, to: other },
    { u: lesser, from: other, to: EMPTY },
  ]);
}

function whoElse(walk: Walk, from: number, u: number): number {
  if (walk.random() < 0.5) return from;
  const able = ableTo(walk, u);
  return able.length === 0 ? EMPTY : (able[pick(walk, able.length)] as number);
}

/** Takes a step and one or two that follow from it, each of which takes a unit away from who gets the one before. */
function tryPush(walk: Walk, first: Step, rest: readonly Step[]): boolean {
  const { state } = walk;
  const c = state.compiled;
  let cost = priceOf(walk, first) + (first.from === EMPTY ? 0 : lossDelta(state, first.from, first.u));
  let gets = first;
  for (const step of rest) {
    if (step.to !== EMPTY && c.blocked[step.to * c.unitCount + step.u] !== 0) return false;
    cost += priceOf(walk, step) + swapDelta(state, gets.to, { out: step.u, in: gets.u });
    gets = step;
  }
  if (gets.to !== EMPTY) cost += gainDelta(state, gets.to, gets.u);
  if (cost > walk.threshold) return false;
  const steps = [first, ...rest];
  const fits = steps.every(
    ({ u, to }, k) => to === EMPTY || !collidesBut(state, to, { u, but: steps[k + 1]?.u ?? first.u }),
  );
  return fits && takeSteps(state, steps);
}

/** Takes all steps, or none if a limit forbids one. */
function takeSteps(state: State, steps: readonly Step[]): boolean {
  const before = costOf(state);
  for (const { u, from } of steps) if (from !== EMPTY) take(state, u);
  let done = 0;
  for (const { u, to } of steps) {
    if (to !== EMPTY && brokenLimit(state, to, u) !== null) break;
    if (to !== EMPTY) give(state, to, u);
    done += 1;
  }
  if (done === steps.length) return true;
  for (const { u, to } of steps.slice(0, done)) if (to !== EMPTY) take(state, u);
  for (const { u, from } of steps) if (from !== EMPTY) give(state, from, u);
  setCost(state, before);
  return false;
}

/** Leaves a random unit empty; seldom taken, but the way out of some corners. */
export function dropUnit(walk: Walk): boolean {
  const { state } = walk;
  const u = walk.units[pick(walk, walk.units.length)] as number;
  const from = state.holder[u] as number;
  if (from === EMPTY) return false;
  const step = { u, from, to: EMPTY };
  if (priceOf(walk, step) + gainOf(state, step) > walk.threshold) return false;
  take(state, u);
  return true;
}

/** Two people swap one unit each. */
export function swapUnits(walk: Walk): boolean {
  const { state } = walk;
  const { length } = walk.units;
  const first = pick(walk, length);
  const near = walk.random() < 0.5;
  const second = near ? Math.min(length - 1, first + 1 + pick(walk, NEAR_UNITS)) : pick(walk, length);
  const u = walk.units[first] as number;
  const v = walk.units[second] as number;
  const i = state.holder[u] as number;
  const j = state.holder[v] as number;
  return i !== j && i !== EMPTY && j !== EMPTY && trySwap(walk, { u, v, i, j });
}

function trySwap(
  walk: Walk,
  swap: { readonly u: number; readonly v: number; readonly i: number; readonly j: number },
): boolean {
  const { state, ground } = walk;
  const c = state.compiled;
  const { u, v, i, j } = swap;
  if (c.blocked[i * c.unitCount + v] !== 0 || c.blocked[j * c.unitCount + u] !== 0) return false;
  let cost = swapDelta(state, i, { out: u, in: v }) + swapDelta(state, j, { out: v, in: u });
  if (c.problem.keepPrevious) {
    const changes = changeDelta(c, { from: i, to: j, u }) + changeDelta(c, { from: j, to: i, u: v });
    cost += ground.changePrice * changes;
  }
  if (cost > walk.threshold) return false;
  if (collidesBut(state, i, { u: v, but: u }) || collidesBut(state, j, { u, but: v })) return false;
  const before = costOf(state);
  take(state, u);
  take(state, v);
  if (brokenLimit(state, j, u) === null && brokenLimit(state, i, v) === null) {
    give(state, j, u);
    give(state, i, v);
    return true;
  }
  give(state, i, u);
  give(state, j, v);
  setCost(state, before);
  return false;
}

/** Whether person i holds a unit that collides with u, apart from one. */
function collidesBut(state: State, i: number, of: { readonly u: number; readonly but: number }): boolean {
  const { holder } = state;
  for (const v of state.compiled.conflicts[of.u] as Int32Array) {
    if (holder[v] === i && v !== of.but) return true;
  }
  return false;
}
