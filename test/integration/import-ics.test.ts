import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type InProcessRun, inProcess } from '../e2e/cli-in-process.ts';

interface Turn {
  readonly person: string;
  readonly start: string;
  readonly end: string;
}

async function importIcs(ics: string | Uint8Array, ...options: readonly string[]): Promise<InProcessRun> {
  return inProcess(['import', 'ics', 'team.ics', ...options], { files: { 'team.ics': ics } });
}

async function shiftsOf(yaml: string, from: string, to: string): Promise<Turn[]> {
  const argv = ['timeline', '-', '--from', from, '--to', to, '--format', 'json'];
  const { code, out, err } = await inProcess(argv, { files: { '-': yaml } });
  expect(err).toBe('');
  expect(code).toBe(0);
  const { shifts } = JSON.parse(out) as { shifts: Turn[] };
  return shifts.map(({ person, start, end }) => ({ person, start, end }));
}

function sorted(turns: readonly Turn[]): Turn[] {
  const key = (turn: Turn): string => `${turn.start} ${turn.person} ${turn.end}`;
  return [...turns].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** One event of an untidy calendar, and the turns it must give: lines `person start end` in UTC. */
interface Case {
  readonly what: string;
  readonly lines: readonly string[];
  readonly turns?: readonly string[];
  readonly reason?: string;
}

const CASES: readonly Case[] = [
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
function untidyCalendar(): Buffer {
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

const EXPECTED = CASES.flatMap(({ turns = [] }) => turns).map((line): Turn => {
  const [person, start, end] = line.split(' ') as [string, string, string];
  return { person, start, end };
});

describe('watchbill import ics', () => {
  it('gives back every turn of an untidy calendar, and only those', async () => {
    const { code, out, err } = await importIcs(untidyCalendar(), '--until', '2026-12-28');
    expect(code).toBe(0);
    expect(sorted(await shiftsOf(out, '2026-01-01', '2028-01-01'))).toEqual(sorted(EXPECTED));
    expect(err).toContain(`Read ${CASES.length + 1} events of "Night Rota"`);
    expect(err).toContain('Zone: Europe/Berlin, from the calendar');
    expect(err).toContain('1 duplicate left out');
    expect(err).toContain("Cut short where the same person's next turn begins: 1 turn.");
    expect(err).toContain('taking away "Rota: " before the name');
    expect(err).not.toContain('\u001b');
  });

  it.each(CASES.filter(({ reason }) => reason !== undefined))(
    'says why it skips $what',
    async ({ lines, reason }) => {
      const good = [
        'BEGIN:VEVENT',
        'DTSTART:20260101T000000Z',
        'DURATION:PT1H',
        'UID:good',
        'SUMMARY:Rota: Amara',
        'END:VEVENT',
      ];
      const newer = [
        'BEGIN:VEVENT',
        'DTSTART:20260101T000000Z',
        'DURATION:PT1H',
        'UID:18',
        'SEQUENCE:2',
        'SUMMARY:Rota: Amara',
        'END:VEVENT',
      ];
      const ics = [
        'BEGIN:VCALENDAR',
        ...good,
        ...newer,
        'BEGIN:VEVENT',
        ...lines,
        'END:VEVENT',
        'END:VCALENDAR',
      ].join('\r\n');
      const { code, err } = await importIcs(ics);
      expect(code).toBe(0);
      expect(err).toMatch(/^Skipped:$/m);
      const skipped = err.split('\n').find((line) => line.startsWith('  line 15'));
      expect(skipped).toContain(reason);
    },
  );

  it('says that an endless series was cut', async () => {
    const { err } = await importIcs(untidyCalendar(), '--until', '2026-12-28');
    expect(err).toContain('Followed only up to the last date read (see --until): 1.');
    expect(err).toContain('it is cut off: END:VEVENT is missing');
  });

  it('clips turns to any window, as the timeline does', async () => {
    const { out } = await importIcs(untidyCalendar(), '--until', '2026-12-28');
    const [from, to] = ['2026-03-05T00:00:00Z', '2026-04-21T12:00:00Z'];
    const clipped = EXPECTED.filter(({ start, end }) => start < to && end > from).map(
      ({ person, start, end }) => ({
        person,
        start: [start, from].sort()[1] as string,
        end: [end, to].sort()[0] as string,
      }),
    );
    expect(sorted(await shiftsOf(out, from, to))).toEqual(sorted(clipped));
  });

  it('writes a file that passes the check, and tells what is next', async () => {
    const options = ['--until', '2026-12-28', '--out', 'watchbill.yaml', '--schedule', 'nights'];
    const { code, out, err, written } = await importIcs(untidyCalendar(), ...options);
    expect(code).toBe(0);
    expect(out).toBe('');
    expect(err).toContain('Next: watchbill check watchbill.yaml');
    const yaml = written.get('watchbill.yaml') ?? '';
    const checked = await inProcess(['check', '-', '--format', 'json'], { files: { '-': yaml } });
    expect(JSON.parse(checked.out)).toMatchObject({ ok: true, errors: [] });
    const who = await inProcess(['who', '-', '--at', '2026-03-25', '--format', 'json'], {
      files: { '-': yaml },
    });
    expect(JSON.parse(who.out)).toMatchObject({
      schedules: [{ schedule: 'nights', onCall: [{ person: 'benji', until: '2026-03-29T22:00:00Z' }] }],
    });
  });

  it('takes dates in another zone when asked', async () => {
    const ics =
      'BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20260302\nSUMMARY:Amara\nEND:VEVENT\nEND:VCALENDAR\n';
    const { out, err } = await importIcs(ics, '--time-zone', 'Asia/Tokyo');
    expect(err).toContain('Zone: Asia/Tokyo, as asked');
    expect(await shiftsOf(out, '2026-01-01', '2027-01-01')).toEqual([
      { person: 'amara', start: '2026-03-01T15:00:00Z', end: '2026-03-02T15:00:00Z' },
    ]);
    expect((await importIcs(ics)).err).toContain('Zone: UTC, because the calendar names none');
  });

  it('finds people with a pattern, and skips what does not match it', async () => {
    const event = (summary: string, day: string) =>
      `BEGIN:VEVENT\nDTSTART;VALUE=DATE:202603${day}\nSUMMARY:${summary}\nEND:VEVENT\n`;
    const ics = `BEGIN:VCALENDAR\n${event('L1 amara uk', '01')}${event('offsite', '02')}END:VCALENDAR\n`;
    const { out, err } = await importIcs(ics, '--person-pattern', '^L1 (?<person>\\w+)');
    expect(await shiftsOf(out, '2026-01-01', '2027-01-01')).toEqual([
      { person: 'amara', start: '2026-03-01T00:00:00Z', end: '2026-03-02T00:00:00Z' },
    ]);
    expect(err).toContain('"offsite": its summary does not match the pattern');
  });

  it.each([
    ['a file that is no calendar', 'version: 1\n', [], /not an iCalendar file/],
    ['an empty calendar', 'BEGIN:VCALENDAR\nEND:VCALENDAR\n', [], /has no events/],
    [
      'a calendar without one usable event',
      'BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VEVENT\nEND:VCALENDAR\n',
      [],
      /none of the 1 events/,
    ],
    [
      'a pattern that is none',
      untidyCalendar().toString(),
      ['--person-pattern', '('],
      /not a regular expression/,
    ],
    [
      'an unknown zone',
      untidyCalendar().toString(),
      ['--time-zone', 'Europe/Berln'],
      /Did you mean "Europe\/Berlin"/,
    ],
    ['an id that cannot be one', untidyCalendar().toString(), ['--schedule', 'a b'], /schedules\[0\]\.id/],
  ])('refuses %s', async (_, ics, options, message) => {
    const { code, out, err } = await importIcs(ics, ...options);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toMatch(message);
  });

  it('refuses a series that never ends up anywhere, and one with too many turns, without hanging', async () => {
    const event = (rule: string) =>
      `BEGIN:VEVENT\nDTSTART:20260101T000000Z\nDURATION:PT1H\nRRULE:${rule}\nSUMMARY:Amara\nEND:VEVENT\n`;
    const ics = `BEGIN:VCALENDAR\n${event('FREQ=HOURLY')}${event('FREQ=WEEKLY;COUNT=2')}END:VCALENDAR\n`;
    const { code, err } = await importIcs(ics, '--until', '2040-01-01');
    expect(code).toBe(0);
    expect(err).toContain('it repeats more than 10000 times');
  });

  it('agrees with a day-by-day reading of random calendars', async () => {
    const events = fc.array(
      fc.record({
        day: fc.nat(60),
        days: fc.integer({ min: 1, max: 9 }),
        people: fc.subarray([0, 1, 2, 3], { minLength: 1 }),
      }),
      { minLength: 1, maxLength: 25 },
    );
    await fc.assert(fc.asyncProperty(events, checkDayByDay), { numRuns: 60 });
  });
});

const PEOPLE = ['Amara', 'Benji', 'Cleo', 'Dev'];
const FIRST_DAY = Date.UTC(2026, 2, 1);
const DAY_MS = 86_400_000;

interface DayEvent {
  readonly day: number;
  readonly days: number;
  readonly people: readonly number[];
}

/** Each day at noon the timeline has exactly the people of the events that hold the day, each once. */
async function checkDayByDay(events: readonly DayEvent[]): Promise<void> {
  const date = (day: number): string =>
    new Date(FIRST_DAY + day * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '');
  const lines = events.map(({ day, days, people }, index) =>
    [
      'BEGIN:VEVENT',
      `UID:${index}`,
      `DTSTART;VALUE=DATE:${date(day)}`,
      `DTEND;VALUE=DATE:${date(day + days)}`,
      `SUMMARY:${people.map((one) => PEOPLE[one]).join(' & ')}`,
      'END:VEVENT',
    ].join('\n'),
  );
  const { out } = await importIcs(
    ['BEGIN:VCALENDAR', 'X-WR-TIMEZONE:America/Sao_Paulo', ...lines, 'END:VCALENDAR'].join('\n'),
  );
  const shifts = await shiftsOf(out, '2026-02-01', '2026-07-01');
  for (let day = 0; day < 75; day += 1) {
    const noon = new Date(FIRST_DAY + day * DAY_MS + DAY_MS / 2).toISOString();
    const held = events.filter((event) => event.day <= day && day < event.day + event.days);
    const expected = [
      ...new Set(held.flatMap((event) => event.people.map((one) => PEOPLE[one]?.toLowerCase()))),
    ].sort();
    expect(
      shifts
        .filter(({ start, end }) => start <= noon && noon < end)
        .map(({ person }) => person)
        .sort(),
    ).toEqual(expected);
  }
}

const realCalendar = process.env.WATCHBILL_REAL_CALENDAR;
const realTurns = process.env.WATCHBILL_REAL_TURNS;
if (realCalendar === undefined) {
  console.info('WATCHBILL_REAL_CALENDAR is not set: imports are tried on generated calendars only.');
} else {
  describe(`watchbill import ics ${basename(realCalendar)}`, () => {
    it('makes a turn of every whole-day event', async () => {
      const bytes = readFileSync(realCalendar);
      const { code, err } = await importIcs(bytes);
      expect(code).toBe(0);
      const starts = [...bytes.toString().matchAll(/DTSTART;VALUE=DATE:(\d{4})(\d\d)(\d\d)/g)];
      expect(starts.length).toBeGreaterThan(0);
      expect(err).toContain(`Turns: ${starts.length}`);
    });

    it.runIf(realTurns !== undefined)('gives exactly the turns that were written down', async () => {
      const { out } = await importIcs(readFileSync(realCalendar));
      const { shifts: turns } = JSON.parse(readFileSync(realTurns as string, 'utf8')) as {
        shifts: { startsOn: string; person: string }[];
      };
      const zone = /timeZone: (\S+)/.exec(out)?.[1] ?? 'UTC';
      const dateOf = (at: string): string => new Date(at).toLocaleDateString('sv-SE', { timeZone: zone });
      const shifts = [...(await shiftsOf(out, '2010-01-01', '2029-12-31'))].map(({ person, start }) => ({
        startsOn: dateOf(start),
        person,
      }));
      expect(shifts).toEqual(turns);
    });
  });
}
