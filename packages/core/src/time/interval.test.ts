import { describe, expect, it } from 'vitest';
import {
  clip,
  complement,
  type Interval,
  intersect,
  mergeByStart,
  normalise,
  subtract,
  union,
} from './interval.ts';

function intervals(...pairs: readonly (readonly [number, number])[]): Interval[] {
  return pairs.map(([start, end]) => ({ start, end }));
}

describe('interval algebra', () => {
  it('joins what overlaps or touches, in any order, and drops what is empty', () => {
    expect(normalise(intervals([5, 7], [1, 3], [3, 4], [6, 9], [8, 8]))).toEqual(intervals([1, 4], [5, 9]));
    expect(union(intervals([1, 2]), intervals([0, 1]))).toEqual(intervals([0, 2]));
  });

  it('intersects half-open: touching is not meeting', () => {
    expect(intersect(intervals([0, 5], [5, 9]), intervals([4, 6], [9, 12]))).toEqual(
      intervals([4, 5], [5, 6]),
    );
  });

  it('subtracts a cut that spans several pieces', () => {
    expect(subtract(intervals([0, 4], [5, 9], [10, 12]), intervals([2, 6], [8, 11]))).toEqual(
      intervals([0, 2], [6, 8], [11, 12]),
    );
    expect(subtract(intervals([0, 2], [2, 4]), intervals([1, 3]))).toEqual(intervals([0, 1], [3, 4]));
  });

  it('clips and complements within a window', () => {
    expect(clip(intervals([0, 2], [3, 8]), { start: 1, end: 5 })).toEqual(intervals([1, 2], [3, 5]));
    expect(complement(intervals([0, 2], [3, 4]), { start: 1, end: 6 })).toEqual(intervals([2, 3], [4, 6]));
    expect(complement([], { start: 1, end: 6 })).toEqual(intervals([1, 6]));
  });

  it('merges two sorted lists, the first one first', () => {
    const named = (name: string, ...starts: number[]) =>
      starts.map((start) => ({ start, end: start + 1, name }));
    const merged = mergeByStart(named('a', 1, 3, 5), named('b', 0, 3, 9));
    expect(merged.map(({ name, start }) => name + start)).toEqual(['b0', 'a1', 'a3', 'b3', 'a5', 'b9']);
  });
});
