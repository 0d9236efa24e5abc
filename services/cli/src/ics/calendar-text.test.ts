import { describe, expect, it } from 'vitest';
import { BadInput } from '../input/bad-input.ts';
import { CALENDAR_MAX_EVENTS, cutCalendar } from './calendar-text.ts';

function cut(text: string): ReturnType<typeof cutCalendar> {
  return cutCalendar(Buffer.from(text, 'utf8'), 'team.ics');
}

describe('cutCalendar', () => {
  it('reads through blank lines, mixed line ends, lower case and a byte order mark', () => {
    const raw = cut(
      '\ufeff\r\nbegin:vcalendar\n\nX-WR-CALNAME:Triage\r\nX-WR-TIMEZONE:Europe/Dublin\r\r\n' +
        'BEGIN:VEVENT\r\n\r\nDTSTART;VALUE=DATE:20260302\nsummary:Amara\r\nEND:VEVENT\nEND:VCALENDAR',
    );
    expect(raw).toMatchObject({ name: 'Triage', zone: 'Europe/Dublin' });
    expect(raw.events).toEqual([
      { line: 7, lines: ['DTSTART;VALUE=DATE:20260302', 'summary:Amara'], complete: true },
    ]);
  });

  it('joins a line that is folded inside one character, with a blank line in the fold', () => {
    const name = Buffer.from('Zoë', 'utf8');
    const bytes = Buffer.concat([
      Buffer.from('BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:'),
      name.subarray(0, 3),
      Buffer.from('\r\n\r\n '),
      name.subarray(3),
      Buffer.from('\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n'),
    ]);
    expect(cutCalendar(bytes, 'team.ics').events[0]?.lines).toEqual(['SUMMARY:Zoë']);
  });

  it('takes text that is not UTF-8 for ISO 8859-1', () => {
    const bytes = Buffer.from('BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Zoë\nEND:VEVENT\n', 'latin1');
    expect(cutCalendar(bytes, 'team.ics').events[0]?.lines).toEqual(['SUMMARY:Zoë']);
  });

  it('leaves out alarms inside an event, and properties that do not matter', () => {
    const raw = cut(
      'BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Amara\nBEGIN:VALARM\nSUMMARY:Wake up\nEND:VALARM\nX-ODD\nEND:VEVENT\n',
    );
    expect(raw.events[0]).toMatchObject({ lines: ['SUMMARY:Amara'], complete: true });
  });

  it('marks an event that is never closed, and goes on behind it', () => {
    const raw = cut(
      'BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:A\nBEGIN:VEVENT\nSUMMARY:B\nEND:VEVENT\nBEGIN:VEVENT\n',
    );
    expect(raw.events.map((event) => event.complete)).toEqual([false, true, false]);
  });

  it.each([
    ['an empty file', ''],
    ['a web page', '<!doctype html><title>Sign in</title>'],
    ['some YAML', 'version: 1\npeople: []\n'],
  ])('refuses %s', (_, text) => {
    expect(() => cut(text)).toThrow(/not an iCalendar file/);
  });

  it('refuses UTF-16 by name', () => {
    expect(() => cutCalendar(Buffer.from('\ufeffBEGIN:VCALENDAR', 'utf16le'), 'team.ics')).toThrow(/UTF-16/);
  });

  it('refuses more events than the limit', () => {
    const text = `BEGIN:VCALENDAR\n${'BEGIN:VEVENT\nEND:VEVENT\n'.repeat(CALENDAR_MAX_EVENTS + 1)}`;
    expect(() => cut(text)).toThrow(BadInput);
  });
});
