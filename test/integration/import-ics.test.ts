import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type InProcessRun, inProcess } from '../e2e/cli-in-process.ts';
import { CASES, EXPECTED, type Turn, untidyCalendar } from './import-calendar-cases.ts';

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

  it('leaves out what has ended by --from, and refuses more turns than a file holds', async () => {
    const options = ['--until', '2026-12-28', '--from', '2026-04-28T20:00'];
    const { out, err } = await importIcs(untidyCalendar(), ...options);
    const kept = EXPECTED.filter(({ end }) => end > '2026-04-28T18:00:00Z');
    expect(sorted(await shiftsOf(out, '2026-01-01', '2028-01-01'))).toEqual(sorted(kept));
    expect(err).toMatch(/ turns before --from left out/);
    const hours = Array.from({ length: 14_000 }, (_, hour) => new Date(hour * 3_600_000).toISOString());
    const events = hours.map((at) => {
      const start = at.replaceAll(/[-:]|\.000/g, '');
      return `BEGIN:VEVENT\nDTSTART:${start}\nDURATION:PT1H\nSUMMARY:Amara\nEND:VEVENT\n`;
    });
    const large = await importIcs(`BEGIN:VCALENDAR\n${events.join('')}END:VCALENDAR\n`);
    expect(large).toMatchObject({ code: 2, out: '' });
    expect(large.err).toContain(
      '14,000 turns are more than a configuration holds. Leave out the oldest with --from',
    );
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

    if (realTurns === undefined) return;
    it('gives exactly the turns that were written down', async () => {
      const { out } = await importIcs(readFileSync(realCalendar));
      const { shifts: turns } = JSON.parse(readFileSync(realTurns, 'utf8')) as {
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
