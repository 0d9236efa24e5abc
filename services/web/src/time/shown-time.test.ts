import { describe, expect, it } from 'vitest';
import { offsetLabel, shownDuration, shownTime, zoneLabel } from './shown-time.ts';

describe('shown times', () => {
  it.each([
    ['2026-11-30T09:00:00Z', 'Europe/London', 'Mon 30 Nov, 09:00'],
    ['2026-11-30T09:00:00Z', 'Asia/Kolkata', 'Mon 30 Nov, 14:30'],
    ['2026-11-30T00:00:00Z', 'UTC', 'Mon 30 Nov, 00:00'],
  ])('%s in %s is %s', (instant, zone, text) => {
    expect(shownTime(instant, zone)).toBe(text);
  });

  it.each([
    [0, 'UTC'],
    [3_600_000, 'UTC+1'],
    [-12_600_000, 'UTC−3:30'],
    [20_700_000, 'UTC+5:45'],
  ])('the offset %d is %s', (offset, text) => {
    expect(offsetLabel(offset)).toBe(text);
    expect(zoneLabel('America/New_York', offset)).toBe(`America/New York (${text})`);
  });

  it.each([
    [59_000, '1 min'],
    [3_600_000, '1 h'],
    [5_400_000, '1 h 30 min'],
    [90_000_000, '1 d 1 h'],
    [86_400_000, '1 d'],
    [-5, '0 min'],
  ])('%d ms are %s', (ms, text) => {
    expect(shownDuration(ms)).toBe(text);
  });
});
