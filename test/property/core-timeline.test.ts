import { resolveTimeline, type Shift } from '@watchbill/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cases } from './core-arbitraries.ts';
import { type Held, oracleAt, oracleCovered, STEP_MS } from './core-oracle.ts';

const keyOf = ({ person, source, turn }: Held) => `${person} ${source} ${turn ?? '-'}`;

const nameOf = ({ person, rotation, override }: Shift) => `${person} ${rotation ?? override}`;
const personOf = ({ person }: { readonly person: string }) => person;

/** `expect` costs too much for every quarter of an hour, so it is only asked where it will fail. */
function same(found: string[], expected: string[]): void {
  if (found.sort().join() !== expected.sort().join()) expect(found).toEqual(expected);
}

function onCall(shifts: readonly Shift[], role: string, at: number): Shift[] {
  return shifts.filter((shift) => shift.role === role && shift.start <= at && at < shift.end);
}

describe('the timeline', () => {
  it('says at every quarter of an hour what a naive reading of the rules says', () => {
    fc.assert(
      fc.property(cases(), ({ schedule, window }) => {
        const { shifts, gaps } = resolveTimeline(schedule, window);
        for (const role of schedule.roles) {
          let before: string[] = [];
          for (let at = window.start; at < window.end; at += STEP_MS) {
            const expected = oracleAt(schedule, role, at);
            const found = onCall(shifts, role, at);
            same(
              found.map(nameOf),
              expected.map(({ person, source }) => `${person} ${source}`),
            );
            const keys = expected.map(keyOf);
            // A shift starts where its person, source or turn begins, and nowhere else. A seat may change hands
            // between overrides of one person, so only stretches from rotations are held to it.
            const fresh = expected.filter((held) => held.turn !== null && !before.includes(keyOf(held)));
            const starting = found.filter(({ start, rotation }) => start === at && rotation !== null);
            same(starting.map(personOf), fresh.map(personOf));
            const gap = gaps.some((g) => g.role === role && g.start <= at && at < g.end);
            if (gap !== (expected.length === 0 && oracleCovered(schedule, at))) expect(gap).toBe(!gap);
            before = keys;
          }
        }
      }),
      { numRuns: 160 },
    );
  });
});
