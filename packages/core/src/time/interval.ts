/** An instant: milliseconds since 1970-01-01T00:00:00Z. Always UTC. */
export type Instant = number;

/** A wall-clock date and time in some zone, as the milliseconds it would have if that zone were UTC. */
export type WallTime = number;

/** A half-open stretch of time `[start, end)`. `start < end` always. */
export interface Interval {
  readonly start: Instant;
  readonly end: Instant;
}

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** Sorted, disjoint, non-touching stretches that cover the same time as `intervals` in any order. */
export function normalise(intervals: readonly Interval[]): Interval[] {
  const sorted = isSorted(intervals) ? intervals : [...intervals].sort((a, b) => a.start - b.start);
  const result: Interval[] = [];
  let start = 0;
  let end = Number.NEGATIVE_INFINITY;
  for (const next of sorted) {
    if (next.start >= next.end) continue;
    if (next.start <= end) {
      if (next.end > end) end = next.end;
      continue;
    }
    if (end > Number.NEGATIVE_INFINITY) result.push({ start, end });
    start = next.start;
    end = next.end;
  }
  if (end > Number.NEGATIVE_INFINITY) result.push({ start, end });
  return result;
}

function isSorted(intervals: readonly Interval[]): boolean {
  let last = Number.NEGATIVE_INFINITY;
  for (const { start } of intervals) {
    if (start < last) return false;
    last = start;
  }
  return true;
}

/** Two lists sorted by start as one; of equal starts, the first list's come first. */
export function mergeByStart<T extends Interval>(a: readonly T[], b: readonly T[]): readonly T[] {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const result: T[] = [];
  let j = 0;
  for (const left of a) {
    for (let right = b[j]; right !== undefined && right.start < left.start; right = b[j]) {
      result.push(right);
      j += 1;
    }
    result.push(left);
  }
  for (; j < b.length; j += 1) result.push(b[j] as T);
  return result;
}

/** The time covered by any of the lists. */
export function union(...lists: readonly (readonly Interval[])[]): Interval[] {
  return normalise(lists.flat());
}

/** The time covered by both. Each list must be sorted and disjoint; touching pieces stay as they are. */
export function intersect(a: readonly Interval[], b: readonly Interval[]): Interval[] {
  const result: Interval[] = [];
  let i = 0;
  let j = 0;
  while (true) {
    const left = a[i];
    const right = b[j];
    if (left === undefined || right === undefined) return result;
    const start = Math.max(left.start, right.start);
    const end = Math.min(left.end, right.end);
    if (start < end) result.push({ start, end });
    if (left.end < right.end) i += 1;
    else j += 1;
  }
}

/** The time covered by `a` and not by `b`. Each list must be sorted and disjoint. */
export function subtract(a: readonly Interval[], b: readonly Interval[]): Interval[] {
  const result: Interval[] = [];
  let j = 0;
  for (const piece of a) {
    let start = piece.start;
    for (; j < b.length; j += 1) {
      const cut = b[j];
      if (cut === undefined || cut.start >= piece.end) break;
      if (cut.start > start) result.push({ start, end: cut.start });
      if (cut.end > start) start = cut.end;
      if (start >= piece.end) break;
    }
    if (start < piece.end) result.push({ start, end: piece.end });
  }
  return result;
}

/** The part of a sorted, disjoint list that lies inside `window`. */
export function clip(intervals: readonly Interval[], window: Interval): Interval[] {
  const result: Interval[] = [];
  for (const interval of intervals) {
    if (interval.end <= window.start) continue;
    if (interval.start >= window.end) break;
    const whole = interval.start >= window.start && interval.end <= window.end;
    const start = Math.max(interval.start, window.start);
    const end = Math.min(interval.end, window.end);
    result.push(whole ? interval : { start, end });
  }
  return result;
}

/** The time of `window` that a sorted, disjoint list leaves free. */
export function complement(intervals: readonly Interval[], window: Interval): Interval[] {
  return subtract([window], intervals);
}

/** Milliseconds covered by a disjoint list. */
export function totalMs(intervals: readonly Interval[]): number {
  return intervals.reduce((sum, { start, end }) => sum + end - start, 0);
}
