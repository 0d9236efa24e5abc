/** A stretch in which a person is on call, in UTC. */
export interface Turn {
  readonly person: string;
  readonly start: string;
  readonly end: string;
}

/** One event of an untidy calendar, and the turns it must give: lines `person start end` in UTC. */
export interface Case {
  readonly what: string;
  readonly lines: readonly string[];
  readonly turns?: readonly string[];
  readonly reason?: string;
}

export const CASES: readonly Case[] = [
  {
    what: 'whole days, by the calendar’s own zone',
    lines: ['UID:1', 'DTSTART;VALUE=DATE:20260302', 'DTEND;VALUE=DATE:20260309', 'SUMMARY:Rota: Amara'],
    turns: ['amara 2026-03-01T23:00:00Z 2026-03-08T23:00:00Z'],
  },
  {
    what: 'whole days over a clock change: one hour less',
    lines: ['UID:2', 'DTSTART;VALUE=DATE:20260323', 'DTEND;VALUE=DATE:20260330', 'SUMMARY:Rota: Benji'],
    turns: ['benji 2026-03-22T23:00:00Z 2026-03-29T22:00:00Z'],
  },
  {
    what: 'a date without VALUE=DATE and without an end',
    lines: ['UID:3', 'DTSTART:20260401', 'SUMMARY:Rota: Cleo'],
    turns: ['cleo 2026-03-31T22:00:00Z 2026-04-01T22:00:00Z'],
  },
  {
    what: 'a zone that the file defines and everybody knows',
    lines: [
      'UID:4',
      'DTSTART;TZID=America/New_York:20260310T090000',
      'DTEND;TZID=America/New_York:20260311T090000',
      'SUMMARY:Rota: Amara',
    ],
    turns: ['amara 2026-03-10T13:00:00Z 2026-03-11T13:00:00Z'],
  },
  {
    what: 'a zone that everybody knows and the file does not define, in a wrapped name',
    lines: [
      'UID:5',
      'DTSTART;TZID=/example.org/20260101_1/Asia/Kolkata:20260312T090000',
      'DTEND;TZID=Asia/Kolkata:20260312T170000',
      'SUMMARY:Rota: Benji',
    ],
    turns: ['benji 2026-03-12T03:30:00Z 2026-03-12T11:30:00Z'],
  },
  {
    what: 'a zone that only the file knows',
    lines: [
      'UID:6',
      'DTSTART;TZID="Team: Time":20260313T090000',
      'DTEND:20260313T120000Z',
      'SUMMARY:Rota: Cleo',
    ],
    turns: ['cleo 2026-03-13T06:00:00Z 2026-03-13T12:00:00Z'],
  },
  {
    what: 'a zone that nobody knows',
    lines: [
      'UID:7',
      'DTSTART;TZID=Mars/Olympus:20260314T090000',
      'DTEND;TZID=Mars/Olympus:20260314T100000',
      'SUMMARY:Rota: Dev',
    ],
    reason: 'its time zone "Mars/Olympus" is neither known nor in the file',
  },
  {
    what: 'a floating time',
    lines: ['UID:8', 'DTSTART:20260315T080000', 'DTEND:20260315T100000', 'SUMMARY:Rota: Dev'],
    turns: ['dev 2026-03-15T07:00:00Z 2026-03-15T09:00:00Z'],
  },
  {
    what: 'a length in days: by the clock, 23 hours here',
    lines: ['UID:9', 'DTSTART:20260328T120000', 'DURATION:P1D', 'SUMMARY:Rota: Dev'],
    turns: ['dev 2026-03-28T11:00:00Z 2026-03-29T10:00:00Z'],
  },
  {
    what: 'a length in hours: real time',
    lines: ['UID:10', 'DTSTART:20260405T120000Z', 'DURATION:PT24H', 'SUMMARY:Rota: Amara'],
    turns: ['amara 2026-04-05T12:00:00Z 2026-04-06T12:00:00Z'],
  },
  {
    what: 'no end',
    lines: ['UID:11', 'DTSTART:20260407T120000Z', 'SUMMARY:Rota: Amara'],
    reason: 'it has no end: neither DTEND nor DURATION',
  },
  {
    what: 'no length',
    lines: ['UID:12', 'DTSTART:20260407T120000Z', 'DTEND:20260407T120000Z', 'SUMMARY:Rota: Amara'],
    reason: 'it has no length',
  },
  {
    what: 'an end before the start',
    lines: ['UID:13', 'DTSTART:20260407T120000Z', 'DTEND:20260406T120000Z', 'SUMMARY:Rota: Amara'],
    reason: 'it ends before it starts',
  },
  {
    what: 'a day that does not exist',
    lines: ['UID:14', 'DTSTART;VALUE=DATE:20260231', 'SUMMARY:Rota: Amara'],
    reason: 'its DTSTART is not a date that exists',
  },
  { what: 'no start', lines: ['UID:15', 'SUMMARY:Rota: Amara'], reason: 'it has no start (DTSTART)' },
  {
    what: 'the same once more',
    lines: ['UID:16', 'DTSTART;VALUE=DATE:20260302', 'DTEND;VALUE=DATE:20260309', 'SUMMARY:Rota: amara'],
    turns: [],
  },
  {
    what: 'a cancelled event',
    lines: ['UID:17', 'STATUS:CANCELLED', 'DTSTART;VALUE=DATE:20260410', 'SUMMARY:Rota: Amara'],
    reason: 'it is cancelled',
  },
  {
    what: 'an old revision',
    lines: ['UID:18', 'SEQUENCE:1', 'DTSTART;VALUE=DATE:20260411', 'SUMMARY:Rota: Amara'],
    reason: 'a newer revision of it is in the file (SEQUENCE)',
  },
  {
    what: 'its new revision',
    lines: ['UID:18', 'SEQUENCE:2', 'DTSTART;VALUE=DATE:20260411', 'SUMMARY:Rota: Benji'],
    turns: ['benji 2026-04-10T22:00:00Z 2026-04-11T22:00:00Z'],
  },
  {
    what: 'several names',
    lines: ['UID:19', 'DTSTART;VALUE=DATE:20260412', 'SUMMARY:Rota: Amara & Cleo\\, Dev'],
    turns: ['amara', 'cleo', 'dev'].map((one) => `${one} 2026-04-11T22:00:00Z 2026-04-12T22:00:00Z`),
  },
  {
    what: 'no name',
    lines: ['UID:20', 'DTSTART;VALUE=DATE:20260413', 'SUMMARY:'],
    reason: 'its summary names nobody',
  },
  {
    what: 'no summary',
    lines: ['UID:21', 'DTSTART;VALUE=DATE:20260413'],
    reason: 'its summary names nobody',
  },
  {
    what: 'nobody by name',
    lines: ['UID:22', 'DTSTART;VALUE=DATE:20260413', 'SUMMARY:Rota: nobody'],
    reason: 'its summary names nobody',
  },
  {
    what: 'characters that would break a file or a terminal',
    lines: ['UID:23', 'DTSTART;VALUE=DATE:20260414', 'SUMMARY:Rota: Ze"d: #1 \u001b[31m{x} \u202e'],
    turns: ['ze-d-1-31m-x 2026-04-13T22:00:00Z 2026-04-14T22:00:00Z'],
  },
  {
    what: 'a name in another script',
    lines: ['UID:24', 'DTSTART;VALUE=DATE:20260415', 'SUMMARY:Rota: 李雷'],
    turns: ['person 2026-04-14T22:00:00Z 2026-04-15T22:00:00Z'],
  },
  {
    what: 'two people at once, not at the same hours',
    lines: ['UID:25', 'DTSTART:20260420T080000Z', 'DTEND:20260422T080000Z', 'SUMMARY:Rota: Amara'],
    turns: ['amara 2026-04-20T08:00:00Z 2026-04-22T08:00:00Z'],
  },
  {
    what: 'the other one',
    lines: ['UID:26', 'DTSTART:20260421T080000Z', 'DTEND:20260423T080000Z', 'SUMMARY:Rota: Benji'],
    turns: ['benji 2026-04-21T08:00:00Z 2026-04-23T08:00:00Z'],
  },
  {
    what: 'one person twice at once: cut where the later turn begins',
    lines: ['UID:27', 'DTSTART:20260427T080000Z', 'DTEND:20260429T080000Z', 'SUMMARY:Rota: Cleo'],
    turns: ['cleo 2026-04-27T08:00:00Z 2026-04-28T20:00:00Z'],
  },
  {
    what: 'her later turn',
    lines: ['UID:28', 'DTSTART:20260428T200000Z', 'DTEND:20260430T080000Z', 'SUMMARY:Rota: Cleo'],
    turns: ['cleo 2026-04-28T20:00:00Z 2026-04-30T08:00:00Z'],
  },
  {
    what: 'a series over a clock change, with an exception; one of its dates stands elsewhere',
    lines: [
      'UID:29',
      'DTSTART;TZID=Europe/Berlin:20261012T090000',
      'DTEND;TZID=Europe/Berlin:20261012T170000',
      'RRULE:FREQ=WEEKLY;COUNT=5',
      'EXDATE;TZID=Europe/Berlin:20261019T090000',
      'SUMMARY:Rota: Dev',
    ],
    turns: [
      'dev 2026-10-12T07:00:00Z 2026-10-12T15:00:00Z',
      'dev 2026-10-26T08:00:00Z 2026-10-26T16:00:00Z',
      'dev 2026-11-09T08:00:00Z 2026-11-09T16:00:00Z',
    ],
  },
  {
    what: 'the date of the series that somebody else takes',
    lines: [
      'UID:29',
      'RECURRENCE-ID:20261102T080000Z',
      'DTSTART;TZID=Europe/Berlin:20261102T100000',
      'DTEND;TZID=Europe/Berlin:20261102T170000',
      'SUMMARY:Rota: Amara',
    ],
    turns: ['amara 2026-11-02T09:00:00Z 2026-11-02T16:00:00Z'],
  },
  {
    what: 'an end of repetition in UTC that falls on a later local day',
    lines: [
      'UID:30',
      'DTSTART;TZID=Pacific/Auckland:20260508T090000',
      'DTEND;TZID=Pacific/Auckland:20260508T100000',
      'RRULE:FREQ=DAILY;UNTIL=20260508T210000Z',
      'SUMMARY:Rota: Benji',
    ],
    turns: [
      'benji 2026-05-07T21:00:00Z 2026-05-07T22:00:00Z',
      'benji 2026-05-08T21:00:00Z 2026-05-08T22:00:00Z',
    ],
  },
  {
    what: 'an endless series: followed up to --until',
    lines: ['UID:31', 'DTSTART;VALUE=DATE:20261207', 'RRULE:FREQ=WEEKLY;BYDAY=MO', 'SUMMARY:Rota: Cleo'],
    turns: [
      'cleo 2026-12-06T23:00:00Z 2026-12-07T23:00:00Z',
      'cleo 2026-12-13T23:00:00Z 2026-12-14T23:00:00Z',
      'cleo 2026-12-20T23:00:00Z 2026-12-21T23:00:00Z',
    ],
  },
  {
    what: 'single dates',
    lines: [
      'UID:32',
      'DTSTART;VALUE=DATE:20260601',
      'RDATE;VALUE=DATE:20260603,20260605',
      'SUMMARY:Rota: Dev',
    ],
    turns: ['01', '03', '05'].map(
      (day) =>
        `dev 2026-${day === '01' ? '05-31' : `06-0${Number(day) - 1}`}T22:00:00Z 2026-06-${day}T22:00:00Z`,
    ),
  },
  {
    what: 'a rule that is none',
    lines: ['UID:33', 'DTSTART;VALUE=DATE:20260701', 'RRULE:FREQ=SOMETIMES', 'SUMMARY:Rota: Dev'],
    reason: 'it cannot be read',
  },
  {
    what: 'a rule that repeats every minute',
    lines: [
      'UID:34',
      'DTSTART:20260701T000000Z',
      'DURATION:PT1M',
      'RRULE:FREQ=MINUTELY',
      'SUMMARY:Rota: Dev',
    ],
    reason: 'it repeats minutely',
  },
  {
    what: 'a rule for a day that no month has',
    lines: [
      'UID:34b',
      'DTSTART:20260701T000000Z',
      'DURATION:PT1M',
      'RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30',
      'SUMMARY:Rota: Dev',
    ],
    reason: 'names no day that exists',
  },
  {
    what: 'lines without a colon, and an alarm inside',
    lines: [
      'UID:35',
      'DTSTART;VALUE=DATE:20260702',
      'X-BROKEN',
      'BEGIN:VALARM',
      'DTSTART:19700101T000000Z',
      'SUMMARY:Wake up',
      'END:VALARM',
      'SUMMARY:Rota: Dev',
    ],
    turns: ['dev 2026-07-01T22:00:00Z 2026-07-02T22:00:00Z'],
  },
];

const ZONES = `BEGIN:VTIMEZONE
TZID:America/New_York
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:-0500
TZOFFSETTO:-0500
END:STANDARD
END:VTIMEZONE
BEGIN:VTIMEZONE
TZID:Team: Time
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:+0300
TZOFFSETTO:+0300
TZNAME:TT
END:STANDARD
END:VTIMEZONE`;

/** Folds at bytes, in the middle of characters where it falls so, as RFC 5545 has it. */
function fold(line: string): Buffer {
  const bytes = Buffer.from(line);
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 21) {
    pieces.push(Buffer.from(at === 0 ? '' : '\r\n '), bytes.subarray(at, at + 21));
  }
  return Buffer.concat(pieces);
}

/** The calendar of all cases: blank lines, mixed line ends, folded lines, a byte order mark, a cut-off end. */
export function untidyCalendar(): Buffer {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'X-WR-TIMEZONE:Europe/Berlin',
    'X-WR-CALNAME:Night  Rota',
    ...ZONES.split('\n'),
  ];
  for (const { lines: own } of CASES) lines.push('', 'BEGIN:VEVENT', ...own, 'END:VEVENT');
  lines.push('END:VCALENDAR', 'BEGIN:VEVENT', 'SUMMARY:Rota: Amara');
  const ends = ['\r\n', '\n', '\r\n\r\n', '\n\n'];
  const parts = lines.flatMap((line, index) => [
    fold(line),
    Buffer.from(ends[index % ends.length] as string),
  ]);
  return Buffer.concat([Buffer.from('\ufeff'), ...parts]);
}

/** The turns that the timeline of the calendar has: all of them and no others. */
export const EXPECTED = CASES.flatMap(({ turns = [] }) => turns).map((line): Turn => {
  const [person, start, end] = line.split(' ') as [string, string, string];
  return { person, start, end };
});
