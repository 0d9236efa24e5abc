import { formatWall, parseInstant, toWall } from '@watchbill/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSpan } from './read-span.ts';
import { isSaid, type Reader } from './time-reading.ts';
import { tokensOf } from './tokens.ts';

/** Monday 23 November 2026, 12:00 in London. */
const LONDON: Reader = { now: parseInstant('2026-11-23T12:00:00Z') ?? 0, zone: 'Europe/London' };

function span(text: string, reader: Reader = LONDON): string {
  const read = readSpan(tokensOf(text), 0, reader);
  if (read === null) return 'nothing';
  if (isSaid(read)) return read.said;
  const wall = (at: number) => formatWall(toWall(at, reader.zone));
  return `${wall(read.value.start)} ${wall(read.value.end)}`;
}

describe('readSpan', () => {
  it.each([
    ['from 2026-12-21 to 2027-01-03', '2026-12-21T00:00 2027-01-04T00:00'],
    ['2026-12-21 - 2026-12-22', '2026-12-21T00:00 2026-12-23T00:00'],
    ['from 2026-12-04T12:00 to 2026-12-04T18:00', '2026-12-04T12:00 2026-12-04T18:00'],
    ['from 2026-12-04T12:00Z to 2026-12-04T18:00+01:00', '2026-12-04T12:00 2026-12-04T17:00'],
    ['from mon 09:00 to fri 17:00', '2026-11-30T09:00 2026-12-04T17:00'],
    ['from tue 09:00 to fri 17:00', '2026-11-24T09:00 2026-11-27T17:00'],
    ['from fri 18:00 to mon 9am', '2026-11-27T18:00 2026-11-30T09:00'],
    ['mon', '2026-11-23T00:00 2026-11-24T00:00'],
    ['next mon', '2026-11-30T00:00 2026-12-01T00:00'],
    ['next friday', '2026-12-04T00:00 2026-12-05T00:00'],
    ['this friday', '2026-11-27T00:00 2026-11-28T00:00'],
    ['tomorrow', '2026-11-24T00:00 2026-11-25T00:00'],
    ['tomorrow from 9am to 11am', '2026-11-24T09:00 2026-11-24T11:00'],
    ['tomorrow 9am-11:30am', '2026-11-24T09:00 2026-11-24T11:30'],
    ['tomorrow 9am to 5pm', '2026-11-24T09:00 2026-11-24T17:00'],
    ['from 9 am to 5 pm tomorrow', '2026-11-24T09:00 2026-11-24T17:00'],
    ['from 22:00 to 6am tomorrow', '2026-11-23T22:00 2026-11-24T06:00'],
    ['from 13:00 to fri 17:00', '2026-11-23T13:00 2026-11-27T17:00'],
    ['from 13:00 to 17:00', '2026-11-23T13:00 2026-11-23T17:00'],
    ['from 09:00 to 17:00', '2026-11-23T09:00 2026-11-23T17:00'],
    ['from 09:00 to 11:00', '2026-11-24T09:00 2026-11-24T11:00'],
    ['from 22:00 to 6am', '2026-11-23T22:00 2026-11-24T06:00'],
    ['until 18:00', '2026-11-23T12:00 2026-11-23T18:00'],
    ['until 9am', '2026-11-23T12:00 2026-11-24T09:00'],
    ['until fri', '2026-11-23T12:00 2026-11-28T00:00'],
    ['for 2h', '2026-11-23T12:00 2026-11-23T14:00'],
    ['for 1h30m', '2026-11-23T12:00 2026-11-23T13:30'],
    ['for an hour and 30 minutes', '2026-11-23T12:00 2026-11-23T13:30'],
    ['sat for 2 days', '2026-11-28T00:00 2026-11-30T00:00'],
    ['from tomorrow 22:00 for 8 hours', '2026-11-24T22:00 2026-11-25T06:00'],
    ['in 2 days for 3h', '2026-11-25T12:00 2026-11-25T15:00'],
    ['this weekend', '2026-11-28T00:00 2026-11-30T00:00'],
    ['the weekend', '2026-11-28T00:00 2026-11-30T00:00'],
    ['next weekend', '2026-12-05T00:00 2026-12-07T00:00'],
    ['next week', '2026-11-30T00:00 2026-12-07T00:00'],
    ['21 dec to 3 jan', '2026-12-21T00:00 2027-01-04T00:00'],
    ['dec 21st until jan 3rd', '2026-12-21T00:00 2027-01-04T00:00'],
    ['from the day after tomorrow to friday', '2026-11-25T00:00 2026-11-28T00:00'],
    ['25.12. - 26.12.', '2026-12-25T00:00 2026-12-27T00:00'],
    ['21.12.2026 to 22.12.2026', '2026-12-21T00:00 2026-12-23T00:00'],
    ['from noon to midnight', '2026-11-23T12:00 2026-11-24T00:00'],
    ['from tomorrow 18:00 to 24:00', '2026-11-24T18:00 2026-11-25T00:00'],
    ['29 feb', '2028-02-29T00:00 2028-03-01T00:00'],
    ['from 9am to 5pm America/New_York', '2026-11-23T14:00 2026-11-23T22:00'],
    ['from tomorrow 9am UTC to 10am', '2026-11-24T09:00 2026-11-24T10:00'],
  ])('reads "%s"', (text, expected) => {
    expect(span(text)).toBe(expected);
  });

  it.each([
    ['from 9 to 5', /morning or in the evening.*9am, 9pm or 09:00/],
    ['from tomorrow 7', /morning or in the evening/],
    ['03/04 to 05/04', /Europe.*America.*2026-12-21/],
    ['2026-02-30', /no date that exists/],
    ['30 feb', /no date that exists/],
    ['from 25:00 to 26:00', /no time of day/],
    ['13pm to 14pm', /no time of day/],
    ['tomorrow 9am', /Until when/],
    ['from', /When does it start/],
    ['until whenever', /Until when/],
    ['for ever', /For how long/],
    ['for 0h', /more than nothing/],
    ['for 9999 days', /three years/],
    ['from 2026-12-21 to 2026-12-20', /after the start/],
    ['from 9am to 5pm Europe/Berln', /no time zone/],
  ])('says what is wrong with "%s"', (text, expected) => {
    expect(span(text)).toMatch(expected);
  });

  it.each(['dentist', 'constructor', '@benji', '', 'the', '2 people', '__proto__'])(
    'finds no time in "%s"',
    (text) => {
      expect(span(text)).toBe('nothing');
    },
  );

  it('on a weekend, this weekend has begun', () => {
    const saturday = { ...LONDON, now: parseInstant('2026-11-28T15:00:00Z') ?? 0 };
    expect(span('this weekend', saturday)).toBe('2026-11-28T00:00 2026-11-30T00:00');
  });

  it('keeps days whole through a clock change, and hours exact', () => {
    const reader = { now: parseInstant('2026-10-24T12:00:00Z') ?? 0, zone: 'Europe/London' };
    expect(span('sun', reader)).toBe('2026-10-25T00:00 2026-10-26T00:00');
    const read = readSpan(tokensOf('sun'), 0, reader);
    expect(read !== null && 'value' in read && (read.value.end - read.value.start) / 3_600_000).toBe(25);
    expect(span('from sat 20:00 for 8h', reader)).toBe('2026-10-24T20:00 2026-10-25T03:00');
    expect(span('from sat 20:00 for 1 day', reader)).toBe('2026-10-24T20:00 2026-10-25T20:00');
  });

  it('says what it took for a time that comes twice, and for one that does not come', () => {
    const notes = (text: string, now: string) => {
      const read = readSpan(tokensOf(text), 0, { now: parseInstant(now) ?? 0, zone: 'Europe/London' });
      if (read === null || isSaid(read)) throw new Error(text);
      return read.value.notes.map(({ kind, taken }) => [kind, new Date(taken).toISOString()]);
    };
    const twice = notes('from sun 01:30 to sun 01:45', '2026-10-24T12:00:00Z');
    expect(twice).toEqual([
      ['twice', '2026-10-25T00:30:00.000Z'],
      ['twice', '2026-10-25T01:45:00.000Z'],
    ]);
    expect(notes('from sun 01:30 to sun 05:00', '2027-03-27T12:00:00Z')).toEqual([
      ['skipped', '2027-03-28T01:00:00.000Z'],
    ]);
  });

  it('never throws, and never gives an empty stretch', () => {
    const words = fc.constantFrom(
      ...[
        'from',
        'to',
        'until',
        'for',
        'mon',
        'next',
        'this',
        'weekend',
        '9am',
        '09:00',
        '25:61',
        'tomorrow',
        '-',
      ],
      ...[
        '2026-12-21',
        '30',
        'feb',
        'dec',
        '2h',
        '1',
        'day',
        'week',
        'now',
        'in',
        'at',
        'on',
        'noon',
        'UTC',
        '12',
      ],
      ...[
        'toString',
        '<@U1|x y>',
        '25.12.',
        '2199-12-31',
        '1970-01-01',
        '3',
        'years',
        'and',
        'a',
        '24:00',
        'the',
      ],
    );
    fc.assert(
      fc.property(
        fc.array(words, { maxLength: 8 }),
        fc.constantFrom(
          'Europe/London',
          'Africa/Cairo',
          'Australia/Lord_Howe',
          'Pacific/Apia',
          'Asia/Beirut',
        ),
        fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 }),
        (said, zone, now) => {
          const read = readSpan(tokensOf(said.join(' ')), 0, { now, zone });
          if (read === null) return true;
          if (isSaid(read)) return read.said.length > 0;
          return read.value.end > read.value.start && read.next <= said.length;
        },
      ),
      { numRuns: 3_000 },
    );
  });
});
