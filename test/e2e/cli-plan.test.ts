import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPlan } from '@watchbill/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { inProcess } from './cli-in-process.ts';
import { buildCli, watchbill } from './cli-process.ts';

/** Four people, two seats of a day shift and a night shift; small enough to plan in a blink. */
function team(
  more: { readonly amara?: string; readonly roster?: string; readonly rotations?: string } = {},
): string {
  const { amara = '', roster = '[amara, benji, cleo, dev, eve]', rotations = '' } = more;
  return `version: 1
people:
  - { id: amara, name: Amara Okafor, timeZone: Europe/London${amara} }
  - { id: benji, name: Benji Katz, timeZone: Europe/London }
  - { id: cleo, name: Cleo Marchetti, timeZone: Europe/London }
  - { id: dev, name: Dev Raman, timeZone: Europe/London }
  - { id: eve, name: Eve Sato, timeZone: Europe/London }
teams: [{ id: pay, members: [amara, benji, cleo, dev, eve] }]
schedules:
  - id: pay
    team: pay
    timeZone: Europe/London
    coreHours: { days: [mon, tue, wed, thu, fri], from: "09:00", to: "17:00" }
    rotations:
      - { id: day, strategy: fair, roster: ${roster}, handoffs: ["09:00", "21:00"], constraints: { restHours: 11 } }
${rotations}`;
}

const SPAN = ['--from', '2026-06-01T09:00', '--to', '2026-06-29T09:00'];
const DAY = ['--from', '2026-06-01T09:00', '--to', '2026-06-02T09:00'];
const FILES = { 'team.yaml': team() };

interface PlanJson {
  readonly units: readonly {
    readonly unit: string;
    readonly rotation: string;
    readonly person: string | null;
    readonly intervals: readonly { readonly start: string; readonly end: string }[];
  }[];
  readonly gaps: readonly { readonly proof: string }[];
  readonly changes: readonly { readonly from: string; readonly to: string; readonly reason: string }[];
  readonly people: readonly { readonly person: string; readonly burden: number; readonly carried: number }[];
}

async function planOf(text: string, more: readonly string[] = [], files: Record<string, string> = {}) {
  const argv = ['plan', 'team.yaml', ...SPAN, '--out', 'plan.json', ...more];
  const run = await inProcess(argv, { files: { 'team.yaml': text, ...files } });
  const bytes = run.written.get('plan.json') ?? '';
  return { ...run, bytes, plan: JSON.parse(bytes === '' ? '{}' : bytes) as PlanJson };
}

/** A plan of the team as it is, made once: it is what most tests look at. */
let first: Awaited<ReturnType<typeof planOf>>;
let bytes = '';
let plan: PlanJson;
beforeAll(async () => {
  first = await planOf(FILES['team.yaml']);
  ({ bytes, plan } = first);
});

describe('watchbill plan', () => {
  it('fills every turn, and says how even that is', () => {
    expect(first.code).toBe(0);
    expect(readPlan(bytes).ok).toBe(true);
    expect(plan.units).toHaveLength(56);
    expect(plan.units.every(({ person }) => person !== null)).toBe(true);
    expect(first.out).toMatch(/^Amara Okafor +100 %( +[\d.]+){10} +[+−]?[\d.]+$/m);
    expect(first.out).toMatch(/Within (less than )?[\d.]+ % of the provable optimum\./);
    expect(first.out).toContain('No gaps.');
    expect(first.err).toContain('watchbill timeline team.yaml --plan plan.json');
  });

  it('prints the table as CSV', async () => {
    const table = await inProcess(['plan', 'team.yaml', ...DAY, '--format', 'csv'], { files: FILES });
    expect(table.out.split('\r\n')).toHaveLength(7);
    expect(table.out).toMatch(/^person,share,hours,core,/);
  });

  it('fits a narrow terminal: two tables, and no line of them is too long', async () => {
    const argv = ['plan', 'team.yaml', ...DAY];
    const narrow = await inProcess(argv, { files: FILES, columns: 80 });
    const [table = ''] = narrow.out.split('Spread of the load');
    expect(table).toMatch(/^Amara Okafor( +[\d.]+ %)( +[\d.]+){5} +[+−]?[\d.]+$/m);
    expect(table).toMatch(
      /^Hours by class:\n +core +waking +night +weekend +holiday\nAmara Okafor( +[\d.]+){5}$/m,
    );
    for (const line of table.split('\n').slice(1)) expect(line.length).toBeLessThanOrEqual(80);
    const wide = await inProcess(argv, { files: FILES, columns: 200 });
    expect(wide.out).not.toContain('Hours by class:');
  });

  it('says why a turn has nobody, and exits with 1', async () => {
    const away = ', unavailable: [{ from: 2026-06-10, to: 2026-06-11 }]';
    const { code, out, plan: made } = await planOf(team({ amara: away, roster: '[amara]' }));
    expect(code).toBe(1);
    expect(made.gaps.length).toBeGreaterThan(0);
    expect(out).toMatch(/turns have nobody:/);
    expect(made.gaps.every(({ proof }) => proof === 'unavoidable')).toBe(true);
    expect(out).toMatch(/No plan can avoid this: .*the rest between turns/);
    expect(out).toMatch(/Amara Okafor: {2}away/);
    expect(out).toMatch(/too little rest beside another turn \(day, .+\)/);
  });

  it('refuses a file with fixed turns alone, and a window without turns', async () => {
    const rotation =
      '{ id: day, strategy: fixed, turns: [{ from: 2026-06-01, to: 2026-06-02, person: amara }] }';
    const fixed = team().replace(/\{ id: day, strategy: fair.*$/m, rotation);
    const none = await inProcess(['plan', 'team.yaml', ...SPAN], { files: { 'team.yaml': fixed } });
    expect(none.code).toBe(2);
    expect(none.err).toMatch(/^error: team\.yaml: there is nothing to plan: no rotation is fair or in order/);
    const narrow = ['--from', '2026-06-01T10:00', '--to', '2026-06-01T11:00'];
    const empty = await inProcess(['plan', 'team.yaml', ...narrow], { files: FILES });
    expect(empty.code).toBe(2);
    expect(empty.err).toContain('nothing to plan');
  });

  it('keeps what stands, and says whose turn changes and why', async () => {
    const leave = ', unavailable: [{ from: 2026-06-15, to: 2026-06-21 }]';
    const later = await planOf(team({ amara: leave }), ['--previous', 'old.json'], { 'old.json': bytes });
    const lost = plan.units.filter(
      ({ person, intervals }) =>
        person === 'amara' &&
        intervals.some(({ start, end }) => start < '2026-06-21T23:00:00Z' && end > '2026-06-14T23:00:00Z'),
    );
    expect(lost.length).toBeGreaterThan(0);
    const forced = later.plan.changes.filter(({ reason }) => reason === 'forced');
    expect(forced.map(({ from }) => from)).toEqual(lost.map(() => 'amara'));
    const moved = later.plan.units.filter(
      ({ unit, person }) => plan.units.find((old) => old.unit === unit)?.person !== person,
    );
    expect(moved).toHaveLength(later.plan.changes.length);
    expect(later.out).toMatch(/Amara Okafor → \w+ \w+ +forced: Amara Okafor is refused, away/);
    expect(later.out).toMatch(/By person:\n {2}Amara Okafor: +\d+ turns? fewer/);
    const same = await planOf(FILES['team.yaml'], ['--previous', 'old.json'], { 'old.json': bytes });
    expect(same.plan.changes).toEqual([]);
    expect(same.out).toContain('No turn changes hands.');
  });

  it('carries the ledger over: who stood more gets less', async () => {
    const history = `      - id: history
        strategy: fixed
        turns: [{ from: 2026-05-01T09:00, to: 2026-05-08T09:00, person: amara }]
`;
    const carrying = ['--ledger-from', '2026-05-01', '--half-life', '3650'];
    const { plan: made } = await planOf(team({ rotations: history }), carrying);
    const burdenOf = (id: string): number => made.people.find(({ person }) => person === id)?.burden ?? 0;
    expect(made.people.find(({ person }) => person === 'amara')?.carried).toBeGreaterThan(100);
    for (const other of ['benji', 'cleo', 'dev', 'eve']) {
      expect(burdenOf('amara')).toBeLessThan(burdenOf(other));
    }
    const late = await inProcess(['plan', 'team.yaml', ...SPAN, '--ledger-from', '2026-07-01'], {
      files: FILES,
    });
    expect(late.code).toBe(2);
  });

  it('makes the same bytes in another process, and replaces the plan on disk in one step', async () => {
    await buildCli();
    const folder = mkdtempSync(join(tmpdir(), 'watchbill-plan-'));
    writeFileSync(join(folder, 'team.yaml'), FILES['team.yaml']);
    writeFileSync(join(folder, 'plan.json'), 'old');
    const out = join(folder, 'plan.json');
    const argv = ['plan', join(folder, 'team.yaml'), ...SPAN, '--format', 'json', '--out', out];
    const run = await watchbill(argv);
    expect(run.code).toBe(0);
    expect(run.out).toBe(bytes);
    expect(readFileSync(out, 'utf8')).toBe(bytes);
    expect(readdirSync(folder).sort()).toEqual(['plan.json', 'team.yaml']);
  });
});

describe('--plan', () => {
  const asking: [string, string[]][] = [
    ['timeline', ['timeline', 'team.yaml', ...SPAN]],
    ['who', ['who', 'team.yaml']],
    ['diff', ['diff', 'team.yaml', 'team.yaml', ...SPAN]],
    ['explain', ['explain', 'team.yaml', '--at', '2026-06-08T12:00']],
    ['fairness', ['fairness', 'team.yaml', ...SPAN]],
  ];

  it.each(asking)('%s asks for a plan, and takes it', async (_, argv) => {
    const bare = await inProcess(argv, { files: FILES });
    expect(bare.code).toBe(2);
    expect(bare.out).toBe('');
    expect(bare.err).toMatch(/watchbill plan team\.yaml --from 2026-06-\d\d --to \S+ --out plan\.json/);
    const given = await inProcess([...argv, '--plan', 'plan.json'], {
      files: { ...FILES, 'plan.json': bytes },
    });
    expect(given.err).toBe('');
    expect(given.code).toBe(0);
    expect(given.out).not.toBe('');
  });

  it('shows in the timeline exactly what the plan says', async () => {
    const argv = ['timeline', 'team.yaml', ...SPAN, '--plan', 'plan.json', '--format', 'json'];
    const { out } = await inProcess(argv, { files: { ...FILES, 'plan.json': bytes } });
    const { shifts, gaps } = JSON.parse(out) as { shifts: Record<string, string>[]; gaps: unknown[] };
    expect(gaps).toEqual([]);
    expect(shifts.map(({ start, end, person }) => [start, end, person])).toEqual(
      plan.units.map(({ intervals, person }) => [intervals[0]?.start, intervals[0]?.end, person]),
    );
  });

  it('names who comes at each handoff', async () => {
    const argv = ['handoffs', 'team.yaml', '--after', '2026-06-08T00:00', '--count', '2'];
    const bare = await inProcess(argv, { files: FILES });
    expect(bare.out.match(/not planned/g)).toHaveLength(2);
    const given = await inProcess([...argv, '--plan', 'plan.json'], {
      files: { ...FILES, 'plan.json': bytes },
    });
    expect(given.out).toMatch(/09:00 {2}(Amara|Benji|Cleo|Dev|Eve) /);
  });

  it('lets check look at the rest, and at the plan when it has one', async () => {
    const argv = ['check', 'team.yaml', '--from', '2026-06-01T09:00', '--format', 'json'];
    const bare = JSON.parse((await inProcess(argv, { files: FILES })).out);
    expect(bare.warnings).toEqual([]);
    expect(bare.notes).toHaveLength(1);
    const files = { ...FILES, 'plan.json': bytes };
    const given = JSON.parse(
      (await inProcess([...argv, '--plan', 'plan.json', '--weeks', '4'], { files })).out,
    );
    expect(given.notes).toEqual([]);
    // The plan ends before the 90 days that gaps are looked for.
    expect(given.warnings.map(({ code }: { code: string }) => code)).toEqual(['coverage/gap']);
  });

  it('refuses what is no plan, and the plan of another file', async () => {
    const argv = ['timeline', 'team.yaml', ...SPAN, '--plan', 'plan.json'];
    const refused: [string, RegExp][] = [
      ['{', /plan\.json: This is no JSON/],
      ['{"version":2}', /plan\.json: version: This program reads plans of version 1/],
      [
        bytes.replaceAll('pay/day', 'pay/noon').replaceAll('"day"', '"noon"'),
        /another file.*no fair rotation pay\/noon/,
      ],
      [bytes.replaceAll('"amara"', '"amaro"'), /another file.*no person "amaro"\. Did you mean "amara"\?/],
    ];
    for (const [text, message] of refused) {
      const { code, out, err } = await inProcess(argv, { files: { ...FILES, 'plan.json': text } });
      expect([code, out]).toEqual([2, '']);
      expect(err).toMatch(message);
    }
  });

  it('says when a window reaches beyond the plan', async () => {
    const argv = [
      'timeline',
      'team.yaml',
      '--from',
      '2026-07-10',
      '--to',
      '2026-07-11',
      '--plan',
      'plan.json',
    ];
    const { code, err } = await inProcess(argv, { files: { ...FILES, 'plan.json': bytes } });
    expect(code).toBe(0);
    expect(err).toMatch(/^note: the plan is for turns that begin from /);
  });
});
