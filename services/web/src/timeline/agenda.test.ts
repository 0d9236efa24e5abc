import { DAY_MS, HOUR_MS, parseInstant } from '@watchbill/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agendaOf } from './agenda.ts';
import type { Bar } from './bars.ts';

const at = (text: string): number => parseInstant(text) ?? Number.NaN;
const bar = (start: number, end: number): Bar => ({
  ...{ kind: 'shift', person: 'amara', role: 'primary', rotation: 'week', override: null },
  ...{ start, end },
});

describe('agendaOf', () => {
  const window = { from: at('2026-10-24T23:00:00Z'), to: at('2026-10-28T00:00:00Z') };

  it('puts a shift on the local day on which it begins, and what goes on on the first', () => {
    const before = bar(at('2026-10-23T09:00:00Z'), at('2026-10-25T10:00:00Z'));
    const late = bar(at('2026-10-25T23:30:00Z'), at('2026-10-26T09:00:00Z'));
    const days = agendaOf([before, late], window, 'Europe/London');
    expect(days.map(({ day, bars }) => [day.hours, bars.length])).toEqual([[25, 2]]);
    const elsewhere = agendaOf([before, late], window, 'Europe/Berlin');
    expect(elsewhere.map(({ bars }) => bars)).toEqual([[before], [late]]);
  });

  it('has every bar of the window once, in order', () => {
    const starts = fc.array(fc.integer({ min: -200, max: 200 }), { maxLength: 40 });
    const zones = fc.constantFrom('Europe/London', 'Pacific/Apia', 'Africa/Cairo', 'UTC');
    fc.assert(
      fc.property(starts, zones, (hours, zone) => {
        const bars = hours
          .sort((a, b) => a - b)
          .map((hour) => bar(window.from + hour * HOUR_MS, window.from + hour * HOUR_MS + DAY_MS));
        const inside = bars.filter(({ start, end }) => start < window.to && end > window.from);
        expect(agendaOf(bars, window, zone).flatMap((one) => one.bars)).toEqual(inside);
      }),
    );
  });
});
