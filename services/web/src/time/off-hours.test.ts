import { parseInstant } from '@watchbill/core';
import { expect, it } from 'vitest';
import { offHoursOf, statesOf } from './off-hours.ts';

const at = (text: string): number => parseInstant(text) ?? Number.NaN;
const cleo = {
  ...{ id: 'cleo', name: 'Cleo Sato', email: null, timeZone: 'Asia/Tokyo', holidays: null },
  sleep: { from: '23:00', to: '07:00' },
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

it('a day is work, sleep and the rest, by the own clock of the person', () => {
  const span = { start: at('2026-11-30T00:00:00Z'), end: at('2026-12-01T00:00:00Z') };
  expect(statesOf(cleo, span).map(({ state, start }) => [state, start])).toEqual([
    ['working', span.start],
    ['awake', at('2026-11-30T08:00:00Z')],
    ['asleep', at('2026-11-30T14:00:00Z')],
    ['awake', at('2026-11-30T22:00:00Z')],
  ]);
});

it('whoever works at night is not asleep then, and a free day has no work', () => {
  const nurse = { ...cleo, workingHours: { days: ['mon'], from: '22:00', to: '06:00' } as const };
  const span = { start: at('2026-11-30T11:00:00Z'), end: at('2026-12-01T11:00:00Z') };
  expect(statesOf(nurse, span).map(({ state }) => state)).toEqual(['awake', 'working', 'asleep', 'awake']);
  const sunday = { start: at('2026-11-29T00:00:00Z'), end: at('2026-11-29T12:00:00Z') };
  expect(statesOf(nurse, sunday).map(({ state }) => state)).toEqual(['awake']);
});
