import type { Compiled } from './compile.ts';

/** Nobody. */
export const EMPTY = -1;

/** The three parts of the objective, compared one after another: gaps, changes, fairness. */
export interface Cost {
  gaps: number;
  changes: number;
  fairness: number;
}

/** An assignment with all that makes a change of it cheap to price. Mutable on purpose: the search lives on it. */
export interface State extends Cost {
  readonly compiled: Compiled;
  /** By unit: the index of its person, or EMPTY. */
  readonly holder: Int32Array;
  /** By person: the whole burden, that of weekends and holidays, and by person and bucket of four weeks. */
  readonly load: Float64Array;
  readonly restDays: Float64Array;
  readonly buckets: Float64Array;
  /** By person and rule set: hours, and how many units touch each local day, night and weekend. */
  readonly hoursHeld: Float64Array;
  readonly days: readonly Uint8Array[];
  readonly nights: readonly Uint8Array[];
  readonly weekends: readonly Uint8Array[];
  /** The units of each person, in order of index, which is order of start. */
  readonly held: readonly number[][];
  /** The movable units that nobody holds, in no order: the first `openCount`; and where each unit stands there. */
  readonly open: Int32Array;
  readonly openAt: Int32Array;
  openCount: number;
}

/** Nobody holds anything but the pinned units, which never leave their holders. */
export function emptyState(compiled: Compiled): State {
  const { personCount, unitCount, bucketCount, dayCount, ruleSets } = compiled;
  const counters = () =>
    Array.from({ length: personCount * ruleSets.length }, () => new Uint8Array(dayCount + 2));
  const state: State = {
    compiled,
    holder: new Int32Array(unitCount).fill(EMPTY),
    load: new Float64Array(personCount),
    restDays: new Float64Array(personCount),
    buckets: new Float64Array(personCount * bucketCount),
    hoursHeld: new Float64Array(personCount * ruleSets.length),
    days: counters(),
    nights: counters(),
    weekends: counters(),
    held: Array.from({ length: personCount }, () => []),
    open: Int32Array.from({ length: unitCount }, (_, u) => u),
    openAt: Int32Array.from({ length: unitCount }, (_, u) => u),
    openCount: unitCount,
    gaps: 0,
    changes: 0,
    fairness: 0,
  };
  for (let u = 0; u < unitCount; u += 1) {
    state.gaps += compiled.gapPrice[u] as number;
    state.changes += compiled.changePrice[u] as number;
  }
  for (let i = 0; i < personCount; i += 1) {
    const base = compiled.base[i] as number;
    state.fairness += (base * base) / (compiled.entitlement[i] as number);
  }
  for (let u = 0; u < unitCount; u += 1) {
    const i = compiled.previous[u] as number;
    if (compiled.pinned[u] !== 1) continue;
    if (i !== EMPTY) give(state, i, u);
    else leaveOpen(state, u);
  }
  return state;
}

/** What the fairness part changes by when person i gets unit u. */
export function gainDelta(state: State, i: number, u: number): number {
  const c = state.compiled;
  const at = i * c.unitCount + u;
  const w = c.weight[at] as number;
  const r = c.restDay[at] as number;
  const level = (c.base[i] as number) + (state.load[i] as number);
  const b = i * c.bucketCount + (c.bucket[u] as number);
  const { restDays, recent } = c.problem.weights;
  return (
    (w * (2 * level + w) + restDays * r * (2 * (state.restDays[i] as number) + r)) /
      (c.entitlement[i] as number) +
    (recent * w * (2 * (state.buckets[b] as number) + w)) / (c.bucketEntitlement[b] as number) +
    (c.linearPrice[at] as number)
  );
}

/** What the fairness part changes by when person i loses unit u. */
export function lossDelta(state: State, i: number, u: number): number {
  const c = state.compiled;
  const at = i * c.unitCount + u;
  const w = c.weight[at] as number;
  const r = c.restDay[at] as number;
  const level = (c.base[i] as number) + (state.load[i] as number);
  const b = i * c.bucketCount + (c.bucket[u] as number);
  const { restDays, recent } = c.problem.weights;
  return -(
    (w * (2 * level - w) + restDays * r * (2 * (state.restDays[i] as number) - r)) /
      (c.entitlement[i] as number) +
    (recent * w * (2 * (state.buckets[b] as number) - w)) / (c.bucketEntitlement[b] as number) +
    (c.linearPrice[at] as number)
  );
}

/** What the fairness part changes by for one person who gives one unit and gets another. */
export function swapDelta(
  state: State,
  i: number,
  swap: { readonly out: number; readonly in: number },
): number {
  const c = state.compiled;
  const out = i * c.unitCount + swap.out;
  const got = i * c.unitCount + swap.in;
  const wOut = c.weight[out] as number;
  const wIn = c.weight[got] as number;
  const w = wIn - wOut;
  const r = (c.restDay[got] as number) - (c.restDay[out] as number);
  const level = (c.base[i] as number) + (state.load[i] as number);
  const { restDays, recent } = c.problem.weights;
  const delta =
    (w * (2 * level + w) + restDays * r * (2 * (state.restDays[i] as number) + r)) /
      (c.entitlement[i] as number) +
    (c.linearPrice[got] as number) -
    (c.linearPrice[out] as number);
  const a = i * c.bucketCount + (c.bucket[swap.out] as number);
  const b = i * c.bucketCount + (c.bucket[swap.in] as number);
  if (a === b) {
    return delta + (recent * w * (2 * (state.buckets[a] as number) + w)) / (c.bucketEntitlement[a] as number);
  }
  return (
    delta -
    (recent * wOut * (2 * (state.buckets[a] as number) - wOut)) / (c.bucketEntitlement[a] as number) +
    (recent * wIn * (2 * (state.buckets[b] as number) + wIn)) / (c.bucketEntitlement[b] as number)
  );
}

/** What the changes part changes by when unit u goes from one person, or EMPTY, to another. */
export function changeDelta(compiled: Compiled, of: { from: number; to: number; u: number }): number {
  const price = compiled.changePrice[of.u] as number;
  if (price === 0) return 0;
  const previous = compiled.previous[of.u] as number;
  // A holder who is no longer known counts as changed for whoever gets the unit.
  const keeps = (i: number): boolean => i !== EMPTY && i === previous;
  return (keeps(of.to) ? 0 : price) - (keeps(of.from) ? 0 : price);
}

/** Gives an empty unit to a person. Rules are the caller's affair. */
export function give(state: State, i: number, u: number): void {
  const c = state.compiled;
  state.fairness += gainDelta(state, i, u);
  state.gaps -= c.gapPrice[u] as number;
  if (c.changePrice[u] !== 0) state.changes += changeDelta(c, { from: EMPTY, to: i, u });
  state.holder[u] = i;
  leaveOpen(state, u);
  apply(state, i, { u, sign: 1 });
  const held = state.held[i] as number[];
  let at = held.length;
  while (at > 0 && (held[at - 1] as number) > u) at -= 1;
  held.splice(at, 0, u);
}

/** Takes a held unit away from its person. */
export function take(state: State, u: number): void {
  const c = state.compiled;
  const i = state.holder[u] as number;
  state.fairness += lossDelta(state, i, u);
  state.gaps += c.gapPrice[u] as number;
  if (c.changePrice[u] !== 0) state.changes += changeDelta(c, { from: i, to: EMPTY, u });
  state.holder[u] = EMPTY;
  state.open[state.openCount] = u;
  state.openAt[u] = state.openCount;
  state.openCount += 1;
  apply(state, i, { u, sign: -1 });
  const held = state.held[i] as number[];
  held.splice(held.indexOf(u), 1);
}

/** The last of the open units takes the place of one that is open no more. */
function leaveOpen(state: State, u: number): void {
  state.openCount -= 1;
  const last = state.open[state.openCount] as number;
  const at = state.openAt[u] as number;
  state.open[at] = last;
  state.openAt[last] = at;
}

function apply(state: State, i: number, change: { u: number; sign: 1 | -1 }): void {
  const { u, sign } = change;
  const c = state.compiled;
  const at = i * c.unitCount + u;
  const w = sign * (c.weight[at] as number);
  state.load[i] = (state.load[i] as number) + w;
  state.restDays[i] = (state.restDays[i] as number) + sign * (c.restDay[at] as number);
  const b = i * c.bucketCount + (c.bucket[u] as number);
  state.buckets[b] = (state.buckets[b] as number) + w;
  const set = c.ruleSetOf[u] as number;
  const own = i * c.ruleSets.length + set;
  state.hoursHeld[own] = (state.hoursHeld[own] as number) + sign * (c.hours[u] as number);
  const rules = c.ruleSets[set];
  const profile = c.profileOf[i] as number;
  if (rules?.maxConsecutiveDays !== null) {
    count(state.days[own] as Uint8Array, c.daysOf[profile]?.[u] as Int32Array, sign);
  }
  if (rules?.maxConsecutiveNights !== null) {
    count(state.nights[own] as Uint8Array, c.nightsOf[profile]?.[u] as Int32Array, sign);
  }
  count(state.weekends[own] as Uint8Array, c.weekendsOf[profile]?.[u] as Int32Array, sign);
}

function count(counts: Uint8Array, days: Int32Array, sign: 1 | -1): void {
  for (const day of days) counts[day + 1] = (counts[day + 1] as number) + sign;
}

/** The place in what person i holds of the first unit that starts at an instant or later. */
export function firstFrom({ compiled, held }: State, i: number, at: number): number {
  const list = held[i] as number[];
  let low = 0;
  for (let high = list.length; low < high; ) {
    const middle = (low + high) >> 1;
    if ((compiled.hullStart[list[middle] as number] as number) >= at) high = middle;
    else low = middle + 1;
  }
  return low;
}

export function costOf({ gaps, changes, fairness }: Cost): Cost {
  return { gaps, changes, fairness };
}

/** Undoing a move must leave the very cost that was there: sums of doubles would drift. */
export function setCost(state: State, cost: Cost): void {
  state.gaps = cost.gaps;
  state.changes = cost.changes;
  state.fairness = cost.fairness;
}

/** Whether a cost is worse than another by any amount. */
export function isWorse(a: Cost, b: Cost): boolean {
  if (a.gaps !== b.gaps) return a.gaps > b.gaps;
  if (a.changes !== b.changes) return a.changes > b.changes;
  return a.fairness > b.fairness;
}

/** Differences below this part of the fairness are rounding. */
const ROUNDING = 1e-10;

/** Whether a cost is better than another by more than rounding. */
export function isBetter(a: Cost, b: Cost): boolean {
  if (a.gaps !== b.gaps) return a.gaps < b.gaps;
  if (a.changes !== b.changes) return a.changes < b.changes;
  return a.fairness < b.fairness - ROUNDING * Math.abs(b.fairness);
}

/** An assignment that was seen, with its cost. */
export interface Snapshot extends Cost {
  readonly holder: Int32Array;
}

export function snapshot(state: State): Snapshot {
  return { holder: state.holder.slice(), ...costOf(state) };
}

/** Makes the state hold an assignment that is feasible as a whole. */
export function restore(state: State, { holder }: Pick<Snapshot, 'holder'>): void {
  for (const u of state.compiled.movable) {
    if (state.holder[u] !== EMPTY && state.holder[u] !== holder[u]) take(state, u);
  }
  for (const u of state.compiled.movable) {
    const i = holder[u] as number;
    if (i !== EMPTY && state.holder[u] !== i) give(state, i, u);
  }
}
