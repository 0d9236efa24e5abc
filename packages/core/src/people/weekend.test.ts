import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Weekday } from '../schedule/schedule.ts';
import { weekdayOf } from '../time/civil.ts';
import { weekendOfPlace, weekendsBy } from './weekend.ts';

const WEEK: readonly Weekday[] = [1, 2, 3, 4, 5, 6, 7];

it('knows the weekend of a place', () => {
  const known = ['IL', 'IL-JM', 'ae', 'GB-ENG', 'IN', 'listed'].map((place) => weekendOfPlace(place));
  expect(known).toEqual([
    [5, 6],
    [5, 6],
    [6, 7],
    [6, 7],
    [6, 7],
    [6, 7],
  ]);
  expect(weekendOfPlace(null)).toEqual([6, 7]);
});

it('counts Sunday and Monday as one weekend, and days off that lie apart as one a week', () => {
  // 2026-03-01 was a Sunday.
  const sunday = Date.UTC(2026, 2, 1) / 86_400_000;
  const late = weekendsBy([1, 7]);
  expect([late(sunday), late(sunday + 7)]).toEqual([late(sunday + 1), late(sunday + 8)]);
  expect(late(sunday + 7)).toBe((late(sunday) ?? 0) + 1);
  const apart = weekendsBy([2, 4, 5, 7]);
  expect(new Set([4, 5, 7, 9].map((day) => apart(sunday + day))).size).toBe(1);
  expect(weekendsBy([])(sunday)).toBeNull();
});

it('numbers weekends one after another, whatever their days', () => {
  fc.assert(
    fc.property(
      fc.subarray([...WEEK], { minLength: 1 }),
      fc.integer({ min: -5000, max: 50_000 }),
      (off, day) => {
        const number = weekendsBy(off);
        expect(number(day) === null).toBe(!off.includes(weekdayOf(day)));
        const own = number(day);
        if (own !== null) expect(number(day + 7)).toBe(own + 1);
        const days = Array.from({ length: 70 }, (_, k) => number(day + k)).filter((one) => one !== null);
        expect(new Set(days).size).toBeGreaterThanOrEqual(10);
        expect(new Set(days).size).toBeLessThanOrEqual(11);
      },
    ),
  );
});
