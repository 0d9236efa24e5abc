import type { FeedShiftRow } from '@watchbill/database';
import { describe, expect, it } from 'vitest';
import { calendarText } from './calendar.ts';

const shift: FeedShiftRow = {
  id: 'shf_1',
  schedule: 'payments',
  role: 'primary',
  person: 'ana',
  personName: 'Ana; "the, \\ first"',
  startsAt: Date.UTC(2026, 10, 30, 9),
  endsAt: Date.UTC(2026, 11, 7, 9),
  status: 'active',
  sequence: 3,
  createdAt: Date.UTC(2026, 10, 1),
  updatedAt: Date.UTC(2026, 10, 2),
};
const feed = { schedule: 'payments', person: null };

/** Long lines of a calendar are folded; here they are whole again. */
const unfolded = (text: string): string[] => text.replaceAll('\r\n ', '').split('\r\n');

describe('calendarText', () => {
  it('gives each shift a UID for life, a sequence, and times in UTC', () => {
    const lines = unfolded(calendarText(feed, [shift]));
    expect(lines).toEqual(
      expect.arrayContaining([
        'METHOD:PUBLISH',
        'UID:shf_1@watchbill',
        'SEQUENCE:3',
        'DTSTART:20261130T090000Z',
        'DTEND:20261207T090000Z',
        'STATUS:CONFIRMED',
        'DTSTAMP:20261102T000000Z',
        'REFRESH-INTERVAL;VALUE=DURATION:PT15M',
      ]),
    );
    expect(lines.some((line) => line.includes('VTIMEZONE'))).toBe(false);
    expect(lines).toContain('SUMMARY:Ana\\; "the\\, \\\\ first" (primary)');
  });

  it('keeps a cancelled shift, as cancelled', () => {
    const lines = unfolded(calendarText(feed, [{ ...shift, status: 'cancelled' }]));
    expect(lines).toContain('STATUS:CANCELLED');
    expect(lines).toContain('UID:shf_1@watchbill');
  });

  it('gives the same bytes for the same shifts', () => {
    expect(calendarText(feed, [shift])).toBe(calendarText(feed, [{ ...shift }]));
  });

  it('is a calendar also without a shift', () => {
    expect(calendarText({ schedule: null, person: 'ana' }, [])).toMatch(
      /^BEGIN:VCALENDAR\r\n(?:.*\r\n)*END:VCALENDAR/,
    );
  });
});
