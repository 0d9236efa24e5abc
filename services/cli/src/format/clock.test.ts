import { describe, expect, it } from 'vitest';
import { showHours, showInstant, showLength, showOffset, showShort, showTime } from './clock.ts';

const at = (text: string): number => Date.parse(text);

describe('times for people', () => {
  it('names the day, and shows the year only where there is room', () => {
    expect(showInstant(at('2026-11-30T09:00:00Z'), 'UTC')).toBe('Mon 30 Nov 2026 09:00');
    expect(showShort(at('2026-11-30T09:00:00Z'), 'Asia/Tokyo')).toBe('Mon 30 Nov 18:00');
    expect(showInstant(at('1970-01-01T00:00:30Z'), 'UTC')).toBe('Thu 1 Jan 1970 00:00:30');
  });

  it('tells the two passes of a repeated hour apart', () => {
    const zone = 'America/New_York';
    expect(showTime(at('2026-11-01T05:30:00Z'), zone)).toBe('01:30 -04:00');
    expect(showTime(at('2026-11-01T06:30:00Z'), zone)).toBe('01:30 -05:00');
    expect(showTime(at('2026-11-01T07:00:00Z'), zone)).toBe('02:00');
    expect(showTime(at('2026-04-04T15:00:00Z'), 'Australia/Lord_Howe')).toBe('01:30 +10:30');
  });

  it.each([
    ['Asia/Kolkata', '+05:30'],
    ['America/St_Johns', '-03:30'],
    ['UTC', '+00:00'],
  ])('writes the offset of %s', (zone, offset) =>
    expect(showOffset(at('2026-12-01T00:00:00Z'), zone)).toBe(offset),
  );

  it('says lengths in days, hours and minutes', () => {
    expect(
      [0, 60, 3_600, 90 * 60, 167 * 3_600, 7 * 86_400].map((seconds) => showLength(seconds * 1_000)),
    ).toEqual(['0 min', '1 min', '1 h', '1 h 30 min', '6 d 23 h', '7 d']);
    expect(showHours(8.5 * 3_600_000)).toBe('8.5');
  });
});
