import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../support/repository.ts';
import { inProcess } from './cli-in-process.ts';
import { buildCli, watchbill } from './cli-process.ts';

const TWO_SCHEDULES = `version: 1
people: [{ id: amara }, { id: benji }]
schedules:
  - id: payments
    timeZone: Europe/London
    rotations:
      - { id: weekly, roster: [amara, benji], cadence: { every: 1, unit: week }, start: 2026-03-23T09:00 }
      - { id: weekends, layer: 1, hours: [{ days: [sat, sun], from: "09:00", to: "17:00" }], roster: [benji], cadence: { every: 1, unit: week }, start: 2026-03-23T09:00 }
  - id: search
    timeZone: Asia/Tokyo
    rotations:
      - { id: hourly, roster: [amara, benji], cadence: { every: 1, unit: hour }, start: 2026-03-23T09:00 }
`;

const BROKEN = `version: 1
people:
  - id: amara
    timezone: Europe/London
schedules:
  - id: payments
    timeZone: Europe/Lundon
    rotations:
      - { id: weekly, roster: [amara, benj], cadence: { every: 0, unit: week }, start: 2026-02-30T09:00 }
`;

const folder = mkdtempSync(join(tmpdir(), 'watchbill-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(buildCli);

/** Command lines that cannot be answered, and what the message must say. All of them end with 2 and print no data. */
const REFUSED: readonly (readonly [string, readonly string[], RegExp])[] = [
  [
    'an unknown option',
    ['timeline', '-', '--schedul', 'search'],
    /unknown option '--schedul'[\s\S]*--schedule/,
  ],
  ['an unknown command', ['timelin', '-'], /unknown command 'timelin'[\s\S]*timeline/],
  [
    'a command that is not there',
    ['simulation', '-'],
    /unknown command 'simulation'[\s\S]*check, timeline, who, handoffs/,
  ],
  ['no command', [], /Usage: watchbill/],
  ['no file', ['timeline'], /missing required argument 'file'/],
  ['one file too many', ['timeline', '-', '-'], /too many arguments/],
  ['an unknown format', ['timeline', '-', '--format', 'xml'], /Allowed choices are text, json, ics, csv/],
  ['a format without sense', ['who', '-', '--format', 'ics'], /Allowed choices are text, json, csv/],
  [
    'an unknown schedule',
    ['timeline', '-', '--schedule', 'serch'],
    /no schedule "serch"\. Did you mean "search"\?/,
  ],
  [
    'no schedule where there are two',
    ['timeline', '-'],
    /2 schedules\. Say which with --schedule\. Known: payments, search/,
  ],
  [
    'an unknown rotation',
    ['handoffs', '-', '--schedule', 'payments', '--rotation', 'weekl'],
    /Did you mean "weekly"\?/,
  ],
  [
    'no rotation where there are two',
    ['handoffs', '-', '--schedule', 'payments'],
    /Say which with --rotation/,
  ],
  [
    'an end before the start',
    ['timeline', '-', '--schedule', 'search', '--from', '2026-12-02', '--to', '2026-12-01'],
    /--from must be before --to/,
  ],
  [
    'an empty window',
    ['timeline', '-', '--schedule', 'search', '--from', '2026-12-01', '--to', '2026-12-01'],
    /--from must be before --to/,
  ],
  [
    'a window of 30 years',
    ['timeline', '-', '--schedule', 'search', '--from', '2000-01-01', '--to', '2030-01-01'],
    /longer than 20 years/,
  ],
  [
    'a day that does not exist',
    ['timeline', '-', '--schedule', 'search', '--from', '2026-02-30'],
    /--from: "2026-02-30" is not a date or time that exists/,
  ],
  ['a word for a date', ['who', '-', '--at', 'tomorrow'], /--at: "tomorrow" is not a date or time/],
  ['a year nobody schedules', ['who', '-', '--at', '2900-01-01T00:00:00Z'], /outside the years 1970 to 2199/],
  ['a local time for two zones', ['who', '-', '--at', '2026-12-01T09:00'], /Add Z or an offset/],
  ['an unknown zone', ['who', '-', '--time-zone', 'Berlin'], /Did you mean "Europe\/Berlin"\?/],
  ['a count that is none', ['handoffs', '-', '--count', '0'], /whole number from 1 to 10000/],
  [
    'too many handoffs',
    ['handoffs', '-', '--schedule', 'search', '--after', '2026-01-01', '--until', '2030-01-01'],
    /More than 10000 handoffs/,
  ],
  [
    'an end before --after',
    ['handoffs', '-', '--schedule', 'search', '--after', '2026-12-02', '--until', '2026-12-01'],
    /--until must be after --after/,
  ],
  ['standard input twice', ['diff', '-', '-'], /Only one of the two files can be standard input/],
  ['no server', ['apply', '-'], /WATCHBILL_URL/],
  ['an address that is none', ['apply', '-', '--url', 'ftp://example.com'], /not an http or https address/],
  ['no token', ['apply', '-', '--url', 'https://example.com'], /WATCHBILL_TOKEN/],
  ['an unknown source', ['import', 'pagerdty', '-'], /unknown command 'pagerdty'/],
];

describe('a command line that cannot be answered', () => {
  it.each(REFUSED)('%s', async (_, argv, message) => {
    const { code, out, err } = await inProcess(argv, { files: { '-': TWO_SCHEDULES } });
    expect(err).toMatch(message);
    expect(err).not.toContain('    at ');
    expect(out).toBe('');
    expect(code).toBe(2);
  });
});

describe('a file that cannot be used', () => {
  it.each(['check', 'timeline', 'who', 'handoffs'])(
    '%s names every mistake with its place',
    async (command) => {
      const { code, out, err } = await inProcess([command, 'watchbill.yaml'], {
        files: { 'watchbill.yaml': BROKEN },
      });
      expect(code).toBe(2);
      expect(out).toBe('');
      expect(err).toMatch(/^watchbill\.yaml:4:5: people\[0\]\.timezone: .*timeZone/m);
      expect(err).toMatch(/^watchbill\.yaml:9:\d+: schedules\[0\]\.rotations\[0\]\.cadence\.every: /m);
    },
  );

  it('check gives them as JSON as well', async () => {
    const run = await inProcess(['check', 'w.yaml', '--format', 'json'], { files: { 'w.yaml': BROKEN } });
    expect(run.code).toBe(2);
    const answer = JSON.parse(run.out) as {
      ok: boolean;
      errors: { line: number; column: number; path: string }[];
    };
    expect(answer).toMatchObject({ file: 'w.yaml', ok: false, warnings: [] });
    expect(answer.errors.find(({ path }) => path === 'people[0].timezone')).toMatchObject({
      line: 4,
      column: 5,
    });
  });

  it('a process of its own says so too, on standard error, with 2', async () => {
    const file = join(folder, 'broken.yaml');
    writeFileSync(file, BROKEN);
    const run = await watchbill(['check', file]);
    expect(run).toMatchObject({ code: 2, out: '' });
    expect(run.err).toContain(`${file}:4:5: `);
  });

  it('a file that is not there, a folder, bytes that are no text', async () => {
    const missing = await watchbill(['check', join(folder, 'nothing.yaml')]);
    expect(missing).toMatchObject({ code: 2, out: '' });
    expect(missing.err).toContain('there is no such file');
    const asFolder = await watchbill(['check', folder]);
    expect(asFolder).toMatchObject({ code: 2, out: '' });
    expect(asFolder.err).toContain('this is a folder');
    const binary = await watchbill(['check', '-'], { stdin: Buffer.from([0xff, 0xc0, 0x80]) });
    expect(binary).toMatchObject({ code: 2, out: '', err: 'error: <stdin>: this is not UTF-8 text.\n' });
  });

  it('an empty one, and one that is far too large', async () => {
    const empty = await watchbill(['check', '-'], { stdin: '' });
    expect(empty.code).toBe(2);
    expect(empty.err).toContain('<stdin>:1:1');
    const large = await watchbill(['check', '-'], { stdin: Buffer.alloc(5 * 1024 * 1024, '# ') });
    expect(large).toMatchObject({ code: 2, err: 'error: standard input: the input is larger than 4 MB.\n' });
  });
});

describe('the process', () => {
  it('ends quietly when its reader has seen enough', async () => {
    const file = join(folder, 'two.yaml');
    writeFileSync(file, TWO_SCHEDULES);
    const argv = [
      'timeline',
      file,
      '--schedule',
      'search',
      '--from',
      '2010-01-01',
      '--to',
      '2029-12-31',
      '--format',
      'json',
    ];
    const bin = join(ROOT, 'services/cli/bin/watchbill.js');
    const child = spawn(process.execPath, [bin, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
    let err = '';
    child.stderr.on('data', (text: Buffer) => {
      err += text.toString();
    });
    child.stdout.once('data', () => child.stdout.destroy());
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    expect({ code, signal, err }).toEqual({ code: 0, signal: null, err: '' });
  });

  it('writes large answers whole', async () => {
    const argv = [
      'timeline',
      '-',
      '--schedule',
      'search',
      '--from',
      '2026-01-01',
      '--to',
      '2032-01-01',
      '--format',
      'json',
    ];
    const { code, out } = await watchbill(argv, { stdin: TWO_SCHEDULES });
    expect(code).toBe(0);
    const { shifts } = JSON.parse(out) as { shifts: unknown[] };
    expect(shifts).toHaveLength(52_584);
  });

  it('has no colour where its answer is not shown on a terminal', async () => {
    const argv = ['timeline', '-', '--schedule', 'payments', '--from', '2026-12-01', '--to', '2026-12-02'];
    const plain = await watchbill(argv, { stdin: TWO_SCHEDULES, env: { FORCE_COLOR: '1' } });
    expect(plain.out).not.toContain('\u001b');
  });

  it('tells its version, the same as its package', async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'services/cli/package.json'), 'utf8')) as {
      version: string;
    };
    expect((await inProcess(['--version'])).out).toBe(`${version}\n`);
    expect((await inProcess(['--help'])).code).toBe(0);
  });
});
