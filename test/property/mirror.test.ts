import {
  type Interval,
  type MirrorDiff,
  type MirroredOverride,
  type MirrorStretch,
  mirrorDiff,
  mirrorLine,
} from '@watchbill/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const SECOND = 1_000;
const END = 40;
const FROM = 8 * SECOND;

const person = fc.constantFrom('ann', 'ben', 'cleo');
const stretch = fc
  .tuple(fc.integer({ min: 0, max: END - 1 }), fc.integer({ min: 1, max: 15 }))
  .map(([start, length]): Interval => ({ start: start * SECOND, end: (start + length) * SECOND }));
const stretches = (max: number) =>
  fc
    .array(fc.tuple(stretch, person), { maxLength: max })
    .map((list) => list.map(([interval, who]): MirrorStretch => ({ ...interval, person: who })));
const standing = fc.record({
  shifts: stretches(8),
  own: stretches(6).map((list) =>
    list.map((one, index): MirroredOverride => ({ ...one, id: `own-${index}` })),
  ),
  foreign: fc.array(stretch, { maxLength: 3 }),
});

const seconds = Array.from({ length: END + 20 }, (_, second) => second * SECOND);
const holds = ({ start, end }: Interval, at: number) => start <= at && at < end;

/** What PagerDuty does: an override that has begun ends now, one ahead goes, new ones stand. */
function applied(own: readonly MirroredOverride[], diff: MirrorDiff): MirroredOverride[] {
  const gone = new Set(diff.remove);
  return [
    ...own.flatMap((one) => {
      if (!gone.has(one.id)) return [one];
      return one.start < FROM ? [{ ...one, end: Math.min(one.end, FROM), id: `past-${one.id}` }] : [];
    }),
    ...diff.add.map((one, index) => ({ ...one, id: `new-${index}` })),
  ];
}

describe('mirrorLine', () => {
  it('is a line that covers the same time, with people who stand there', () => {
    fc.assert(
      fc.property(stretches(8), (shifts) => {
        const line = mirrorLine(shifts);
        for (const [index, one] of line.entries()) {
          const next = line[index + 1];
          expect(one.start).toBeLessThan(one.end);
          if (next === undefined) continue;
          expect(one.end).toBeLessThanOrEqual(next.start);
          expect(one.end === next.start && one.person === next.person).toBe(false);
        }
        for (const at of seconds) {
          const stand = shifts.filter((shift) => holds(shift, at)).map((shift) => shift.person);
          const shown = line.filter((one) => holds(one, at)).map((one) => one.person);
          expect(shown.length).toBe(stand.length === 0 ? 0 : 1);
          expect(stand).toEqual(expect.arrayContaining(shown));
        }
        expect(mirrorLine([...shifts].reverse())).toEqual(line);
      }),
    );
  });

  it('knows no fractions of a second', () => {
    const line = mirrorLine([
      { person: 'ann', start: 1_500, end: 3_999 },
      { person: 'ben', start: 3_999, end: 4_001 },
      { person: 'cleo', start: 4_001, end: 4_900 },
    ]);
    expect(line).toEqual([
      { person: 'ann', start: 1_000, end: 3_000 },
      { person: 'ben', start: 3_000, end: 4_000 },
    ]);
  });
});

describe('mirrorDiff', () => {
  it('makes the provider show what is wanted, wherever nobody else has a say', () => {
    fc.assert(
      fc.property(standing, ({ shifts, own, foreign }) => {
        const wanted = mirrorLine(shifts);
        const after = applied(own, mirrorDiff({ wanted, own, foreign, from: FROM }));
        for (const at of seconds.filter((second) => second >= FROM)) {
          const shown = new Set(after.filter((one) => holds(one, at)).map((one) => one.person));
          const want = wanted.filter((one) => holds(one, at)).map((one) => one.person);
          if (foreign.some((one) => holds(one, at))) {
            expect(want).toEqual(expect.arrayContaining([...shown]));
          } else expect([...shown]).toEqual(want);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is empty the second time', () => {
    fc.assert(
      fc.property(standing, ({ shifts, own, foreign }) => {
        const wanted = mirrorLine(shifts);
        const after = applied(own, mirrorDiff({ wanted, own, foreign, from: FROM }));
        const ahead = after.filter((one) => one.end > FROM);
        expect(mirrorDiff({ wanted, own: ahead, foreign, from: FROM })).toEqual({ remove: [], add: [] });
      }),
      { numRuns: 500 },
    );
  });

  it('touches nothing of others, adds nothing over it and nothing before its time', () => {
    fc.assert(
      fc.property(standing, ({ shifts, own, foreign }) => {
        const { remove, add } = mirrorDiff({ wanted: mirrorLine(shifts), own, foreign, from: FROM });
        expect(own.map(({ id }) => id)).toEqual(expect.arrayContaining([...remove]));
        for (const one of add) {
          expect(one.start).toBeGreaterThanOrEqual(FROM);
          expect(foreign.filter((other) => other.start < one.end && one.start < other.end)).toEqual([]);
        }
      }),
    );
  });

  it('writes no more than it must: each removal is wrong somewhere, each addition is a hole of its own', () => {
    fc.assert(
      fc.property(standing, ({ shifts, own, foreign }) => {
        const wanted = mirrorLine(shifts);
        const { remove, add } = mirrorDiff({ wanted, own, foreign, from: FROM });
        for (const id of remove) {
          const one = own.find((each) => each.id === id) as MirroredOverride;
          const wrong = seconds.some(
            (at) =>
              at >= FROM &&
              holds(one, at) &&
              !wanted.some((want) => want.person === one.person && holds(want, at)),
          );
          expect(wrong).toBe(true);
        }
        const kept = own.filter(({ id }) => !remove.includes(id));
        for (const one of add) {
          expect(
            kept.some((each) => each.person === one.person && each.start < one.end && one.start < each.end),
          ).toBe(false);
          expect(add.some((other) => other.person === one.person && other.end === one.start)).toBe(false);
        }
      }),
    );
  });

  it('leaves a mirrored line alone when a day comes into sight', () => {
    const ann = { person: 'ann', start: 10_000, end: 20_000 };
    const own = [{ ...ann, id: 'one' }];
    const wanted = mirrorLine([ann, { person: 'ann', start: 20_000, end: 30_000 }]);
    expect(mirrorDiff({ wanted, own, foreign: [], from: FROM })).toEqual({
      remove: [],
      add: [{ person: 'ann', start: 20_000, end: 30_000 }],
    });
  });
});
