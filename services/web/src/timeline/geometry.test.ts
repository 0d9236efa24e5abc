import { HOUR_MS, parseInstant } from '@watchbill/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boxOf, daysIn, moved, SPANS, type Span, windowOf } from './geometry.ts';

const at = (text: string): number => parseInstant(text) ?? Number.NaN;

describe('daysIn', () => {
  it.each([
    ['Europe/London', '2026-10-25T00:00:00Z', 25],
    ['Europe/London', '2026-03-29T12:00:00Z', 23],
    ['Australia/Lord_Howe', '2026-04-04T20:00:00Z', 24.5],
    ['Africa/Cairo', '2026-04-24T06:00:00Z', 23],
  ])('a day of a clock change in %s has the hours it has', (zone, inside, hours) => {
    const window = { from: at(inside), to: at(inside) + HOUR_MS };
    expect(daysIn(window, zone).map((day) => day.hours)).toEqual([hours]);
  });

  it('leaves out the day that Apia skipped, and begins weeks on Monday', () => {
    const window = { from: at('2011-12-29T12:00:00Z'), to: at('2012-01-01T12:00:00Z') };
    expect(daysIn(window, 'Pacific/Apia').map((day) => day.weekday)).toEqual([3, 5, 6, 0]);
  });

  it('tiles the window whatever the zone', () => {
    const zones = ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Asia/Beirut', 'America/Santiago'];
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: at('2000-01-01T00:00:00Z'), max: at('2040-01-01T00:00:00Z') }),
        fc.integer({ min: 1, max: 60 * 24 * HOUR_MS }),
        (zone, from, length) => {
          const days = daysIn({ from, to: from + length }, zone);
          expect(days[0]?.start).toBeLessThanOrEqual(from);
          expect(days.at(-1)?.end).toBeGreaterThanOrEqual(from + length);
          for (const [index, day] of days.slice(1).entries()) expect(day.start).toBe(days[index]?.end);
        },
      ),
    );
  });
});

describe('windows', () => {
  it('of a week begin on the Monday of the zone and are whole local days', () => {
    const { from, to } = windowOf('week', at('2026-10-25T12:00:00Z'), 'Europe/London');
    expect([from, to]).toEqual([at('2026-10-18T23:00:00Z'), at('2026-10-26T00:00:00Z')]);
  });

  it('come back when moved there and back', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...(Object.keys(SPANS) as Span[])),
        fc.integer({ min: at('2001-01-01T00:00:00Z'), max: at('2039-01-01T00:00:00Z') }),
        (span, instant) => {
          const zone = 'America/New_York';
          const window = windowOf(span, instant, zone);
          const after = moved(span, window, { by: 1, zone });
          expect(moved(span, after, { by: -1, zone })).toEqual(window);
        },
      ),
    );
  });
});

describe('boxOf', () => {
  const window = { from: 1_000, to: 2_000 };

  it('cuts what goes on beyond the window, and says so', () => {
    expect(boxOf({ start: 500, end: 1_500 }, window, 100)).toEqual({
      ...{ x: 0, width: 50 },
      ...{ cutLeft: true, cutRight: false },
    });
  });

  it('leaves out what only touches it', () => {
    expect(boxOf({ start: 0, end: 1_000 }, window, 100)).toBeNull();
    expect(boxOf({ start: 2_000, end: 3_000 }, window, 100)).toBeNull();
  });
});
