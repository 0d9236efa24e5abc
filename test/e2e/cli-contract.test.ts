import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ICAL from 'ical.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ROOT } from '../support/repository.ts';
import { inProcess } from './cli-in-process.ts';
import { buildCli, type CliRun, watchbill } from './cli-process.ts';

/** The JSON that scripts of other people read: exactly these fields, and no others. */
const instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/);
const shift = z.strictObject({
  start: instant,
  end: instant,
  person: z.string(),
  role: z.string(),
  rotation: z.string().nullable(),
  override: z.string().nullable(),
});
const timeline = z.strictObject({
  schedule: z.string(),
  from: instant,
  to: instant,
  shifts: z.array(shift),
  gaps: z.array(z.strictObject({ start: instant, end: instant, role: z.string() })),
});
const onCall = z.strictObject({
  role: z.string(),
  person: z.string(),
  since: instant.nullable(),
  until: instant.nullable(),
  rotation: z.string().nullable(),
  override: z.string().nullable(),
});
const who = z.strictObject({
  at: instant,
  schedules: z.array(
    z.strictObject({ schedule: z.string(), onCall: z.array(onCall), next: z.array(onCall) }),
  ),
});
const handoffs = z.strictObject({ schedule: z.string(), rotation: z.string(), handoffs: z.array(instant) });
const load = z.strictObject({
  shifts: z.number(),
  nights: z.number(),
  weekendShifts: z.number(),
  hours: z.number(),
});
const diff = z.strictObject({
  schedules: z.array(
    z.strictObject({
      schedule: z.string(),
      from: instant,
      to: instant,
      people: z.array(z.strictObject({ person: z.string(), before: load, after: load, change: load })),
      changes: z.array(
        z.discriminatedUnion('kind', [
          z.strictObject({ kind: z.literal('added'), ...shift.shape }),
          z.strictObject({ kind: z.literal('removed'), ...shift.shape }),
          z.strictObject({ kind: z.literal('changed'), before: shift, after: shift }),
        ]),
      ),
    }),
  ),
});
const warning = z.strictObject({
  level: z.enum(['warning', 'error']),
  at: instant.nullable(),
  code: z.string(),
  schedule: z.string().nullable(),
  role: z.string().nullable(),
  person: z.string().nullable(),
  message: z.string(),
});
const check = z.strictObject({
  file: z.string(),
  ok: z.literal(true),
  errors: z.array(z.never()),
  warnings: z.array(warning),
  participation: z.array(
    z.strictObject({
      team: z.string().nullable(),
      schedules: z.array(z.string()),
      people: z.array(
        z.strictObject({
          person: z.string(),
          coreHours: z.number(),
          nonCoreHours: z.number(),
          missing: z.array(z.strictObject({ part: z.enum(['core', 'non-core']), reason: z.string() })),
        }),
      ),
    }),
  ),
  notes: z.array(z.string()),
});

const EXAMPLES = readdirSync(join(ROOT, 'examples'))
  // Fair rotations answer with a plan: cli-plan.test.ts asks them.
  .filter((name) => name.endsWith('.yaml') && !name.startsWith('fair-'))
  .map((name) => `examples/${name}`);
const WINDOW = ['--from', '2026-10-19', '--to', '2026-11-09'];

const WEEKLY_EXAMPLE = 'examples/weekly-primary-secondary.yaml';

const WEEKLY = `version: 1
people: [{ id: amara }, { id: benji }, { id: cleo }]
schedules:
  - id: payments
    timeZone: Europe/London
    roles: [primary, secondary]
    rotations:
      - { id: weekly, role: primary, roster: [amara, benji], cadence: { every: 1, unit: week }, start: 2026-03-23T09:00 }
    overrides:
      - { id: cover, role: primary, from: 2026-03-25T00:00, to: 2026-03-26T00:00, person: cleo, replaces: amara }
`;

/** Runs a command in this process, with a text as standard input. */
async function given(argv: readonly string[], stdin = ''): Promise<CliRun> {
  const examples = EXAMPLES.map((file) => [file, readFileSync(join(ROOT, file))]);
  return inProcess(argv, { files: { ...Object.fromEntries(examples), '-': stdin } });
}

async function json<T>(argv: readonly string[], shape: z.ZodType<T>, stdin?: string): Promise<T> {
  const asked = [...argv, '--format', 'json'];
  const { code, out, err } = await given(asked, stdin);
  expect(err).toBe('');
  expect(code).toBe(0);
  return shape.parse(JSON.parse(out));
}

function succeeded({ code, out, err }: CliRun): string {
  expect(err).toBe('');
  expect(code).toBe(0);
  return out;
}

beforeAll(buildCli);

describe('the JSON of every example', () => {
  it('is there', () => expect(EXAMPLES.length).toBeGreaterThanOrEqual(4));

  it.each(EXAMPLES)('timeline, who and check: %s', async (file) => {
    // The first as a process of its own: the program that people install.
    const spawned = succeeded(await watchbill(['timeline', file, ...WINDOW, '--format', 'json']));
    const resolved = timeline.parse(JSON.parse(spawned));
    expect(resolved.shifts.length).toBeGreaterThan(0);
    const order = resolved.shifts.map(({ start, role, person }) => `${start} ${role} ${person}`);
    expect(order).toEqual([...order].sort());
    for (const { start, end } of resolved.shifts) {
      expect(start < end).toBe(true);
      expect(start >= resolved.from && end <= resolved.to).toBe(true);
    }
    const answer = await json(['who', file, '--at', '2026-11-04T12:00:00Z'], who);
    const entry = answer.schedules.find(({ schedule }) => schedule === resolved.schedule);
    const covering = resolved.shifts.filter(({ start, end }) => start <= answer.at && answer.at < end);
    expect(entry?.onCall.map(({ role, person }) => `${role} ${person}`).sort()).toEqual(
      covering.map(({ role, person }) => `${role} ${person}`).sort(),
    );
    const checked = await given(['check', file, '--from', '2026-11-02', '--format', 'json']);
    expect(checked.err).toBe('');
    expect(check.parse(JSON.parse(checked.out)).warnings.length === 0 ? 0 : 1).toBe(checked.code);
  });

  it.each(EXAMPLES)('no difference to itself: %s', async (file) => {
    const { schedules } = await json(['diff', file, file, ...WINDOW], diff);
    expect(schedules.every(({ people, changes }) => people.length === 0 && changes.length === 0)).toBe(true);
    expect(succeeded(await given(['diff', file, file, ...WINDOW]))).toBe('No differences.\n');
  });
});

describe('timeline', () => {
  it('gives the shifts with the override in the middle, and the gaps of the empty role', async () => {
    const argv = ['timeline', '-', '--from', '2026-03-23T09:00', '--to', '2026-03-30T09:00'];
    expect(await json(argv, timeline, WEEKLY)).toEqual({
      schedule: 'payments',
      from: '2026-03-23T09:00:00Z',
      to: '2026-03-30T08:00:00Z',
      shifts: [
        ['2026-03-23T09:00:00Z', '2026-03-25T00:00:00Z', 'amara', 'weekly', null],
        ['2026-03-25T00:00:00Z', '2026-03-26T00:00:00Z', 'cleo', null, 'cover'],
        ['2026-03-26T00:00:00Z', '2026-03-30T08:00:00Z', 'amara', 'weekly', null],
      ].map(([start, end, person, rotation, override]) => ({
        start,
        end,
        person,
        role: 'primary',
        rotation,
        override,
      })),
      gaps: [{ start: '2026-03-23T09:00:00Z', end: '2026-03-30T08:00:00Z', role: 'secondary' }],
    });
  });

  it('reads dates as local midnights, and instants and offsets as they are', async () => {
    const windows = [
      ['2026-04-01', '2026-04-02'],
      ['2026-04-01T00:00', '2026-04-02T00:00'],
      ['2026-03-31T23:00:00Z', '2026-04-02T01:00:00+02:00'],
    ];
    for (const [from, to] of windows) {
      const answer = await json(
        ['timeline', '-', '--from', from as string, '--to', to as string],
        timeline,
        WEEKLY,
      );
      expect([answer.from, answer.to]).toEqual(['2026-03-31T23:00:00Z', '2026-04-01T23:00:00Z']);
    }
  });

  it('is readable as text: zone, days, lengths and gaps are named', async () => {
    const argv = ['timeline', '-', '--from', '2026-03-28', '--to', '2026-03-31'];
    expect(succeeded(await given(argv, WEEKLY))).toBe(
      [
        'payments  Sat 28 Mar 2026 00:00 to Tue 31 Mar 2026 00:00',
        'times in Europe/London',
        '',
        'Sat 28 Mar 2026',
        '  00:00 – Mon 30 Mar 09:00  2 d 8 h   primary    amara        weekly',
        '  00:00 – Tue 31 Mar 00:00  2 d 23 h  secondary  GAP: nobody',
        '',
        'Mon 30 Mar 2026',
        '  09:00 – 24:00             15 h      primary    benji        weekly',
        '',
        '2 shifts, 1 gap (2 d 23 h with nobody on call)',
        '',
      ].join('\n'),
    );
  });

  it("shows another zone next to the schedule's own", async () => {
    const argv = ['timeline', '-', '--from', '2026-03-30', '--to', '2026-03-31', '--time-zone', 'Asia/Tokyo'];
    const out = succeeded(await given(argv, WEEKLY));
    expect(out).toContain("times in Asia/Tokyo; in brackets in Europe/London, the schedule's zone");
    expect(out).toContain('17:00 – Tue 31 Mar 08:00  (09:00 – 24:00)');
  });

  it('is CSV that a spreadsheet reads', async () => {
    const argv = ['timeline', '-', '--from', '2026-03-24', '--to', '2026-03-26', '--format', 'csv'];
    expect(succeeded(await given(argv, WEEKLY))).toBe(
      'start,end,person,role,rotation,override\r\n' +
        '2026-03-24T00:00:00Z,2026-03-25T00:00:00Z,amara,primary,weekly,\r\n' +
        '2026-03-25T00:00:00Z,2026-03-26T00:00:00Z,cleo,primary,,cover\r\n',
    );
  });

  it('is a calendar whose events are whole and keep their UIDs, whatever the window', async () => {
    const events = async (from: string, to: string): Promise<string[]> => {
      const argv = ['timeline', '-', '--from', from, '--to', to, '--format', 'ics'];
      const parsed = new ICAL.Component(ICAL.parse(succeeded(await given(argv, WEEKLY))));
      return parsed
        .getAllSubcomponents('vevent')
        .map((event) =>
          ['uid', 'dtstart', 'dtend', 'summary'].map((name) => event.getFirstPropertyValue(name)).join(' '),
        );
    };
    const all = await events('2026-03-23', '2026-04-13');
    const some = await events('2026-03-24T12:00', '2026-03-24T13:00');
    expect(some).toHaveLength(1);
    expect(some[0]).toMatch(/2026-03-23T09:00:00Z 2026-03-25T00:00:00Z amara \(primary\)$/);
    expect(all).toEqual(expect.arrayContaining(some));
    expect(new Set(all).size).toBe(all.length);
  });

  it('reads in again what it exports', async () => {
    const window = ['--from', '2026-03-01', '--to', '2026-06-01'];
    const ics = succeeded(await given(['timeline', '-', ...window, '--format', 'ics'], WEEKLY));
    const imported = await given(['import', 'ics', '-'], ics);
    expect(imported.code).toBe(0);
    const bare = ({ shifts }: z.output<typeof timeline>) =>
      shifts.map(({ start, end, person }) => ({ start, end, person }));
    const again = await json(['timeline', '-', ...window], timeline, imported.out);
    expect(bare(again)).toEqual(bare(await json(['timeline', '-', ...window], timeline, WEEKLY)));
  });
});

describe('who, handoffs and diff', () => {
  it('says who is on call until when, and who is next', async () => {
    expect(await json(['who', '-', '--at', '2026-03-25T12:00'], who, WEEKLY)).toEqual({
      at: '2026-03-25T12:00:00Z',
      schedules: [
        {
          schedule: 'payments',
          onCall: [
            {
              role: 'primary',
              person: 'cleo',
              since: '2026-03-25T00:00:00Z',
              until: '2026-03-26T00:00:00Z',
              rotation: null,
              override: 'cover',
            },
          ],
          next: [
            {
              role: 'primary',
              person: 'amara',
              since: '2026-03-26T00:00:00Z',
              until: '2026-03-30T08:00:00Z',
              rotation: 'weekly',
              override: null,
            },
          ],
        },
      ],
    });
    const text = succeeded(await given(['who', '-', '--at', '2026-03-25T12:00'], WEEKLY));
    expect(text).toContain('secondary  nobody');
  });

  it('lists handoffs by the wall clock, by number or up to an end', async () => {
    const expected = ['2026-03-23T09:00:00Z', '2026-03-30T08:00:00Z', '2026-04-06T08:00:00Z'];
    const after = ['handoffs', '-', '--after', '2026-03-23T08:59'];
    const named = [...after, '--schedule', 'payments', '--rotation', 'weekly'];
    const answer = { schedule: 'payments', rotation: 'weekly' };
    expect(await json([...named, '--count', '3'], handoffs, WEEKLY)).toEqual({
      ...answer,
      handoffs: expected,
    });
    expect(await json([...after, '--until', '2026-04-06T09:01'], handoffs, WEEKLY)).toEqual({
      ...answer,
      handoffs: expected,
    });
    expect((await json(after, handoffs, WEEKLY)).handoffs).toHaveLength(10);
    const text = succeeded(await given([...after, '--count', '2'], WEEKLY));
    expect(text).toMatch(/Mon 30 Mar 2026 09:00 {2}benji\n$/);
  });

  it('says what changes for whom', async () => {
    const before = WEEKLY_EXAMPLE;
    const text = readFileSync(join(ROOT, before), 'utf8');
    const [first, second] = /roster: \[(\w+), (\w+)/.exec(text)?.slice(1) ?? [];
    const after = text
      .replaceAll(new RegExp(`\\b${first}\\b`, 'g'), '_')
      .replaceAll(new RegExp(`\\b${second}\\b`, 'g'), `${first}`)
      .replaceAll('_', `${second}`);
    const argv = ['diff', before, '-', ...WINDOW];
    const { schedules } = await json(argv, diff, after);
    const [only] = schedules;
    expect(only?.changes.length).toBeGreaterThan(0);
    const hours = (only?.people ?? []).reduce((sum, { change }) => sum + change.hours, 0);
    expect(hours).toBeCloseTo(0);
    const run = await given([...argv, '--exit-code'], after);
    expect(run.code).toBe(1);
    expect(run.out).toMatch(/: +[+−]\d+ (shift|night|weekend|h)/);
    const rows = succeeded(await given([...argv, '--format', 'csv'], after)).split('\r\n');
    expect(rows[0]).toBe('schedule,person,shifts,nights,weekendShifts,hours');
  });
});

describe('check and schema', () => {
  it('warns of gaps, people left out, double booking and missing rest', async () => {
    const file = `version: 1
people: [{ id: amara }, { id: benji }, { id: cleo }]
teams: [{ id: core, members: [amara, benji, cleo] }]
schedules:
  - id: web
    team: core
    timeZone: UTC
    rotations:
      - { id: shifts, roster: [amara, benji], cadence: { every: 8, unit: hour }, start: 2026-03-23T00:00 }
    overrides: [{ id: hole, from: 2026-03-25T00:00, to: 2026-03-25T02:00, person: nobody }]
  - id: data
    timeZone: UTC
    coverage: [{ days: [mon], from: "02:00", to: "03:00" }]
    rotations:
      - { id: mondays, hours: [{ days: [mon], from: "02:00", to: "03:00" }], roster: [amara], cadence: { every: 1, unit: week }, start: 2026-03-23T00:00 }
`;
    const run = await given(['check', '-', '--from', '2026-03-23', '--format', 'json'], file);
    expect(run.code).toBe(1);
    const { warnings } = check.parse(JSON.parse(run.out));
    expect(warnings.map(({ code, person }) => `${code} ${person}`)).toEqual([
      'coverage/gap null',
      'team/idle-member cleo',
      'person/double amara',
      'rest/short amara',
      'rest/short benji',
      'team/too-few null',
    ]);
    const text = await given(['check', '-', '--from', '2026-03-23'], file);
    expect(text.code).toBe(1);
    expect(text.out).toContain(
      'web, primary: nobody is on call from Wed 25 Mar 2026 00:00 to Wed 25 Mar 2026 02:00 (UTC)',
    );
    expect(text.out).toContain('cleo is in team core but in no rotation of web');
  });

  it('does not take the nights of one turn for missing rest', async () => {
    const file = `version: 1
people: [{ id: amara }, { id: benji }]
schedules:
  - id: web
    timeZone: UTC
    coverage: [{ from: "17:00", to: "09:00" }]
    rotations:
      - { id: nights, hours: [{ from: "17:00", to: "09:00" }], roster: [amara, benji], cadence: { every: 1, unit: week }, start: 2026-03-23T12:00 }
`;
    const run = await given(['check', '-', '--from', '2026-03-23', '--format', 'json'], file);
    expect(JSON.parse(run.out)).toMatchObject({ ok: true, warnings: [] });
    expect(run.code).toBe(0);
  });

  it('prints a JSON Schema that names the version', async () => {
    const schema = JSON.parse(succeeded(await given(['schema']))) as {
      properties: Record<string, unknown>;
    };
    expect(schema.properties.version).toMatchObject({ const: 1 });
  });
});
