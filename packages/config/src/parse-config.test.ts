import { describe, expect, it } from 'vitest';
import { buildConfig, type ConfigModel, formatErrors, parseConfig } from './index.ts';

const PEOPLE = 'people: [{ id: amara, timeZone: Europe/London }, { id: benji, timeZone: Europe/Berlin }]';
const ROTATION = 'roster: [amara, benji], cadence: { every: 1, unit: week }, start: 2026-11-30T09:00';

function file(...lines: string[]): string {
  return ['version: 1', PEOPLE, ...lines].join('\n');
}

function schedule(...rotations: string[]): string {
  const list = rotations.map((rotation) => `      - { ${rotation} }`);
  return file('schedules:', '  - id: support', '    timeZone: Europe/London', '    rotations:', ...list);
}

function errors(text: string): string[] {
  const result = parseConfig(text, { file: 'w.yaml' });
  return result.ok ? [] : formatErrors(result.errors).split('\n');
}

function config(text: string) {
  const result = parseConfig(text, { file: 'w.yaml' });
  if (!result.ok) throw new Error(formatErrors(result.errors));
  return result.config;
}

describe('values', () => {
  it('keeps date-times and times as written, quoted or not', () => {
    const text = file(
      'schedules:',
      '  - id: support',
      '    timeZone: Europe/London',
      '    coreHours: { days: [mon], from: 09:00, to: "17:00", holidays: [2026-12-21] }',
      `    rotations: [{ id: r, ${ROTATION}:00, effectiveFrom: 2026-12-21, effectiveUntil: 2027-01-01T09:00:00Z }]`,
    );
    const { source, schedules } = config(text);
    expect(source.schedules?.[0]).toMatchObject({
      coreHours: { from: '09:00', holidays: ['2026-12-21'] },
      rotations: [
        { start: '2026-11-30T09:00:00', effectiveFrom: '2026-12-21', effectiveUntil: '2027-01-01T09:00:00Z' },
      ],
    });
    expect(schedules[0]?.rotations[0]?.strategy).toMatchObject({ start: Date.UTC(2026, 10, 30, 9) });
    expect(schedules[0]?.coreHours[0]?.fromMinute).toBe(540);
  });

  it('reads countries, days and words that YAML 1.1 took for booleans', () => {
    const text = 'version: 1\npeople: [{ id: on, name: yes, timeZone: Europe/Oslo, holidays: NO }]';
    expect(config(text).people[0]).toMatchObject({ id: 'on', name: 'yes', holidays: { id: 'NO' } });
  });

  it('asks for quotes around ids and times that are numbers, as they were written', () => {
    const text =
      'version: 1\npeople:\n  - { id: 007, workingHours: { from: 0900 } }\nteams: [{ id: t, members: [true] }]';
    expect(errors(text)).toEqual([
      expect.stringMatching(/^w\.yaml:3:11: people\[0\]\.id: is read as a number; write it in quotes: "007"/),
      expect.stringMatching(/^w\.yaml:3:38: people\[0\]\.workingHours\.from: .*write it in quotes: "0900"/),
      expect.stringMatching(/^w\.yaml:4:28: teams\[0\]\.members\[0\]: is read as true or false/),
    ]);
  });

  it('reads JSON, and follows anchors of whole values', () => {
    const json = JSON.stringify({ version: 1, people: [{ id: 'amara', timeZone: 'UTC' }] });
    expect(config(json).people).toHaveLength(1);
    const text = file(
      'teams:',
      '  - { id: a, members: &everybody [amara, benji] }',
      '  - { id: b, members: *everybody }',
    );
    expect(config(text).teams.map(({ members }) => members)).toEqual([
      ['amara', 'benji'],
      ['amara', 'benji'],
    ]);
  });

  it('fills names and zones in for the checked shapes only', () => {
    const text = 'version: 1\npeople: [{ id: zoe }, { id: yan }]\n'.concat(
      'teams: [{ id: t, members: [zoe] }]\nschedules: [{ id: s, team: t, timeZone: Asia/Tokyo }]',
    );
    const { people, source } = config(text);
    expect(people.map(({ name, timeZone }) => `${name} ${timeZone}`)).toEqual(['zoe Asia/Tokyo', 'yan UTC']);
    expect(source.people?.[0]).toEqual({ id: 'zoe' });
  });
});

describe('errors', () => {
  it('come all at once: of shape and of meaning, in the order of the file', () => {
    const text = schedule(
      'id: a, roster: [amara, 7, zoe], cadence: { every: 0, unit: week }, start: 2026-02-30',
      `id: b, role: secondary, ${ROTATION}`,
      `id: b, ${ROTATION}, layr: 1`,
      'id: c, strategy: fair, roster: team',
    ).concat('\n    timezone: Europe/Berlin\n    coverage: sometimes');
    const found = errors(text);
    const paths = found.map((line) => line.split(': ').slice(0, 2).join(' '));
    expect(paths).toEqual([
      'w.yaml:7:34 schedules[0].rotations[0].roster[1]',
      'w.yaml:7:37 schedules[0].rotations[0].roster[2]',
      'w.yaml:7:61 schedules[0].rotations[0].cadence.every',
      'w.yaml:7:85 schedules[0].rotations[0].start',
      'w.yaml:8:24 schedules[0].rotations[1].role',
      'w.yaml:9:15 schedules[0].rotations[2].id',
      'w.yaml:9:102 schedules[0].rotations[2].layr',
      'w.yaml:10:9 schedules[0].rotations[3]',
      'w.yaml:10:42 schedules[0].rotations[3].roster',
      'w.yaml:11:5 schedules[0].timezone',
      'w.yaml:12:15 schedules[0].coverage',
    ]);
    expect(found[2]).toContain('(got 0; expected a whole number from 1 to 1000)');
    expect(found[6]).toContain('did you mean layer?');
    expect(found[9]).toContain('did you mean timeZone?');
    expect(found[10]).toContain('(got "sometimes"; expected always, core, non-core, or a list of windows');
  });

  it('do not report what follows from another error', () => {
    const text = file(
      'schedules:',
      '  - id: support',
      '    timeZone: Europe/London',
      '    coreHours: { days: [monday], from: "09:00", to: "17:00" }',
      '    roles: 5',
      `    rotations: [{ id: r, hours: core, role: secondary, ${ROTATION} }]`,
      'escalationPolicies: [{ id: p, steps: [{ notify: [{ schedule: support }], wait: 5m }] }]',
    );
    expect(errors(text).map((line) => line.split(': ')[1])).toEqual([
      'schedules[0].coreHours.days[0]',
      'schedules[0].roles',
    ]);
  });

  it('know missing keys, empty values and keys of another strategy', () => {
    const text = schedule(
      'id: a, roster: [amara], start: 2026-01-01',
      'id: b, strategy: fixed, turns:, count: worked',
    );
    const found = errors(text);
    expect(found[0]).toMatch(/^w\.yaml:7:9: schedules\[0\]\.rotations\[0\]\.cadence: is missing/);
    expect(found[1]).toMatch(/turns: has no value \(got null; expected a list/);
    expect(found[2]).toMatch(/count does not go with strategy fixed/);
  });

  it('suggest the place that was meant', () => {
    const places = ['UK', 'GB-EN', 'XX', 'DE-B'].map(
      (place, index) => `{ id: p${index}, holidays: ${place} }`,
    );
    const found = errors(`version: 1\npeople: [${places.join(', ')}]`);
    expect(found[0]).toContain('did you mean GB?');
    expect(found[1]).toContain('did you mean GB-ENG?');
    expect(found[2]).toContain('"XX"');
    expect(found[3]).toContain('the regions of DE are');
  });

  it('check what escalation policies refer to', () => {
    const text = schedule(`id: r, ${ROTATION}`).concat(
      '\nescalationPolicies:\n  - id: p\n    steps:\n      - wait: 0s\n        notify:\n',
      '          - { schedule: suport }\n          - { schedule: support, role: third }\n          - { person: zoe }\n',
      '          - { role: primary }\n          - { person: amara, schedule: support }\n',
    );
    const found = errors(text);
    expect(found).toHaveLength(6);
    expect(found.join('\n')).toContain('did you mean support?');
  });

  it('check the hours, severities, last resort and times of escalation policies', () => {
    const text = schedule(`id: r, ${ROTATION}`).concat(
      '\nescalationPolicies:\n  - id: p\n    retriggerAfter: 10s\n    lastResort: [{ person: zoe }]\n    steps:\n',
      '      - { notify: [{ schedule: support }], wait: 5m, hours: core }\n',
      '      - { notify: [{ person: amara }], wait: 5m, severities: [urgent], roundRobin: maybe }\n',
      '  - { id: q, steps: [{ notify: [{ person: amara }], wait: 5m, hours: non-core }] }\n',
    );
    const found = errors(text).join('\n');
    expect(found).toContain('core hours of the schedule support, which has none');
    expect(found).toContain('no step of the policy names one');
    expect(found).toContain('There is no person "zoe"');
    expect(found).toContain('from 1m to 7d');
    expect(found).toContain('a severity: critical, error, warning, info');
    expect(found).toContain('true or false');
  });

  it.each([
    ['a tab', 'version: 1\npeople:\n\t- id: a', 'w.yaml:3:1: A tab is used to indent'],
    ['a key twice', 'version: 1\npeople: []\npeople: []', 'w.yaml:3:1: The key "people" appears twice'],
    ['two documents', 'version: 1\n---\nversion: 1', 'several documents'],
    ['a merge key', 'version: 1\npeople: [{ <<: { name: x }, id: a }]', 'w.yaml:2:12: Merge keys'],
    ['an unknown anchor', 'version: 1\npeople: *who', 'no anchor &who'],
    ['a tag', 'version: !!binary 1', 'remove the tag'],
    ['YAML 1.1', '%YAML 1.1\n---\nversion: 1', 'Only YAML 1.2'],
    ['an open bracket', 'version: 1\npeople: [', 'w.yaml:2:'],
    ['nothing', '', 'The file is empty'],
    ['only comments', '# nothing\n', 'The file is empty'],
    ['a picture', '\u0089PNG\r\n\u001a\n\u0000', 'not plain UTF-8 text'],
    ['a list', '- version', 'expected a map of keys and values'],
    ['another version', 'version: 2', '(got 2; expected version: 1)'],
  ])('explain %s', (_, text, message) => {
    const found = errors(text);
    expect(found.join('\n')).toContain(message);
    expect(found[0]).toMatch(/^w\.yaml:\d+:\d+: /);
  });

  it('cannot forge lines of a log', () => {
    const text =
      'version: 1\npeople: [{ id: "a\\nw.yaml:1:1: fine", "b\\u202Ec\\r\\n": 1, name: "\\u001b[31m" }]';
    const found = errors(text);
    expect(found).toHaveLength(3);
    for (const line of found) expect(line).not.toMatch(/[\p{Cc}\u202E]/u);
    expect(found.join()).toContain('\\u001b');
    const [first = ''] = formatErrors([
      {
        file: 'a\nb',
        line: 1,
        column: 1,
        path: '',
        value: 'x\ny',
        expected: 'z',
        message: 'm\u0085',
        code: 'c/c',
      },
    ]).split('\n');
    expect(first).toBe('a\\u000ab:1:1: m\\u0085 (got "x\\ny"; expected z)');
  });

  it('carry value, expectation and a stable code', () => {
    const result = parseConfig('version: 1\npeople: [{ id: a, share: 2 }]', { file: 'w.yaml' });
    expect(result).toMatchObject({
      ok: false,
      errors: [
        {
          file: 'w.yaml',
          line: 2,
          column: 26,
          path: 'people[0].share',
          value: 2,
          code: 'config/wrong-value',
        },
      ],
    });
  });
});

describe('buildConfig', () => {
  it('builds a part of a stored model, and reports without positions', () => {
    const { source } = config(schedule(`id: r, ${ROTATION}`));
    const stored = JSON.parse(JSON.stringify(source)) as ConfigModel;
    const built = buildConfig(stored);
    expect(built.ok && built.config.schedules[0]?.id).toBe('support');
    const broken = buildConfig({ ...stored, people: [] }, { file: 'stored' });
    expect(broken.ok ? '' : formatErrors(broken.errors)).toMatch(
      /^stored: schedules\[0\]\.rotations\[0\]\.roster\[0\]: /,
    );
    for (const wrong of [null, undefined, 7, 'x', [], { schedules: [null] }])
      expect(buildConfig(wrong).ok).toBe(false);
  });
});

it('warns about a file in which nobody is ever on call', () => {
  const codes = (text: string) => {
    const result = parseConfig(text, { file: 'w.yaml' });
    return result.ok ? result.warnings.map(({ code, line }) => `${code} ${line}`) : null;
  };
  expect(codes('version: 1')).toEqual(['config/no-schedules 1']);
  expect(codes(schedule(`id: r, ${ROTATION}`))).toEqual([]);
  expect(codes('version: 1\nschedules:\n  - { id: s, timeZone: UTC }')).toEqual(['schedule/no-rotations 3']);
});
