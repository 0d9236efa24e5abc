import { buildConfig, type ConfigModel, formatErrors, parseConfig, printConfig } from '@watchbill/config';
import type { Severity } from '@watchbill/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const PEOPLE = ['amara', 'benji', 'cleo', 'dev'];
const ZONES = ['Europe/London', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC'];
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** Text that a careless printer would change: numbers, booleans, dates, comments, quotes, other scripts. */
const awkward = fc.constantFrom(
  'null',
  'true',
  'no',
  'Yes',
  '~',
  '1',
  '007',
  '1e3',
  '0x10',
  '.5',
  '-',
  '- a',
  '? b',
  '# c',
  'a: b',
  'a #b',
  '"quoted"',
  "O'Brien",
  '09:00',
  '2026-12-21',
  '2026-12-21T09:00',
  '[x]',
  '{y}',
  '*alias',
  '&anchor',
  '!tag',
  '%y',
  '@at',
  '`tick`',
  '|',
  '>',
  ' leading',
  'trailing ',
  '名前',
  'Ángel 🙂',
  'a\\nb',
  '<<',
  'é'.repeat(120),
  '---',
  '...',
);
const name = fc.oneof(
  awkward,
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
    .filter(
      (text) =>
        !/[\p{Cc}\p{Cs}\u2028\u2029\u202A-\u202E\u2066-\u2069\uFFFD-\uFFFF]/u.test(text) &&
        text.trim() !== '',
    ),
);

const two = (value: number) => String(value).padStart(2, '0');
const clock = fc.tuple(fc.nat(23), fc.nat(59)).map(([hour, minute]) => `${two(hour)}:${two(minute)}`);
const quarter = (k: number) => `${two(Math.floor(k / 4) % 24)}:${two((k % 4) * 15)}`;
const endClock = fc.oneof(clock, fc.constant('24:00'));
const day = (year: number) =>
  fc
    .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }))
    .map(([m, d]) => `${year}-${two(m)}-${two(d)}`);
const moment = (year: number) =>
  fc
    .tuple(
      day(year),
      clock,
      fc.constantFrom('T', ' '),
      fc.constantFrom('', ':00', ':30'),
      fc.constantFrom('', '', 'Z', '+02:00'),
    )
    .map(([date, time, between, seconds, zone]) => `${date}${between}${time}${seconds}${zone}`);
const when = (year: number) => fc.oneof(day(year), moment(year));
const zone = fc.constantFrom(...ZONES);
const person = fc.constantFrom(...PEOPLE);
const together = fc.oneof(
  person,
  fc.constant('nobody'),
  fc.uniqueArray(person, { minLength: 1, maxLength: 3 }),
);
const days = fc.subarray([...DAYS], { minLength: 1 });
const holidays = fc.oneof(
  fc.constantFrom('GB-ENG', 'DE', 'US-CA'),
  fc.uniqueArray(day(2026), { maxLength: 4 }),
);
const optional = { requiredKeys: [] };

const hoursWindow = fc.record(
  { days, from: clock, to: endClock, timeZone: zone, holidays },
  { requiredKeys: ['from', 'to'] },
);
const windows = fc.array(hoursWindow, { minLength: 1, maxLength: 3 });
const hours = fc.oneof(fc.constantFrom('all' as const, 'core' as const, 'non-core' as const), windows);

const rotationKeys = {
  name,
  role: fc.constantFrom('primary', 'secondary'),
  layer: fc.integer({ min: -5, max: 5 }),
  hours,
  timeZone: zone,
  effectiveFrom: when(2025),
  effectiveUntil: when(2028),
};
const inOrder = fc.record(
  {
    ...rotationKeys,
    strategy: fc.constant('in_order' as const),
    roster: fc.oneof(fc.constant('team' as const), fc.array(together, { minLength: 1, maxLength: 5 })),
    cadence: fc.record({
      every: fc.integer({ min: 1, max: 1000 }),
      unit: fc.constantFrom('hour' as const, 'day' as const, 'week' as const, 'month' as const),
    }),
    start: when(2026),
    count: fc.constantFrom('elapsed' as const, 'worked' as const),
  },
  { requiredKeys: ['roster', 'cadence', 'start'] },
);
const fixed = fc.record(
  {
    ...rotationKeys,
    strategy: fc.constant('fixed' as const),
    turns: fc.array(together, { minLength: 1, maxLength: 4 }).map((list) =>
      list.map((who, index) => ({
        from: `2026-0${index + 1}-01T09:00`,
        to: `2026-0${index + 2}-01`,
        person: who,
      })),
    ),
  },
  { requiredKeys: ['strategy', 'turns'] },
);
const somebody = fc.oneof(person, fc.uniqueArray(person, { minLength: 1, maxLength: 2 }));
const span = {
  from: when(2026),
  to: when(2027),
  role: fc.constantFrom('primary', 'secondary'),
  reason: name,
};
const override = fc.oneof(
  fc.record({ ...span, person: together, replaces: person }, { requiredKeys: ['from', 'to', 'person'] }),
  fc.record({ ...span, add: somebody }, { requiredKeys: ['from', 'to', 'add'] }),
  fc.record({ ...span, remove: somebody }, { requiredKeys: ['from', 'to', 'remove'] }),
);

function numbered<T>(items: readonly T[], prefix: string): (T & { id: string })[] {
  return items.map((item, index) => ({ ...item, id: `${prefix}-${index}` }));
}

const level = fc.constantFrom('warn' as const, 'error' as const);

const schedule = fc
  .record(
    {
      name,
      description: name,
      timeZone: zone,
      coverage: fc.oneof(fc.constantFrom('always' as const, 'core' as const, 'non-core' as const), windows),
      rotations: fc.array(fc.oneof(inOrder, fixed), { maxLength: 3 }),
      overrides: fc.array(override, { maxLength: 3 }),
      coreHours: fc.oneof(hoursWindow, windows),
      rulePacks: fc.record(
        {
          goodPractice: level,
          nl: fc.record(
            { 'free-blocks': fc.oneof(level, fc.constant('off' as const)), 'night-weeks': level },
            optional,
          ),
        },
        optional,
      ),
    },
    { requiredKeys: ['timeZone', 'rotations', 'coreHours'] },
  )
  .map((draft) => ({
    ...draft,
    team: 'everybody',
    roles: ['primary', 'secondary'],
    rotations: numbered(draft.rotations, 'rotation'),
  }));

const profile = fc.record(
  {
    name,
    email: fc.constant('someone+oncall@example.com'),
    timeZone: zone,
    workingHours: fc.record({ days, from: clock, to: endClock }, optional),
    sleep: fc
      .tuple(fc.nat(95), fc.integer({ min: 1, max: 48 }))
      .map(([from, length]) => ({ from: quarter(from), to: quarter(from + length) })),
    weekend: fc.subarray([...DAYS], { minLength: 1, maxLength: 3 }),
    holidays,
    slack: fc.constant('U0AMARA'),
    share: fc.constantFrom(0.1, 0.5, 1),
    joined: day(2025),
    shadowUntil: day(2026),
    left: day(2027),
    unavailable: fc.array(
      fc.record({ from: when(2026), to: when(2027), reason: name }, { requiredKeys: ['from', 'to'] }),
      {
        maxLength: 2,
      },
    ),
    unavailableFeed: fc.constant('https://example.com/leave.ics?key=a&b=%20#c'),
    prefers: fc.array(fc.record({ days, weight: fc.integer({ min: -10, max: 10 }) }), { maxLength: 2 }),
  },
  optional,
);

const target = fc.oneof(
  fc.record(
    { schedule: fc.constant('schedule-0'), role: fc.constant('secondary') },
    { requiredKeys: ['schedule'] },
  ),
  fc.record({ person }),
  fc.record({ slackChannel: fc.constant('#payments') }),
  fc.record({ webhook: fc.constant('https://example.com/hook') }),
);
const policy = fc
  .record(
    {
      name,
      steps: fc.array(
        fc.record(
          {
            notify: fc.array(target, { minLength: 1, maxLength: 3 }),
            wait: fc.constantFrom('30s', '5m', '1h30m'),
            severities: fc.constantFrom<Severity[]>(['critical'], ['error', 'warning', 'info']),
            roundRobin: fc.boolean(),
            hours: fc.constantFrom('core' as const, 'non-core' as const),
          },
          { requiredKeys: ['notify', 'wait'] },
        ),
        { minLength: 1, maxLength: 2 },
      ),
      repeat: fc.nat(5),
      lastResort: fc.array(target, { minLength: 1, maxLength: 2 }),
      retriggerAfter: fc.constantFrom('1m', '1h'),
    },
    { requiredKeys: ['steps'] },
  )
  .map(({ steps, ...rest }) => {
    // Hours go by the core hours of a schedule that some step names.
    const named = steps.some(({ notify }) => notify.some((one) => 'schedule' in one));
    return { ...rest, steps: named ? steps : steps.map(({ hours: _hours, ...step }) => step) };
  });

const model: fc.Arbitrary<ConfigModel> = fc
  .record({
    profiles: fc.tuple(profile, profile, profile, profile),
    schedules: fc.array(schedule, { minLength: 1, maxLength: 3 }),
    policies: fc.array(policy, { maxLength: 2 }),
    teamName: name,
  })
  .map(({ profiles, schedules, policies, teamName }) => ({
    version: 1,
    people: profiles.map((each, index) => ({ ...each, id: PEOPLE[index] ?? '' })),
    teams: [{ id: 'everybody', name: teamName, members: PEOPLE, managers: ['cleo'], swaps: 'approval' }],
    schedules: numbered(schedules, 'schedule'),
    escalationPolicies: numbered(policies, 'policy'),
  }));

function parse(text: string) {
  const result = parseConfig(text, { file: 'generated.yaml' });
  if (!result.ok) throw new Error(`${formatErrors(result.errors)}\n${text}`);
  return result.config;
}

describe('a file that is printed', () => {
  it('reads back to what was read before', () => {
    fc.assert(
      fc.property(model, (source) => {
        const first = parse(JSON.stringify(source));
        const printed = printConfig(first.source);
        const second = parse(printed);
        expect(second).toEqual(first);
        expect(second.source).toEqual(source);
        expect(printConfig(second.source)).toBe(printed);
      }),
      { numRuns: 80 },
    );
  });

  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(model, (source) => {
        expect(printConfig(reversed(source) as ConfigModel)).toBe(printConfig(source));
      }),
      { numRuns: 30 },
    );
  });
});

it('builds the same from a stored model as from the text', () => {
  fc.assert(
    fc.property(model, (source) => {
      const built = buildConfig(JSON.parse(JSON.stringify(source)));
      expect(built.ok && built.config).toEqual(parse(printConfig(source)));
    }),
    { numRuns: 30 },
  );
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reversed(inner)]),
  );
}
