import { describe, expect, it } from 'vitest';
import { parseTimestamp } from './value-types.ts';

describe('parseTimestamp', () => {
  it('reads every fraction down to the millisecond', () => {
    const second = Date.UTC(2026, 10, 30, 9, 8, 7);
    expect(parseTimestamp('2026-11-30 09:08:07+00')).toBe(second);
    expect(parseTimestamp('2026-11-30 09:08:07.5+00')).toBe(second + 500);
    expect(parseTimestamp('2026-11-30 09:08:07.045+00')).toBe(second + 45);
    expect(parseTimestamp('2026-11-30 09:08:07.999999+00')).toBe(second + 999);
  });

  it('reads years before 1000 and after 9999', () => {
    expect(parseTimestamp('0099-01-01 00:00:00+00')).toBe(Date.parse('0099-01-01T00:00:00Z'));
    expect(parseTimestamp('12026-01-01 00:00:00+00')).toBe(Date.UTC(12026, 0, 1));
  });

  it('refuses what it does not know instead of guessing', () => {
    for (const text of [
      'infinity',
      '2026-11-30 09:08:07+02',
      '2026-11-30 09:08:07',
      '0044-03-15 00:00:00+00 BC',
    ]) {
      expect(() => parseTimestamp(text)).toThrow('cannot read the timestamp');
    }
  });
});
