import { parseInstant } from '@watchbill/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meaningOf, wallText } from './wall-field.ts';

const at = (text: string): number => parseInstant(text) ?? Number.NaN;

describe('a wall time in a field', () => {
  it('that occurs twice means two instants', () => {
    expect(meaningOf('2026-10-25T01:30', 'Europe/London')).toEqual({
      ...{ first: at('2026-10-25T00:30:00Z'), last: at('2026-10-25T01:30:00Z'), skipped: false },
    });
  });

  it('that the clocks skip means the first instant after', () => {
    const meant = at('2026-03-29T01:00:00Z');
    expect(meaningOf('2026-03-29T01:30', 'Europe/London')).toEqual({
      ...{ first: meant, last: meant, skipped: true },
    });
  });

  it('that is not finished means nothing', () => {
    expect(meaningOf('', 'UTC')).toBeNull();
  });

  it('shows every instant so that one of its meanings is that instant', () => {
    const zones = ['Europe/London', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Cairo', 'UTC'];
    const minutes = fc.integer({ min: 0, max: 20 * 365 * 1440 });
    fc.assert(
      fc.property(fc.constantFrom(...zones), minutes, (zone, minute) => {
        const instant = at('2020-01-01T00:00:00Z') + minute * 60_000;
        const meaning = meaningOf(wallText(instant, zone), zone);
        expect([meaning?.first, meaning?.last]).toContain(instant);
      }),
    );
  });
});
