import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../support/repository.ts';
import { inProcess } from './cli-in-process.ts';

const TEAM = `version: 1
people:
  - { id: amara, name: Amara Okafor, timeZone: Europe/London }
  - { id: benji, name: Benji Katz, timeZone: America/New_York }
  - { id: cleo, name: Cleo Marchetti, timeZone: Europe/London }
  - { id: dev, name: Dev Raman, timeZone: America/New_York, unavailable: [{ from: 2026-06-08, to: 2026-06-12 }] }
teams: [{ id: pay, members: [amara, benji, cleo, dev] }]
schedules:
  - id: pay
    team: pay
    timeZone: Europe/London
    coreHours: { days: [mon, tue, wed, thu, fri], from: "09:00", to: "17:00" }
    rotations:
      - { id: round, strategy: fair, roster: team, handoffs: ["09:00", "21:00"], constraints: { restHours: 11 } }
    overrides:
      - { id: cover, from: 2026-06-20T09:00, to: 2026-06-20T12:00, person: cleo }
`;

const ORDER = `version: 1
people: [{ id: amara }, { id: benji }, { id: cleo }, { id: dev, left: 2026-01-31 }]
teams: [{ id: pay, members: [amara, benji, cleo, dev] }]
schedules:
  - id: pay
    team: pay
    timeZone: Europe/London
    coreHours: { days: [mon, tue, wed, thu, fri], from: "09:00", to: "17:00" }
    rotations:
      - { id: days, hours: core, roster: [amara, benji], cadence: { every: 1, unit: week }, start: 2026-06-01T09:00 }
      - { id: nights, hours: non-core, roster: [benji, cleo], cadence: { every: 1, unit: week }, start: 2026-06-01T09:00 }
      - { id: spare, layer: -1, roster: [dev], cadence: { every: 1, unit: week }, start: 2026-06-01T09:00 }
    overrides:
      - { id: swap, from: 2026-06-03T12:00, to: 2026-06-03T15:00, person: cleo, replaces: amara }
`;

const SPAN = ['--from', '2026-06-01T09:00', '--to', '2026-06-29T09:00'];

async function json(argv: readonly string[], files: Record<string, string>) {
  const { out } = await inProcess([...argv, '--format', 'json'], { files });
  return JSON.parse(out);
}

let files: Record<string, string>;
let units: { unit: string; person: string; intervals: { start: string }[] }[];
beforeAll(async () => {
  const argv = ['plan', 'team.yaml', ...SPAN, '--format', 'json'];
  const { out } = await inProcess(argv, { files: { 'team.yaml': TEAM } });
  files = { 'team.yaml': TEAM, 'plan.json': out };
  units = JSON.parse(out).units;
});

describe('watchbill explain', () => {
  it('justifies every turn of a plan: who has it is the cheapest who can', async () => {
    expect(units.length).toBe(56);
    for (const { unit, person, intervals } of units) {
      const at = intervals[0]?.start ?? '';
      const { shifts } = await json(['explain', 'team.yaml', '--plan', 'plan.json', '--at', at], files);
      const own = shifts.find((one: { unit: string | null }) => one.unit === unit);
      // An override hides the turn of the plan for a few hours.
      if (own === undefined) {
        expect(shifts[0].override).toBe('cover');
        continue;
      }
      expect(own.person).toBe(person);
      expect(own.candidates[0].person).toBe(person);
      expect(own.candidates.length + own.refused.length).toBe(4);
      const { total, load, restDays, recent, wishes } = own.candidates[0];
      expect(load + restDays + recent + wishes).toBeCloseTo(total, 6);
    }
  });

  it('says whose turn an override stands, and what that weighs for both', async () => {
    // At noon on a Saturday Cleo takes the place of everybody.
    const argv = ['explain', 'team.yaml', '--plan', 'plan.json', '--at', '2026-06-20T10:00'];
    const holder = units.find(({ intervals }) => intervals[0]?.start === '2026-06-20T08:00:00Z')?.person;
    const { out } = await inProcess(argv, { files });
    expect(out).toMatch(/^primary: Cleo Marchetti, up to Sat 20 Jun 2026 12:00$/m);
    if (holder === 'cleo') return;
    const name = { amara: 'Amara Okafor', benji: 'Benji Katz', dev: 'Dev Raman' }[holder ?? ''];
    expect(out).toContain(
      `By the plan the turn is that of ${name}: round, Sat 20 Jun 09:00 – Sat 20 Jun 21:00.`,
    );
    expect(out).toMatch(
      /^This part weighs 6 burden-hours for Cleo Marchetti; for .+ it would be [\d.]+ burden-hours\.$/m,
    );
    expect(out).toContain(`The planner gave it to ${name}: it weighs least for them.`);
  });

  it('says it in words: prices, who is away, and the turn that is in the way', async () => {
    const argv = ['explain', 'team.yaml', '--plan', 'plan.json', '--at', '2026-06-10T12:00'];
    const { out } = await inProcess(argv, { files });
    expect(out).toContain('Rotation round is fair; the turn is round, Wed 10 Jun 09:00 – Wed 10 Jun 21:00.');
    expect(out).toMatch(/^→ \w+ \w+ +[\d.]+ {2}load so far [\d.]+/m);
    expect(out).toMatch(/^ {2}Dev Raman +away$/m);
    expect(out).toMatch(/too little rest beside another turn \(round, /);
  });

  it('explains turns in order and overrides', async () => {
    const given = { 'order.yaml': ORDER };
    const turn = await inProcess(['explain', 'order.yaml', '--at', '2026-06-02T12:00'], { files: given });
    expect(turn.out).toContain('Rotation days goes in order, a week each');
    expect(turn.out).toContain('Order: [amara], benji.');
    expect(turn.out).toContain('It is on layer 0, above spare');
    const swap = await inProcess(['explain', 'order.yaml', '--at', '2026-06-03T13:00'], { files: given });
    expect(swap.out).toContain('Override swap decides');
    expect(swap.out).toContain('takes the place of amara');
    expect(swap.out).toContain('Without it: amara.');
  });
});

describe('watchbill fairness and simulate', () => {
  it('weighs a timeline in order', async () => {
    const { people, spread } = await json(['fairness', 'order.yaml', ...SPAN], { 'order.yaml': ORDER });
    const hours = Object.fromEntries(
      people.map(({ person, hours: own }: { person: string; hours: number }) => [person, own]),
    );
    // 20 working days of 8 hours, half each; three hours are swapped away.
    expect(hours.amara).toBe(77);
    expect(hours.benji + hours.cleo + hours.amara).toBe(28 * 24);
    expect(spread.range).toBeGreaterThan(0);
    const sum = people.reduce((all: number, { deviation }: { deviation: number }) => all + deviation, 0);
    expect(sum).toBeCloseTo(0, 6);
  });

  it('tries a change on a copy, beside what is', async () => {
    const argv = ['simulate', 'team.yaml', ...SPAN, '--drop', 'dev', '--add', 'zoe:Asia/Singapore'];
    const { today, changed } = await json(argv, files);
    const ids = (one: { people: { person: string }[] }) => one.people.map(({ person }) => person);
    expect(ids(today)).toEqual(['amara', 'benji', 'cleo', 'dev']);
    expect(ids(changed)).toEqual(['amara', 'benji', 'cleo', 'zoe']);
    const hours = (one: { people: { hours: number }[] }) =>
      one.people.reduce((sum, row) => sum + row.hours, 0);
    expect([hours(today), hours(changed)]).toEqual([672, 672]);
    expect([today.gaps, changed.gaps]).toEqual([0, 0]);
    const text = await inProcess(argv, { files });
    expect(text.out).toMatch(/^Dev Raman +[\d.]+ → 0 /m);
    expect(text.out).toMatch(/^Gaps +none → none$/m);
  });

  it('moves handoffs and hours', async () => {
    const longer = await json(['simulate', 'team.yaml', ...SPAN, '--handoffs', '09:00'], files);
    expect(longer.changed.people).not.toEqual(longer.today.people);
    const core = await json(['simulate', 'team.yaml', ...SPAN, '--hours', 'mon-fri 09:00-17:00'], files);
    expect(core.changed.gaps).toBeGreaterThan(0);
    expect(core.changed.nightHours).toBeLessThan(core.today.nightHours);
  });

  it('moves the handoff of turns in order, and says what cannot be moved', async () => {
    const order = { 'order.yaml': ORDER };
    const span = ['--from', '2026-06-01T00:00', '--to', '2026-06-22T00:00'];
    const moved = await json(
      ['simulate', 'order.yaml', ...span, '--rotation', 'nights', '--handoffs', '20:00'],
      order,
    );
    const hoursOf = (people: { person: string; hours: number }[]) =>
      Object.fromEntries(people.map(({ person, hours }) => [person, hours]));
    // Mondays from 17:00 to 20:00 are with whoever had the week before: Benji gives two and gets one.
    expect((hoursOf(moved.changed.people).benji ?? 0) - (hoursOf(moved.today.people).benji ?? 0)).toBe(-3);
    const total = (people: { hours: number }[]) => people.reduce((sum, { hours }) => sum + hours, 0);
    expect(total(moved.changed.people)).toBeCloseTo(total(moved.today.people), 6);
    const twice = await inProcess(['simulate', 'order.yaml', ...span, '--handoffs', '08:00,20:00'], {
      files: order,
    });
    expect(twice.code).toBe(2);
    expect(twice.err).toMatch(/Turns in order and by a cadence change at one time: give one/);
  });

  it.each<[string[], RegExp]>([
    [[], /Say what to try/],
    [['--drop', 'devi'], /no person "devi"\. Did you mean "dev"\?/],
    [['--add', 'zoe'], /is not ID:ZONE/],
    [['--add', 'zoe:Europe/Lodnon'], /Did you mean "Europe\/London"\?/],
    [['--add', 'dev:UTC'], /has a person "dev" already/],
    [['--handoffs', '25:00'], /is not a time of day/],
    [['--hours', 'noon'], /is not a window/],
    [['--rotation', 'rund', '--handoffs', '09:00'], /no rotation "rund"/],
    [['--drop', 'amara', '--drop', 'benji', '--drop', 'cleo', '--drop', 'dev'], /not valid any more/],
  ])('simulate refuses %j', async (more, message) => {
    const { code, out, err } = await inProcess(['simulate', 'team.yaml', ...SPAN, ...more], { files });
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
  });
});

const WORLD = 'follow-the-sun.yaml';
const WORLD_FILES = { [WORLD]: readFileSync(join(ROOT, 'examples', WORLD), 'utf8') };
const FOUR_WEEKS = ['--from', '2026-11-30', '--to', '2026-12-28'];

describe('rotations in order', () => {
  it('are planned as if they were fair, in the hours in which they show, and every turn is justified', async () => {
    const plan = await inProcess(['plan', WORLD, ...FOUR_WEEKS, '--out', 'plan.json'], {
      files: WORLD_FILES,
    });
    expect(plan.code).toBe(0);
    expect(plan.out).toMatch(/^6 rotations go in order in the file\./m);
    expect(plan.out).toMatch(/^Above the provable optimum +[\d.]+ % → (less than )?[\d.]+ %$/m);
    expect(plan.out).toMatch(/^Take no part in core hours +nobody → nobody$/m);
    const made = { ...WORLD_FILES, 'plan.json': plan.written.get('plan.json') ?? '' };
    const { units: turns } = JSON.parse(made['plan.json'] ?? '') as { units: typeof units };
    for (const { unit, person, intervals } of turns.filter((_, index) => index % 3 === 0)) {
      const at = intervals[0]?.start ?? '';
      const { shifts } = await json(['explain', WORLD, '--plan', 'plan.json', '--at', at], made);
      const own = shifts.find((one: { unit: string | null }) => one.unit === unit);
      expect([own.person, own.candidates[0].person]).toEqual([person, person]);
    }
    const whole = await json(['timeline', WORLD, ...FOUR_WEEKS, '--plan', 'plan.json'], made);
    expect(whole.gaps).toEqual([]);
    const order = await json(['timeline', WORLD, ...FOUR_WEEKS], WORLD_FILES);
    const spans = (shifts: { start: string; end: string }[]) => shifts.map(({ start, end }) => [start, end]);
    expect(spans(whole.shifts)).toEqual(spans(order.shifts));
  });

  it('are explained by the order, with what the planner would weigh beside it', async () => {
    const argv = ['explain', WORLD, '--at', '2026-12-25T12:00Z'];
    const { out } = await inProcess(argv, { files: WORLD_FILES });
    expect(out).toMatch(/goes in order, a week each: .* place 3 of 3\./);
    expect(out).toMatch(/^The order decides, not the load; /m);
    expect(out).toMatch(/^→ Amara Okafor +[\d.]+ {2}load so far/m);
    const { shifts } = await json(argv, WORLD_FILES);
    expect(shifts[0].candidates.map(({ person }: { person: string }) => person).sort()).toEqual([
      'amara',
      'benji',
      'freya',
    ]);
  });

  it('stay in order beside fair ones, unless all are asked for', async () => {
    const both = ORDER.replace(
      '    overrides:',
      '      - { id: late, role: secondary, strategy: fair, roster: [amara], cadence: { every: 1, unit: week }, start: 2026-06-01T09:00 }\n    overrides:',
    ).replace(
      '    timeZone: Europe/London\n',
      '    timeZone: Europe/London\n    roles: [primary, secondary]\n',
    );
    const week = ['--from', '2026-06-08T09:00', '--to', '2026-06-15T09:00', '--format', 'json'];
    const placesOf = async (more: readonly string[]) => {
      const { out } = await inProcess(['plan', 'both.yaml', ...week, ...more], {
        files: { 'both.yaml': both },
      });
      const { units: turns } = JSON.parse(out) as { units: { rotation: string }[] };
      return [...new Set(turns.map(({ rotation }) => rotation))].sort();
    };
    expect(await placesOf([])).toEqual(['late']);
    // `spare` lies below the others, which leave it no hour.
    expect(await placesOf(['--strategy', 'fair'])).toEqual(['days', 'late', 'nights']);
  });
});

describe('watchbill check', () => {
  it('says who takes no part in core or in non-core hours, and why', async () => {
    const { warnings } = await json(['check', 'order.yaml', '--from', '2026-06-01T09:00'], {
      'order.yaml': ORDER,
    });
    const said = warnings.filter(({ code }: { code: string }) => code.startsWith('participation/'));
    expect(said.map(({ code, person, message }: Record<string, string>) => [code, person, message])).toEqual([
      ['participation/non-core', 'amara', expect.stringContaining('none of their rotations has such hours')],
      ['participation/core', 'dev', expect.stringContaining('not there in all that time')],
      ['participation/non-core', 'dev', expect.stringContaining('not there in all that time')],
    ]);
  });

  it('warns by rule packs, with their source', async () => {
    const argv = ['check', 'order.yaml', '--from', '2026-06-01T09:00', '--rules', 'goodPractice,eu,nl'];
    const { code, out } = await inProcess(argv, { files: { 'order.yaml': ORDER } });
    expect(code).toBe(1);
    expect(out).toMatch(/benji is on call \d+ % of the time, more than 25 % \(goodPractice: .*chapter 11\)/);
    expect(out).toMatch(/cleo is on call 7 nights in a row, more than 4, from .* \(goodPractice/);
    const none = await inProcess([...argv.slice(0, -1), 'uk'], { files: { 'order.yaml': ORDER } });
    expect(none.code).toBe(2);
    expect(none.err).toMatch(/no rule pack "uk"/);
    const unclear = await inProcess([...argv.slice(0, -1), 'nl=hard'], { files: { 'order.yaml': ORDER } });
    expect([unclear.code, unclear.out]).toEqual([2, '']);
    expect(unclear.err).toMatch(/Write nl, nl=warn or nl=error/);
  });

  it('calls errors what the file calls so, and says what is not known', async () => {
    const strict = ORDER.replace(
      '    rotations:',
      '    rulePacks: { goodPractice: { share-of-time: error, handoff-hours: off } }\n    rotations:',
    );
    const argv = ['check', 'order.yaml', '--from', '2026-06-01T09:00'];
    const { code, out, err } = await inProcess(argv, { files: { 'order.yaml': strict } });
    expect(code).toBe(2);
    expect(out).toMatch(/^error: benji is on call \d+ % of the time/m);
    expect(out).toMatch(/^warning: cleo is on call 7 nights in a row/m);
    expect(out).toMatch(
      /order.yaml is valid \(4 people, 1 schedule\), with \d errors by its own rules and \d+ warnings/,
    );
    expect(out).not.toContain('hands over outside');
    expect(err).toContain(
      'note: goodPractice: same-holiday is not known: too little is known of the year before.',
    );
    const off = await inProcess([...argv, '--format', 'json'], {
      files: { 'order.yaml': strict.replace('share-of-time: error', 'share-of-time: off') },
    });
    expect(off.code).toBe(1);
    expect(JSON.parse(off.out).warnings.map(({ level }: { level: string }) => level)).not.toContain('error');
  });

  it('knows last year’s holidays from the file', async () => {
    const file = `version: 1
people: [{ id: amara, holidays: GB-ENG }, { id: benji, holidays: GB-ENG }]
schedules:
  - id: pay
    timeZone: Europe/London
    rulePacks: { goodPractice: warn }
    rotations:
      - { id: r, roster: [amara, benji], cadence: { every: 26, unit: week }, start: 2025-01-06T09:00 }
`;
    const at = ['check', 'r.yaml', '--from', '2026-01-05T09:00'];
    const { out } = await inProcess(at, { files: { 'r.yaml': file } });
    expect(out).toMatch(
      /amara is on call on \d public holidays as the year before, Good Friday, first from Fri 3 Apr 2026/,
    );
    const fresh = file.replace('2025-01-06T09:00', '2026-01-05T09:00');
    const unknown = await inProcess(at, { files: { 'r.yaml': fresh } });
    expect(unknown.out).not.toContain('as the year before');
    expect(unknown.err).toContain('same-holiday is not known');
  });

  it('warns of who stands while away', async () => {
    const file = ORDER.replace(
      '{ id: cleo }',
      '{ id: cleo, unavailable: [{ from: 2026-06-08, to: 2026-06-09 }] }',
    );
    const { warnings } = await json(['check', 'order.yaml', '--from', '2026-06-01T09:00'], {
      'order.yaml': file,
    });
    const away = warnings.filter(({ code }: { code: string }) => code === 'person/away');
    expect(away.map(({ person, at }: Record<string, string>) => [person, at])).toEqual([
      ['cleo', '2026-06-08T16:00:00Z'],
    ]);
  });
});
