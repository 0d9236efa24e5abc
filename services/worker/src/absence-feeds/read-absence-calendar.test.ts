import { formatInstant, parseInstant } from '@watchbill/core';
import { describe, expect, it } from 'vitest';
import { FEED_MAX_EVENTS } from './cut-feed.ts';
import { type CalendarReading, readAbsenceCalendar } from './read-absence-calendar.ts';

const NOW = parseInstant('2026-11-30T12:00:00Z') ?? Number.NaN;

function read(text: string, timeZone = 'Europe/London'): CalendarReading {
  return readAbsenceCalendar({ bytes: Buffer.from(text), timeZone, now: NOW });
}

function calendar(...events: readonly (readonly string[])[]): string {
  const parts = events.flatMap((lines) => ['BEGIN:VEVENT', ...lines, 'END:VEVENT']);
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', ...parts, 'END:VCALENDAR', ''].join('\r\n');
}

/** The stretches as text, in order. */
function stretches(text: string, timeZone?: string): string[] {
  const reading = read(text, timeZone);
  if (!reading.ok) throw new Error(reading.outcome);
  return reading.absences.map(({ start, end }) => `${formatInstant(start)} ${formatInstant(end)}`).sort();
}

describe('the absences of a calendar', () => {
  it('takes all-day events as whole local days of the person, over a change of clocks too', () => {
    const text = calendar(['UID:a', 'DTSTART;VALUE=DATE:20270313', 'DTEND;VALUE=DATE:20270315']);
    expect(stretches(text, 'America/New_York')).toEqual(['2027-03-13T05:00:00Z 2027-03-15T04:00:00Z']);
    expect(stretches(calendar(['UID:a', 'DTSTART:20261224']), 'Asia/Kolkata')).toEqual([
      '2026-12-23T18:30:00Z 2026-12-24T18:30:00Z',
    ]);
  });

  it('leaves out cancelled and transparent events', () => {
    const day = ['DTSTART;VALUE=DATE:20261224'];
    const text = calendar(
      ['UID:a', ...day, 'STATUS:CANCELLED'],
      ['UID:b', ...day, 'TRANSP:TRANSPARENT'],
      ['UID:c', ...day, 'TRANSP:OPAQUE', 'STATUS:CONFIRMED'],
    );
    expect(stretches(text)).toEqual(['2026-12-24T00:00:00Z 2026-12-25T00:00:00Z']);
  });

  it('follows repeating events within the window, with what is excepted and moved', () => {
    const text = calendar(
      [
        ...['UID:a', 'DTSTART;TZID=Europe/Berlin:20260105T090000', 'DURATION:PT2H'],
        ...['RRULE:FREQ=WEEKLY;UNTIL=20261221T080000Z', 'EXDATE;TZID=Europe/Berlin:20261207T090000'],
      ],
      [
        ...['UID:a', 'RECURRENCE-ID;TZID=Europe/Berlin:20261214T090000'],
        ...['DTSTART;TZID=Europe/Berlin:20261215T100000', 'DTEND;TZID=Europe/Berlin:20261215T110000'],
      ],
    );
    expect(stretches(text)).toEqual([
      '2026-11-02T08:00:00Z 2026-11-02T10:00:00Z',
      '2026-11-09T08:00:00Z 2026-11-09T10:00:00Z',
      '2026-11-16T08:00:00Z 2026-11-16T10:00:00Z',
      '2026-11-23T08:00:00Z 2026-11-23T10:00:00Z',
      '2026-11-30T08:00:00Z 2026-11-30T10:00:00Z',
      '2026-12-15T09:00:00Z 2026-12-15T10:00:00Z',
      '2026-12-21T08:00:00Z 2026-12-21T10:00:00Z',
    ]);
    const endless = stretches(calendar(['UID:a', 'DTSTART:20200101', 'RRULE:FREQ=DAILY']));
    expect(endless).toHaveLength(431);
  });

  it('takes what untidy servers write, and leaves out only what cannot be read', () => {
    const text = [
      ...['\ufeffbegin:vcalendar', '', 'X-WR-TIMEZONE:Mars/Base', 'BEGIN:VTIMEZONE', 'TZID:W. Europe'],
      ...['BEGIN:STANDARD', 'DTSTART:16010101T030000', 'TZOFFSETFROM:+0200', 'TZOFFSETTO:+0100'],
      ...['END:STANDARD', 'END:VTIMEZONE', 'BEGIN:VEVENT', 'UID:a', 'SUMMARY:caf', ' é', '\t folded'],
      ...['DTSTART;TZID=W. Europe:20261201T0', ' 90000', 'DTEND;TZID=W. Europe:20261201T100000'],
      ...['BEGIN:VALARM', 'TRIGGER:-PT15M', 'DURATION:PT9H', 'END:VALARM', 'END:VEVENT', 'BEGIN:VEVENT'],
      ...['UID:b', 'DTSTART:20260231', 'END:VEVENT', 'BEGIN:VEVENT', 'UID:c', 'DTSTART:20261202'],
      ...['BEGIN:VEVENT', 'UID:d', 'DTSTART;TZID=Nowhere:20261202T090000', 'DURATION:PT1H', 'END:VEVENT'],
      ...['BEGIN:VEVENT', 'UID:e', 'DTSTART:20261203T090000Z', 'DTEND:20261203T080000Z', 'END:VEVENT'],
      ...['BEGIN:VEVENT', 'UID:f', 'DTSTART:20261203', 'RRULE:FREQ=WEEKLY;BYDAY=XX', 'END:VEVENT'],
      ...['END:VCALENDAR', ''],
    ].join('\n');
    expect(stretches(text)).toEqual([
      '2026-12-01T08:00:00Z 2026-12-01T09:00:00Z',
      '2026-12-02T00:00:00Z 2026-12-03T00:00:00Z',
    ]);
    expect(read(text)).toMatchObject({ ok: true, skipped: 4 });
  });

  it('names an absence by UID and start, whatever its end is', () => {
    const keyed = (end: string, uid = 'a') => {
      const reading = read(calendar([`UID:${uid}`, 'DTSTART:20261201T090000Z', `DTEND:${end}`]));
      return reading.ok ? reading.absences[0]?.key : undefined;
    };
    expect(keyed('20261201T100000Z')).toBe(keyed('20261201T110000Z'));
    expect(keyed('20261201T100000Z')).not.toBe(keyed('20261201T100000Z', 'b'));
  });

  it('takes the newest of several revisions', () => {
    const revision = (sequence: number, hour: string) => [
      ...['UID:a', `SEQUENCE:${sequence}`, 'DTSTART:20261201T090000Z', `DTEND:20261201T${hour}0000Z`],
    ];
    expect(stretches(calendar(revision(2, '12'), revision(1, '11')))).toEqual([
      '2026-12-01T09:00:00Z 2026-12-01T12:00:00Z',
    ]);
  });

  it('refuses what is no calendar, is cut off, holds too much or nothing that can be read', () => {
    const whole = calendar(['UID:a', 'DTSTART:20261201']);
    const many = Array.from({ length: FEED_MAX_EVENTS + 1 }, (_, at) => [`UID:${at}`, 'DTSTART:20261201']);
    const outcomeOf = (text: string) => {
      const reading = read(text);
      return reading.ok ? 'read' : reading.outcome;
    };
    expect(outcomeOf('')).toBe('not_a_calendar');
    expect(outcomeOf('<!doctype html>')).toBe('not_a_calendar');
    expect(outcomeOf(whole.slice(0, -20))).toBe('cut_off');
    expect(outcomeOf(calendar(...many))).toBe('too_many_events');
    expect(outcomeOf(calendar(...many.slice(1)))).toBe('read');
    expect(outcomeOf(calendar(['UID:a', 'DTSTART:soon']))).toBe('unreadable');
    expect(outcomeOf(calendar())).toBe('read');
  });
});
