import { compareShifts, type Instant, type Shift } from '@watchbill/core';
import type { ShiftRow } from '@watchbill/database';
import { continueCurrent } from './continue-current.ts';
import { sameFacts } from './same-facts.ts';

export interface SyncInput {
  readonly now: Instant;
  /** What the schedule says from `now` on: whole shifts, cut at `now`. */
  readonly shifts: readonly Shift[];
  /** The stored active shifts that end after `now`. */
  readonly stored: readonly ShiftRow[];
}

export interface ShiftDecision {
  readonly added: readonly Shift[];
  /** `told` unless only the seat is another one, which no event speaks of. */
  readonly changed: readonly ShiftChange[];
  readonly cancelled: readonly ShiftRow[];
  /** Rows that stay as they are. */
  readonly kept: readonly ShiftRow[];
}

export interface ShiftChange {
  readonly before: ShiftRow;
  readonly after: ShiftRow;
  readonly told: boolean;
}

type Key = (shift: Shift) => string;

/** What makes a stored shift of the future the same as a planned one: the closest likeness is looked for first. */
const LIKENESS: readonly Key[] = [
  (shift) => [shift.role, shift.person, shift.start, shift.seat, shift.rotation, shift.override].join(' '),
  (shift) => [shift.role, shift.person, shift.start].join(' '),
  (shift) => [shift.role, shift.person, shift.end, shift.seat].join(' '),
];

/**
 * Turns stored shifts into what the schedule says, from `now` on. What lies before `now` is never changed. A shift
 * in progress goes on if its person still holds the role at `now`, and ends at `now` otherwise. Shifts of the future
 * keep their ids as far as possible. Applying the decision to `stored` gives `shifts`, but for the start (and in rare
 * cases the seat) of those in progress.
 */
export function decideSync({ now, shifts, stored }: SyncInput): ShiftDecision {
  const current = continueCurrent({
    now,
    planned: shifts.filter((shift) => shift.start <= now),
    later: shifts.filter((shift) => shift.start > now),
    stored: stored.filter((row) => row.start <= now),
  });
  const future = matchFuture(
    stored.filter((row) => row.start > now),
    shifts.filter((shift) => shift.start > now),
  );
  const pairs = [...current.pairs, ...future.pairs];
  const changed: ShiftChange[] = [];
  const kept: ShiftRow[] = [];
  for (const [before, after] of pairs) {
    const told = !sameFacts(before, after);
    if (told) changed.push({ before, after: { ...after, sequence: before.sequence + 1 }, told });
    else if (before.seat !== after.seat) changed.push({ before, after, told });
    else kept.push(before);
  }
  return {
    added: [...current.added, ...future.added].sort(compareShifts),
    changed: changed.sort((a, b) => compareShifts(a.after, b.after)),
    cancelled: [...current.cancelled, ...future.cancelled].sort(compareShifts),
    kept,
  };
}

interface Matched {
  readonly pairs: readonly (readonly [ShiftRow, ShiftRow])[];
  readonly added: readonly Shift[];
  readonly cancelled: readonly ShiftRow[];
}

function matchFuture(stored: readonly ShiftRow[], planned: readonly Shift[]): Matched {
  const pairs: [ShiftRow, ShiftRow][] = [];
  let cancelled = stored;
  let added = planned;
  for (const match of [...LIKENESS.map((key) => equalBy(key)), overlapping]) {
    const partners = match(cancelled, added);
    const used = new Set(partners.values());
    for (const [row, shift] of partners) pairs.push([row, { ...row, ...shift }]);
    cancelled = cancelled.filter((row) => !partners.has(row));
    added = added.filter((shift) => !used.has(shift));
  }
  return { pairs, added, cancelled };
}

type Match = (stored: readonly ShiftRow[], planned: readonly Shift[]) => Map<ShiftRow, Shift>;

/** Pairs those with the same key, in their order. */
function equalBy(key: Key): Match {
  return (stored, planned) => {
    const waiting = new Map<string, Shift[]>();
    for (const shift of [...planned].reverse()) {
      const name = key(shift);
      const same = waiting.get(name);
      if (same === undefined) waiting.set(name, [shift]);
      else same.push(shift);
    }
    const partners = new Map<ShiftRow, Shift>();
    for (const row of stored) {
      const partner = waiting.get(key(row))?.pop();
      if (partner !== undefined) partners.set(row, partner);
    }
    return partners;
  };
}

/** Pairs those of one person on one seat that overlap: a handoff that is moved by an hour changes its shifts. */
const overlapping: Match = (stored, planned) => {
  const bySeat = new Map<string, Shift[]>();
  for (const shift of planned) {
    const key = [shift.role, shift.person, shift.seat].join(' ');
    const own = bySeat.get(key);
    if (own === undefined) bySeat.set(key, [shift]);
    else own.push(shift);
  }
  const partners = new Map<ShiftRow, Shift>();
  const used = new Set<Shift>();
  for (const row of stored) {
    const own = bySeat.get([row.role, row.person, row.seat].join(' ')) ?? [];
    let best: Shift | null = null;
    for (const shift of own) {
      if (used.has(shift) || overlapMs(row, shift) <= Math.max(0, best === null ? 0 : overlapMs(row, best)))
        continue;
      best = shift;
    }
    if (best === null) continue;
    used.add(best);
    partners.set(row, best);
  }
  return partners;
};

function overlapMs(a: Shift, b: Shift): number {
  return Math.min(a.end, b.end) - Math.max(a.start, b.start);
}
