import { compareShifts } from './resolve.ts';
import type { Shift, ShiftChange, Timeline } from './timeline.ts';

type Key = (shift: Shift) => string;

/** What makes two shifts the same one, changed: the closest likeness is looked for first. */
const LIKENESS: readonly Key[] = [
  ({ person, role, seat, start }) => [person, role, seat, start].join(' '),
  ({ person, role, start }) => [person, role, start].join(' '),
  ({ person, role, seat, end }) => [person, role, seat, end].join(' '),
  ({ person, role, seat }) => [person, role, seat].join(' '),
];

function identity({ start, end, person, role, seat, rotation, override }: Shift): string {
  return [start, end, person, role, seat, rotation ?? '/', override ?? '/'].join(' ');
}

function sameShift(a: Shift, b: Shift): boolean {
  return identity(a) === identity(b);
}

/**
 * What changes from one timeline to another of the same window. `changed` keeps person and role, and the start or
 * the seat; the others are `removed` and `added`. Sorted by start. `applyChanges(a.shifts, diffTimelines(a, b))`
 * gives `b.shifts`.
 */
export function diffTimelines(a: Pick<Timeline, 'shifts'>, b: Pick<Timeline, 'shifts'>): ShiftChange[] {
  const kept = pair(a.shifts, b.shifts, identity);
  let removed = kept.left;
  let added = kept.right;
  const changes: ShiftChange[] = [];
  for (const key of LIKENESS) {
    const { pairs, left, right } = pair(removed, added, key);
    for (const [before, after] of pairs) changes.push({ kind: 'changed', before, after });
    removed = left;
    added = right;
  }
  for (const shift of removed) changes.push({ kind: 'removed', shift });
  for (const shift of added) changes.push({ kind: 'added', shift });
  return changes.sort((x, y) => compareShifts(shiftOf(x), shiftOf(y)) || order(x) - order(y));
}

function shiftOf(change: ShiftChange): Shift {
  return change.kind === 'changed' ? change.before : change.shift;
}

function order({ kind }: ShiftChange): number {
  return kind === 'removed' ? 0 : kind === 'changed' ? 1 : 2;
}

/** Pairs shifts of the same key, in order; `left` and `right` are what found no partner. */
function pair(a: readonly Shift[], b: readonly Shift[], key: Key) {
  const waiting = new Map<string, Shift[]>();
  for (const shift of b) {
    const same = waiting.get(key(shift));
    if (same === undefined) waiting.set(key(shift), [shift]);
    else same.push(shift);
  }
  const used = new Set<Shift>();
  const pairs: (readonly [Shift, Shift])[] = [];
  const left: Shift[] = [];
  const taken = new Map<string, number>();
  for (const shift of a) {
    const name = key(shift);
    const place = taken.get(name) ?? 0;
    const partner = waiting.get(name)?.[place];
    if (partner === undefined) {
      left.push(shift);
      continue;
    }
    taken.set(name, place + 1);
    used.add(partner);
    pairs.push([shift, partner]);
  }
  return { pairs, left, right: b.filter((shift) => !used.has(shift)) };
}

/** The shifts after changes. Throws a RangeError for a change of a shift that is not there. */
export function applyChanges(shifts: readonly Shift[], changes: readonly ShiftChange[]): Shift[] {
  const gone = new Map<string, number>();
  const result: Shift[] = [];
  for (const change of changes) {
    if (change.kind !== 'added') {
      const name = identity(shiftOf(change));
      gone.set(name, (gone.get(name) ?? 0) + 1);
    }
    if (change.kind === 'added') result.push(change.shift);
    if (change.kind === 'changed') result.push(change.after);
  }
  for (const shift of shifts) {
    const name = identity(shift);
    const left = gone.get(name) ?? 0;
    if (left === 0) result.push(shift);
    else gone.set(name, left - 1);
  }
  for (const [name, left] of gone) {
    if (left > 0) throw new RangeError(`A changed shift is not in the timeline: ${name}`);
  }
  return result.sort(compareShifts);
}

/** Whether two timelines say the same. */
export function sameShifts(a: readonly Shift[], b: readonly Shift[]): boolean {
  return a.length === b.length && a.every((shift, index) => sameShift(shift, b[index] as Shift));
}
