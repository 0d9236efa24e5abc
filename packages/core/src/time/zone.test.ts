import { describe, expect, it } from 'vitest';
import { formatInstant, parseInstant, parseWall } from './format.ts';
import { isZone, type Pass, toUtc, toWall, transitions } from './zone.ts';

function utc(zone: string, wall: string, pass: Pass): string {
  return formatInstant(toUtc(parseWall(wall) ?? Number.NaN, zone, pass));
}

describe('isZone', () => {
  it.each(['Europe/London', 'UTC', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5'])('takes %s', (name) => {
    expect(isZone(name)).toBe(true);
  });

  it.each([
    '+02:00',
    '-05:00',
    '+0200',
    'Europe/Nowhere',
    '',
    'Berlin',
    'local',
    'x'.repeat(500),
    'Europe/London\n',
  ])('refuses %j', (name) => {
    expect(isZone(name)).toBe(false);
    expect(() => toWall(0, name)).toThrow(RangeError);
  });
});

describe('toUtc', () => {
  it.each([
    // An ordinary time.
    ['Europe/Berlin', '2026-07-01T09:00', '2026-07-01T07:00:00Z', '2026-07-01T07:00:00Z'],
    ['Asia/Kolkata', '2026-07-01T09:00', '2026-07-01T03:30:00Z', '2026-07-01T03:30:00Z'],
    // Skipped: the first instant after the gap.
    ['America/New_York', '2026-03-08T02:30', '2026-03-08T07:00:00Z', '2026-03-08T07:00:00Z'],
    ['Europe/Berlin', '2026-03-29T02:00', '2026-03-29T01:00:00Z', '2026-03-29T01:00:00Z'],
    ['Australia/Lord_Howe', '2026-10-04T02:15', '2026-10-03T15:30:00Z', '2026-10-03T15:30:00Z'],
    ['Africa/Cairo', '2026-04-24T00:30', '2026-04-23T22:00:00Z', '2026-04-23T22:00:00Z'],
    ['Asia/Beirut', '2026-03-29T00:00', '2026-03-28T22:00:00Z', '2026-03-28T22:00:00Z'],
    ['Pacific/Apia', '2011-12-30T12:00', '2011-12-30T10:00:00Z', '2011-12-30T10:00:00Z'],
    // Repeated: first pass and last pass.
    ['America/New_York', '2026-11-01T01:30', '2026-11-01T05:30:00Z', '2026-11-01T06:30:00Z'],
    ['Europe/Berlin', '2026-10-25T02:00', '2026-10-25T00:00:00Z', '2026-10-25T01:00:00Z'],
    ['Australia/Lord_Howe', '2026-04-05T01:45', '2026-04-04T14:45:00Z', '2026-04-04T15:15:00Z'],
    ['Africa/Cairo', '2026-10-29T23:30', '2026-10-29T20:30:00Z', '2026-10-29T21:30:00Z'],
    ['Asia/Beirut', '2026-10-24T23:30', '2026-10-24T20:30:00Z', '2026-10-24T21:30:00Z'],
    // The edges of a change are no part of it.
    ['America/New_York', '2026-03-08T03:00', '2026-03-08T07:00:00Z', '2026-03-08T07:00:00Z'],
    ['America/New_York', '2026-11-01T02:00', '2026-11-01T07:00:00Z', '2026-11-01T07:00:00Z'],
    ['America/New_York', '2026-11-01T00:59', '2026-11-01T04:59:00Z', '2026-11-01T04:59:00Z'],
  ])('%s %s', (zone, wall, first, last) => {
    expect(utc(zone, wall, 'first')).toBe(first);
    expect(utc(zone, wall, 'last')).toBe(last);
  });

  it('answers the same whatever was asked before', () => {
    const far = utc('America/Chicago', '2150-07-01T09:00', 'first');
    const early = utc('America/Chicago', '1975-07-01T09:00', 'first');
    expect(utc('America/Chicago', '2026-07-01T09:00', 'first')).toBe('2026-07-01T14:00:00Z');
    expect(utc('America/Chicago', '2150-07-01T09:00', 'first')).toBe(far);
    expect(early).toBe('1975-07-01T14:00:00Z');
  });

  it('keeps the offset of the edge outside the known years', () => {
    const before = parseInstant('1900-01-01T00:00:00Z') ?? 0;
    expect(toWall(before, 'Asia/Tokyo') - before).toBe(9 * 3_600_000);
    const after = parseInstant('2500-01-01T00:00:00Z') ?? 0;
    expect(toUtc(toWall(after, 'Asia/Tokyo'), 'Asia/Tokyo', 'first')).toBe(after);
  });
});

describe('transitions', () => {
  it('lists the changes of a window, the first included and the last not', () => {
    const start = Date.UTC(2026, 2, 8, 7);
    const end = Date.UTC(2026, 10, 1, 6);
    const hour = 3_600_000;
    const spring = { at: start, before: -5 * hour, after: -4 * hour };
    expect(transitions('America/New_York', { start, end })).toEqual([spring]);
    expect(transitions('America/New_York', { start, end: end + 1 })).toEqual([
      spring,
      { at: end, before: -4 * hour, after: -5 * hour },
    ]);
  });

  it('finds two changes that lie a week apart', () => {
    const window = { start: Date.UTC(2000, 8, 1), end: Date.UTC(2000, 11, 1) };
    expect(transitions('America/Boa_Vista', window).map(({ at }) => formatInstant(at))).toEqual([
      '2000-10-08T04:00:00Z',
      '2000-10-15T03:00:00Z',
    ]);
  });

  it('finds a change that is not on a whole minute', () => {
    const window = { start: Date.UTC(1972, 0, 1), end: Date.UTC(1972, 1, 1) };
    expect(transitions('Africa/Monrovia', window).map(({ at }) => formatInstant(at))).toEqual([
      '1972-01-07T00:44:30Z',
    ]);
  });
});
