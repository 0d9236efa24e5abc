import type { Override } from '@watchbill/core';
import type { OverrideRow } from '@watchbill/database';
import { describe, expect, it } from 'vitest';
import { decideOverrides } from './decide-overrides.ts';

const made = { schedule: 's', createdBy: 'tester' };

function override(id: string, start: number, end: number, people: readonly string[] = ['ann']): Override {
  return { id, role: 'primary', kind: 'replace', start, end, people, replaces: null };
}

function row(of: Override, origin: 'file' | 'api' = 'file'): OverrideRow {
  return { ...of, ...made, origin, reason: null, cancelledAt: null };
}

function decide(
  stored: readonly OverrideRow[],
  file: readonly Override[],
  reasons = new Map<string, string>(),
) {
  const { cancelled, saved, after } = decideOverrides(stored, file, { ...made, reasons });
  return { cancelled, saved: saved.map(({ id }) => id), after: after.map(({ id }) => id) };
}

const a = override('a', 0, 100);
const b = override('b', 50, 150);
const c = override('c', 200, 300);

describe('decideOverrides', () => {
  it('does nothing for what is as it was', () => {
    expect(decide([row(a), row(b), row(c)], [a, b, c])).toEqual({
      cancelled: [],
      saved: [],
      after: ['a', 'b', 'c'],
    });
  });

  it('keeps the reasons that the file gives, and takes over new ones', () => {
    const reasons = new Map([['a', 'leave']]);
    expect(decideOverrides([], [a, b], { ...made, reasons }).saved.map(({ reason }) => reason)).toEqual([
      'leave',
      null,
    ]);
    expect(decide([{ ...row(a), reason: 'leave' }], [a], reasons).saved).toEqual([]);
    expect(decide([row(a)], [a], reasons).saved).toEqual(['a']);
  });

  it('leaves those made by hand alone', () => {
    const hand = row(override('hand', 0, 100), 'api');
    expect(decide([row(a), hand], [])).toEqual({ cancelled: ['a'], saved: [], after: ['hand'] });
  });

  it('makes changed ones anew, on top of those made by hand', () => {
    const hand = row(override('hand', 0, 100), 'api');
    const changed = override('a', 0, 100, ['ben']);
    expect(decide([row(a), hand, row(c)], [changed, c])).toEqual({
      cancelled: [],
      saved: ['a'],
      after: ['hand', 'c', 'a'],
    });
  });

  it('follows the order of the file where two overlap, and only there', () => {
    expect(decide([row(a), row(b)], [b, a]).saved).toEqual(['a']);
    expect(decide([row(a), row(c)], [c, a]).saved).toEqual([]);
  });

  it('puts one after a new one that it overlaps', () => {
    const early = override('new', 20, 60);
    expect(decide([row(a), row(b), row(c)], [early, a, b, c])).toEqual({
      cancelled: [],
      saved: ['new', 'a', 'b'],
      after: ['c', 'new', 'a', 'b'],
    });
  });
});
