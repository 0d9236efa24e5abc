import { parseInstant } from '@watchbill/core';
import { expect, it } from 'vitest';
import { offHoursOf } from './off-hours.ts';

const at = (text: string): number => parseInstant(text) ?? Number.NaN;
const cleo = {
  ...{ id: 'cleo', name: 'Cleo Sato', email: null, timeZone: 'Asia/Tokyo', holidays: null },
  workingHours: { days: ['mon', 'tue'], from: '09:00', to: '17:00' } as const,
};

it('the hours outside are by the own clock of the person', () => {
  const span = { start: at('2026-11-30T00:00:00Z'), end: at('2026-12-01T12:00:00Z') };
  expect(offHoursOf(cleo, span)).toEqual([
    { start: at('2026-11-30T08:00:00Z'), end: at('2026-12-01T00:00:00Z') },
    { start: at('2026-12-01T08:00:00Z'), end: span.end },
  ]);
});

it('all of a free day is outside, and nothing is known of nobody', () => {
  const span = { start: at('2026-12-02T00:00:00Z'), end: at('2026-12-02T12:00:00Z') };
  expect(offHoursOf(cleo, span)).toEqual([span]);
  expect(offHoursOf(undefined, span)).toEqual([]);
});
