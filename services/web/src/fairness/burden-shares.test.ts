import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { piecesOf, sharesOf } from './burden-shares.ts';

const hours = fc.integer({ min: 0, max: 2000 });
const byClass = fc.record({
  ...{ core: hours, waking: hours, night: hours, weekend: hours },
  ...{ weekendNight: hours, holiday: hours, holidayNight: hours },
});

describe('the shares of a burden', () => {
  it('lose no hour', () => {
    fc.assert(
      fc.property(byClass, (all) => {
        const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
        expect(sum(Object.values(sharesOf({ byClass: all })))).toBe(sum(Object.values(all)));
      }),
    );
  });

  it('lie side by side and fill the bar of whoever has most', () => {
    fc.assert(
      fc.property(byClass, (all) => {
        const most = Object.values(all).reduce((a, b) => a + b, 0);
        const pieces = piecesOf({ byClass: all }, most, 600);
        for (const [index, piece] of pieces.entries()) {
          const before = pieces[index - 1];
          expect(piece.x).toBeCloseTo(before === undefined ? 0 : before.x + before.width, 6);
        }
        const last = pieces.at(-1);
        if (most > 0) expect((last?.x ?? 0) + (last?.width ?? 0)).toBeCloseTo(600, 6);
        else expect(pieces).toEqual([]);
      }),
    );
  });
});
