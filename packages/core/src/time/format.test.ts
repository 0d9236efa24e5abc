import { describe, expect, it } from 'vitest';
import {
  formatClock,
  formatDate,
  formatInstant,
  formatWall,
  parseClock,
  parseDate,
  parseInstant,
  parseWall,
} from './format.ts';

describe('parseDate', () => {
  it('counts days from 1970', () => {
    expect(parseDate('1970-01-02')).toBe(1);
    expect(parseDate('2000-03-01')).toBe(Date.UTC(2000, 2, 1) / 86_400_000);
    expect(parseDate('2024-02-29')).not.toBeNull();
  });

  it.each([
    '2026-02-29',
    '2100-02-29',
    '2026-04-31',
    '2026-13-01',
    '2026-00-10',
    '2026-01-00',
    '2026-1-1',
    '',
  ])('refuses %j', (text) => {
    expect(parseDate(text)).toBeNull();
  });

  it('agrees with Date on every day of four centuries, and back', () => {
    const first = Date.UTC(1900, 0, 1) / 86_400_000;
    for (let day = first; day < first + 146_097; day += 1) {
      const text = new Date(day * 86_400_000).toISOString().slice(0, 10);
      if (formatDate(day) !== text || parseDate(text) !== day) expect([day, text]).toBe('the same');
    }
  });
});

describe('parseWall', () => {
  it.each([
    ['2026-11-30', '2026-11-30T00:00'],
    ['2026-11-30T09:00', '2026-11-30T09:00'],
    ['2026-11-30 09:00', '2026-11-30T09:00'],
    ['2026-11-30T09:00:05', '2026-11-30T09:00:05'],
    ['2026-11-30T24:00', '2026-12-01T00:00'],
  ])('reads %s', (text, written) => {
    expect(formatWall(parseWall(text) ?? Number.NaN)).toBe(written);
  });

  it.each([
    '2026-02-30T09:00',
    '2026-11-30T25:00',
    '2026-11-30T24:01',
    '2026-11-30T09:60',
    '2026-11-30T09:00Z',
    '2026-11-30T09',
    '09:00',
    'tomorrow',
  ])('refuses %j', (text) => {
    expect(parseWall(text)).toBeNull();
  });
});

describe('instants', () => {
  it.each([
    ['2026-11-30T09:00:00Z', '2026-11-30T09:00:00Z'],
    ['2026-11-30T09:00Z', '2026-11-30T09:00:00Z'],
    ['2026-11-30T09:00:00+02:00', '2026-11-30T07:00:00Z'],
    ['2026-11-30T09:00:00-0530', '2026-11-30T14:30:00Z'],
    ['2026-11-30T09:00:00+01', '2026-11-30T08:00:00Z'],
    ['2026-11-30T09:00:00.250Z', '2026-11-30T09:00:00.250Z'],
    ['1969-12-31T23:59:59.999Z', '1969-12-31T23:59:59.999Z'],
  ])('reads %s', (text, written) => {
    expect(formatInstant(parseInstant(text) ?? Number.NaN)).toBe(written);
  });

  it.each([
    '2026-11-30T09:00',
    '2026-11-30',
    '2026-02-30T09:00Z',
    '2026-11-30T09:00+25:00',
    '2026-11-30Z',
    'Z',
    '',
  ])('refuses %j', (text) => {
    expect(parseInstant(text)).toBeNull();
  });
});

describe('clock times', () => {
  it('reads 00:00 to 24:00', () => {
    expect(['00:00', '09:30', '24:00'].map(parseClock)).toEqual([0, 570, 1440]);
    expect([0, 570, 1440].map(formatClock)).toEqual(['00:00', '09:30', '24:00']);
    expect(['24:01', '9:00', '09:60', '09:00:00', ''].map(parseClock)).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
  });
});
