import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseInstant } from '../time/format.ts';
import { toWall } from '../time/zone.ts';
import { afterQuietHours } from './quiet-hours.ts';

const at = (text: string): number => parseInstant(text) ?? Number.NaN;
const NIGHT = { from: 22 * 60, to: 7 * 60 };

describe('afterQuietHours', () => {
  it.each([
    ['before', '2026-11-30T21:59:00Z', '2026-11-30T21:59:00Z'],
    ['in the evening', '2026-11-30T22:00:00Z', '2026-12-01T07:00:00Z'],
    ['after midnight', '2026-12-01T03:00:00Z', '2026-12-01T07:00:00Z'],
    ['at their end', '2026-12-01T07:00:00Z', '2026-12-01T07:00:00Z'],
    ['in the night the clocks go forward', '2026-03-28T23:00:00Z', '2026-03-29T06:00:00Z'],
    ['in the night the clocks go back', '2026-10-24T22:00:00Z', '2026-10-25T07:00:00Z'],
  ])('%s', (_, told, expected) => {
    expect(afterQuietHours(at(told), NIGHT, 'Europe/London')).toBe(at(expected));
  });

  it('never tells inside them, never earlier, and at once outside', () => {
    const minute = fc.integer({ min: 0, max: 1439 });
    const zones = fc.constantFrom('Europe/London', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe');
    const instants = fc.integer({ min: at('2020-01-01T00:00:00Z'), max: at('2030-01-01T00:00:00Z') });
    fc.assert(
      fc.property(minute, minute, zones, instants, (from, to, zone, told) => {
        fc.pre(from !== to);
        const then = afterQuietHours(told, { from, to }, zone);
        expect(then).toBeGreaterThanOrEqual(told);
        expect(then - told).toBeLessThan(26 * 3_600_000);
        if (then === told) return;
        // A wall time that a clock change skips is not there to be told at: then it is the first one after it.
        const wall = Math.floor(toWall(then, zone) / 60_000) % 1440;
        expect((wall - to + 1440) % 1440).toBeLessThanOrEqual(60);
      }),
    );
  });
});
