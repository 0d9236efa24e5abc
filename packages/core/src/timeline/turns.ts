import type { FairStrategy, HoursWindow, Member, Rotation } from '../schedule/schedule.ts';
import type { Instant, Interval } from '../time/interval.ts';
import { type Boundaries, boundariesOf, type InOrder } from './boundaries.ts';
import { hoursIn } from './hours.ts';
import { plannedIn } from './planned-turns.ts';
import type { Turn } from './turn.ts';

/** The most turns that one question may touch. */
export const MAX_TURNS = 1_000_000;
/** Worked turns are counted in blocks of this many boundaries, and the sums kept. */
const COUNT_BLOCK = 64;
/** Worked turns are counted at most this far from the anchor: hourly turns over more than three hundred years. */
const MAX_COUNTED_TURNS = 3_000_000;
const VACANT: Member = [];

/** The turns of a rotation that touch `span`, whole, in order. `coreHours` are the schedule's. */
export function turnsIn(rotation: Rotation, coreHours: readonly HoursWindow[], span: Interval): Turn[] {
  const { strategy } = rotation;
  switch (strategy.kind) {
    case 'fixed':
      return fixedIn(strategy.turns, span);
    case 'in_order':
      return strategy.count === 'worked' && rotation.hours.kind !== 'all'
        ? workedIn({ rotation, strategy, coreHours }, span)
        : elapsedIn(rotation, strategy, span);
    case 'fair':
      return plannedIn(strategy, span);
  }
}

/** The bare turns of a fair rotation that touch `span`, whole, whether planned or not, in order. */
export function bareTurnsIn(rotation: Rotation, strategy: FairStrategy, span: Interval): Interval[] {
  const turns: Interval[] = [];
  forEachStretch(boundariesOf(rotation, strategy.rhythm), span, (start, end) => {
    turns.push({ start, end });
  });
  return turns;
}

function fixedIn(turns: readonly Turn[], span: Interval): Turn[] {
  return turns.filter(({ start, end }) => start < span.end && end > span.start);
}

/**
 * Calls `visit` for the bare turns that touch `span`, whole, in order: strictly increasing, merged boundaries taken
 * as one. `index` is the boundary that starts the turn.
 */
function forEachStretch(
  boundaries: Boundaries,
  span: Interval,
  visit: (start: Instant, end: Instant, index: number) => void,
): void {
  let index = boundaries.lastAt(span.start);
  let start = boundaries.instantOf(index);
  for (let count = 0; start < span.end; count += 1) {
    if (count > MAX_TURNS) throw new RangeError(`More than ${MAX_TURNS} turns: ask for a shorter window`);
    let next = index + 1;
    let end = boundaries.instantOf(next);
    while (end === start) {
      next += 1;
      end = boundaries.instantOf(next);
    }
    visit(start, end, index);
    index = next;
    start = end;
  }
}

/** A bare turn, with the boundary that starts it. */
interface Stretch extends Interval {
  readonly index: number;
}

function stretchesIn(boundaries: Boundaries, span: Interval): Stretch[] {
  const result: Stretch[] = [];
  forEachStretch(boundaries, span, (start, end, index) => result.push({ start, end, index }));
  return result;
}

function memberAt(roster: readonly Member[], place: number): Member {
  const size = roster.length;
  return roster[((place % size) + size) % size] ?? VACANT;
}

function elapsedIn(rotation: Rotation, strategy: InOrder, span: Interval): Turn[] {
  const { roster } = strategy;
  const boundaries = boundariesOf(rotation, strategy);
  const turns: Turn[] = [];
  let place = boundaries.turnOf(boundaries.lastAt(span.start));
  forEachStretch(boundaries, span, (start, end) => {
    turns.push({ start, end, people: memberAt(roster, place) });
    place += 1;
  });
  return turns;
}

/** A rotation whose order only counts turns with hours in force. */
interface Worked {
  readonly rotation: Rotation;
  readonly strategy: InOrder;
  readonly coreHours: readonly HoursWindow[];
}

function workedIn(worked: Worked, span: Interval): Turn[] {
  const boundaries = boundariesOf(worked.rotation, worked.strategy);
  const stretches = stretchesIn(boundaries, span);
  const [first] = stretches;
  const last = stretches.at(-1);
  if (first === undefined || last === undefined) return [];
  const hours = hoursIn(worked.rotation.hours, worked.coreHours, { start: first.start, end: last.end });
  let place = workedBefore(worked, boundaries, first.index);
  const turns: Turn[] = [];
  forEachWorked(stretches, hours, ({ start, end }) => {
    turns.push({ start, end, people: memberAt(worked.strategy.roster, place) });
    place += 1;
  });
  return turns;
}

/** Calls `visit` for the stretches that hours touch. Both lists are sorted and disjoint. */
function forEachWorked<T extends Interval>(
  stretches: readonly T[],
  hours: readonly Interval[],
  visit: (stretch: T) => void,
): void {
  let h = 0;
  for (const stretch of stretches) {
    while (h < hours.length && (hours[h]?.end ?? 0) <= stretch.start) h += 1;
    const next = hours[h];
    if (next === undefined) return;
    if (next.start < stretch.end) visit(stretch);
  }
}

/** Sums of worked turns by block: `forward[b]` lie in `[0, b·64)`, `backward[b]` in `[−b·64, 0)`. */
interface WorkedSums {
  readonly forward: number[];
  readonly backward: number[];
}

const sums = new WeakMap<readonly HoursWindow[], WeakMap<Rotation, WorkedSums>>();

function sumsOf({ rotation, coreHours }: Worked): WorkedSums {
  const byRotation = sums.get(coreHours) ?? new WeakMap<Rotation, WorkedSums>();
  sums.set(coreHours, byRotation);
  const found = byRotation.get(rotation) ?? { forward: [0], backward: [0] };
  byRotation.set(rotation, found);
  return found;
}

/** How many worked turns lie between boundary 0 and boundary `index`; negative before the anchor. */
function workedBefore(worked: Worked, boundaries: Boundaries, index: number): number {
  if (Math.abs(index) > MAX_COUNTED_TURNS) {
    throw new RangeError(`More than ${MAX_COUNTED_TURNS} turns from the start of ${worked.rotation.id}`);
  }
  const block = Math.floor(index / COUNT_BLOCK);
  const { forward, backward } = sumsOf(worked);
  const count = (low: number, high: number) => countWorked(worked, boundaries, { low, high });
  for (let b = forward.length; b <= block; b += 1) {
    forward.push((forward[b - 1] ?? 0) + count((b - 1) * COUNT_BLOCK, b * COUNT_BLOCK));
  }
  for (let b = backward.length; b <= -block; b += 1) {
    backward.push((backward[b - 1] ?? 0) + count(-b * COUNT_BLOCK, (1 - b) * COUNT_BLOCK));
  }
  const upToBlock = block >= 0 ? forward[block] : -(backward[-block] ?? 0);
  return (upToBlock ?? 0) + count(block * COUNT_BLOCK, index);
}

/** How many of the turns that the boundaries `[low, high)` start have hours in force. */
function countWorked(
  { rotation, coreHours }: Worked,
  boundaries: Boundaries,
  { low, high }: { readonly low: number; readonly high: number },
): number {
  const start = boundaries.instantOf(low);
  const end = boundaries.instantOf(high);
  if (start >= end) return 0;
  let count = 0;
  forEachWorked(
    stretchesIn(boundaries, { start, end }),
    hoursIn(rotation.hours, coreHours, { start, end }),
    () => {
      count += 1;
    },
  );
  return count;
}
