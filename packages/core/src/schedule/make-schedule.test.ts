import { describe, expect, it } from 'vitest';
import { formatInstant, formatWall } from '../time/format.ts';
import type { OverrideDraft, RotationDraft, ScheduleDraft } from './draft.ts';
import { LIMITS } from './limits.ts';
import { makeSchedule, type ScheduleContext } from './make-schedule.ts';
import type { Schedule } from './schedule.ts';

const CONTEXT: ScheduleContext = {
  people: ['amara', 'benji', 'cleo'],
  teamMembers: ['amara', 'benji'],
  holidayCalendar: (id) => (id === 'GB-ENG' ? { id, source: 'test', dates: ['2026-12-25'] } : null),
};
const ROTATION: RotationDraft = {
  id: 'week',
  roster: ['amara', 'benji'],
  cadence: { every: 1, unit: 'week' },
  start: '2026-11-30T09:00',
};
const DRAFT: ScheduleDraft = { id: 'payments', timeZone: 'Europe/London', rotations: [ROTATION] };

/** `path code` of every problem, sorted. */
function problems(change: Partial<ScheduleDraft>, context = CONTEXT): string[] {
  const made = makeSchedule({ ...DRAFT, ...change }, context);
  return made.ok ? [] : made.problems.map(({ path, code }) => `${path.join('.')} ${code}`).sort();
}

function rotationProblems(change: Partial<RotationDraft>): string[] {
  return problems({ rotations: [{ ...ROTATION, ...change }] });
}

function overrideProblems(...overrides: OverrideDraft[]): string[] {
  return problems({ overrides });
}

function valid(change: Partial<ScheduleDraft>): Schedule {
  const made = makeSchedule({ ...DRAFT, ...change }, CONTEXT);
  if (!made.ok) throw new Error(JSON.stringify(made.problems));
  return made.value;
}

const DAY = { from: '2026-12-25', to: '2026-12-26' };

describe('makeSchedule', () => {
  it('fills in what a draft leaves out', () => {
    const { roles, coreHours, coverage, rotations, overrides } = valid({});
    expect({ roles, coreHours, coverage, overrides }).toEqual({
      roles: ['primary'],
      coreHours: [],
      coverage: { kind: 'all' },
      overrides: [],
    });
    const [rotation] = rotations;
    expect(rotation).toMatchObject({
      role: 'primary',
      layer: 0,
      hours: { kind: 'all' },
      timeZone: 'Europe/London',
    });
    expect(rotation?.strategy).toMatchObject({
      kind: 'in_order',
      count: 'elapsed',
      roster: [['amara'], ['benji']],
    });
  });

  it('reads times in the zone of the thing they belong to, and instants as they are', () => {
    const made = valid({
      timeZone: 'America/New_York',
      rotations: [
        {
          ...ROTATION,
          timeZone: 'Europe/Berlin',
          start: '2026-11-30T08:00Z',
          effectiveFrom: '2026-10-25T02:30',
          effectiveUntil: '2027-01-01',
        },
      ],
      overrides: [
        { ...DAY, person: 'cleo' },
        { from: '2026-11-01T01:30', to: '2026-11-01T01:45', add: 'cleo' },
        { from: '2026-12-01T00:00+05:30', to: '2026-12-02T00:00Z', remove: 'amara' },
      ],
    });
    const [rotation] = made.rotations;
    const strategy = rotation?.strategy;
    expect(strategy?.kind === 'in_order' && formatWall(strategy.start)).toBe('2026-11-30T09:00');
    expect(formatInstant(rotation?.effectiveFrom ?? 0)).toBe('2026-10-25T00:30:00Z');
    expect(formatInstant(rotation?.effectiveUntil ?? 0)).toBe('2026-12-31T23:00:00Z');
    const spans = made.overrides.map(({ start, end }) => `${formatInstant(start)} ${formatInstant(end)}`);
    expect(spans).toEqual([
      '2026-12-25T05:00:00Z 2026-12-26T05:00:00Z',
      // First pass to last pass.
      '2026-11-01T05:30:00Z 2026-11-01T06:45:00Z',
      '2026-11-30T18:30:00Z 2026-12-02T00:00:00Z',
    ]);
    expect(made.overrides.map(({ id }) => id)).toEqual(['override-1', 'override-2', 'override-3']);
  });

  it('takes the team as the roster', () => {
    const { rotations } = valid({ team: 'payments', rotations: [{ ...ROTATION, roster: 'team' }] });
    expect(rotations[0]?.strategy).toMatchObject({ roster: [['amara'], ['benji']] });
    const context = { ...CONTEXT, teamMembers: null };
    expect(problems({ rotations: [{ ...ROTATION, roster: 'team' }] }, context)).toEqual([
      'rotations.0.roster rotation/no-team',
    ]);
    expect(problems({ team: 'nowhere' }, context)).toEqual(['team team/unknown']);
  });

  it('takes holidays by place or by date', () => {
    const hours = { from: '09:00', to: '17:00' };
    const coreHours = [
      { ...hours, holidays: 'GB-ENG' },
      { ...hours, holidays: ['2026-12-28', '2026-12-26'] },
    ];
    const made = valid({ coreHours });
    expect(made.coreHours.map(({ holidays }) => holidays?.dates)).toEqual([
      ['2026-12-25'],
      ['2026-12-26', '2026-12-28'],
    ]);
    expect(problems({ coreHours: { ...hours, holidays: 'XX' } })).toEqual([
      'coreHours.holidays holidays/unknown',
    ]);
    expect(problems({ coreHours: [{ ...hours, holidays: ['2026-02-30'] }] })).toEqual([
      'coreHours.0.holidays.0 time/invalid-date',
    ]);
  });

  it('returns all problems at once, with their paths', () => {
    const draft: ScheduleDraft = {
      id: 'bad id',
      timeZone: 'Europe/Londn',
      roles: ['primary', 'primary'],
      coverage: 'core',
      rotations: [
        {
          ...ROTATION,
          role: 'primry',
          roster: ['zoe'],
          cadence: { every: 0, unit: 'week' },
          start: '2026-02-30',
        },
        { ...ROTATION, roster: [], hours: [{ from: '9', to: '17:00', timeZone: '+02:00' }] },
      ],
      overrides: [{ from: '2026-12-26', to: '2026-12-26', person: 'zed', replaces: 'amara' }],
    };
    const made = makeSchedule(draft, CONTEXT);
    expect(made.ok ? [] : made.problems.map(({ path, code }) => `${path.join('.')} ${code}`).sort()).toEqual([
      'coverage hours/no-core-hours',
      'id id/invalid',
      'overrides.0.person person/unknown',
      'overrides.0.to time/empty-range',
      'roles.1 id/duplicate',
      'rotations.0.cadence.every rotation/cadence-every',
      'rotations.0.role role/unknown',
      'rotations.0.roster.0 person/unknown',
      'rotations.0.start time/invalid',
      'rotations.1.hours.0.from time/invalid-clock',
      'rotations.1.hours.0.timeZone time/unknown-zone',
      'rotations.1.id id/duplicate',
      'rotations.1.roster rotation/empty-roster',
      'timeZone time/unknown-zone',
    ]);
    const messages = made.ok ? [] : made.problems.map(({ message }) => message);
    expect(messages.join('\n')).toContain('did you mean Europe/London?');
    expect(messages.join('\n')).toContain('did you mean primary?');
  });

  it.each<[string, Partial<RotationDraft>, string[]]>([
    ['keys of the planner', { seats: 1, freezeDays: 7 }, ['freezeDays', 'seats']],
    ['turns of another strategy', { turns: [] }, ['turns']],
    ['a missing anchor', { start: undefined }, ['start rotation/start']],
    ['a missing cadence', { cadence: undefined }, ['cadence rotation/cadence']],
    ['a fraction', { cadence: { every: 1.5, unit: 'day' } }, ['cadence.every rotation/cadence-every']],
    ['too much', { cadence: { every: 1001, unit: 'day' } }, ['cadence.every rotation/cadence-every']],
    ['core without core hours', { hours: 'non-core' }, ['hours hours/no-core-hours']],
    ['no window', { hours: [] }, ['hours hours/empty']],
    ['a group that is empty', { roster: [[]] }, ['roster.0 person/none']],
    ['a group that repeats', { roster: [['amara', 'amara']] }, ['roster.0.1 id/duplicate']],
    ['nobody in a group', { roster: [['amara', 'nobody']] }, ['roster.0.1 person/nobody-in-list']],
    ['a far year', { effectiveFrom: '2200-01-01' }, ['effectiveFrom time/out-of-range']],
    ['nothing in force', { effectiveFrom: '2027-01-01', effectiveUntil: '2027-01-01' }, ['effectiveUntil']],
    ['a layer that is no whole number', { layer: 0.5 }, ['layer rotation/layer']],
    ['an id that would break a seat', { id: 'a/b' }, ['id id/invalid']],
    ['a long roster', { roster: Array(LIMITS.rosterPerRotation + 1).fill('amara') }, ['roster limit/roster']],
  ])('refuses %s', (_, change, expected) => {
    const found = rotationProblems(change);
    expect(found).toHaveLength(expected.length);
    expected.forEach((problem, i) => {
      expect(found[i]).toContain(`rotations.0.${problem}`);
    });
  });

  it('accepts a roster that is all vacant', () => {
    expect(rotationProblems({ roster: ['nobody'] })).toEqual([]);
  });

  it('reads fixed turns, and refuses ones that overlap', () => {
    const turn = (from: string, to: string) => ({ from, to, person: 'cleo' });
    const fixed = (...turns: ReturnType<typeof turn>[]): RotationDraft[] => [
      { id: 'f', strategy: 'fixed', turns },
    ];
    const made = valid({
      rotations: fixed(turn('2026-12-28', '2027-01-04'), turn('2026-12-21', '2026-12-28')),
    });
    const strategy = made.rotations[0]?.strategy;
    expect(strategy?.kind === 'fixed' && strategy.turns.map(({ start }) => formatInstant(start))).toEqual([
      '2026-12-21T00:00:00Z',
      '2026-12-28T00:00:00Z',
    ]);
    const overlap = fixed(turn('2026-12-21', '2026-12-29'), turn('2026-12-28', '2027-01-04'));
    expect(problems({ rotations: overlap })).toEqual(['rotations.0.turns.1.from rotation/turns-overlap']);
    expect(problems({ rotations: fixed() })).toEqual(['rotations.0.turns rotation/no-turns']);
    expect(
      problems({
        rotations: [{ ...ROTATION, strategy: 'fixed', turns: [turn('2026-12-21', '2026-12-22')] }],
      }),
    ).toEqual([
      'rotations.0.cadence rotation/key-not-allowed',
      'rotations.0.roster rotation/key-not-allowed',
      'rotations.0.start rotation/key-not-allowed',
    ]);
  });

  it.each<[string, OverrideDraft, string]>([
    ['two deeds', { ...DAY, person: 'cleo', add: 'cleo' }, 'overrides.0 override/kind'],
    ['no deed', DAY, 'overrides.0 override/kind'],
    ['nobody added', { ...DAY, add: 'nobody' }, 'overrides.0.add override/nobody'],
    [
      'replaces with add',
      { ...DAY, add: 'cleo', replaces: 'amara' },
      'overrides.0.replaces override/replaces',
    ],
    ['an unknown role', { ...DAY, add: 'cleo', role: 'third' }, 'overrides.0.role role/unknown'],
    [
      'a date that does not exist',
      { ...DAY, from: '2026-02-29', add: 'cleo' },
      'overrides.0.from time/invalid',
    ],
    [
      'a stranger replaced',
      { ...DAY, person: 'cleo', replaces: 'zed' },
      'overrides.0.replaces person/unknown',
    ],
  ])('refuses an override with %s', (_, draft, expected) => {
    expect(overrideProblems(draft)).toEqual([expected]);
  });

  it('refuses two overrides of one id, also of an id it would give itself', () => {
    expect(overrideProblems({ ...DAY, id: 'override-2', add: 'cleo' }, { ...DAY, add: 'cleo' })).toEqual([
      'overrides.1.id id/duplicate',
    ]);
  });

  it('refuses more overrides at one instant than it can apply fast', () => {
    const many = Array.from({ length: LIMITS.overlappingOverrides + 1 }, () => ({ ...DAY, add: 'cleo' }));
    expect(overrideProblems(...many)).toEqual(['overrides limit/overlapping-overrides']);
    expect(overrideProblems(...many.slice(1))).toEqual([]);
  });

  it('shows hostile text on one line', () => {
    const made = makeSchedule({ ...DRAFT, id: `x\n[ERROR] ${'y'.repeat(5000)}` }, CONTEXT);
    const [problem] = made.ok ? [] : made.problems;
    expect(problem?.message).not.toContain('\n');
    expect(problem?.message.length).toBeLessThan(400);
  });
});
