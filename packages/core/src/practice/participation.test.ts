import { describe, expect, it } from 'vitest';
import { makePerson } from '../people/person.ts';
import type { PersonDraft, ScheduleDraft } from '../schedule/draft.ts';
import { makeSchedule } from '../schedule/make-schedule.ts';
import { parseInstant } from '../time/format.ts';
import { resolveTimeline } from '../timeline/resolve.ts';
import { checkParticipation } from './participation.ts';

const WINDOW = {
  start: parseInstant('2026-03-02T00:00:00Z') as number,
  end: parseInstant('2026-08-31T00:00:00Z') as number,
};
const NO_HOLIDAYS = { holidayCalendar: () => null };

function person(id: string, more: Partial<PersonDraft> = {}) {
  const made = makePerson({ id, name: id, timeZone: 'UTC', ...more }, NO_HOLIDAYS);
  if (!made.ok) throw new Error(JSON.stringify(made.problems));
  return made.value;
}

function ask(
  rotations: ScheduleDraft['rotations'],
  members: ReturnType<typeof person>[],
  overrides: ScheduleDraft['overrides'] = [],
) {
  const draft: ScheduleDraft = {
    id: 'pay',
    timeZone: 'UTC',
    coreHours: { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:00' },
    roles: ['primary', 'shadow'],
    rotations,
    overrides,
  };
  const people = new Set(members.map(({ id }) => id));
  const made = makeSchedule(draft, { ...NO_HOLIDAYS, people, teamMembers: null });
  if (!made.ok) throw new Error(JSON.stringify(made.problems));
  const schedule = made.value;
  const { shifts } = resolveTimeline(schedule, WINDOW);
  return checkParticipation({ window: WINDOW, members, schedules: [{ schedule, shifts }] }).map(
    ({ person: id, missing }) => [id, missing.map(({ part, reason }) => `${part}: ${reason}`)],
  );
}

const WEEKLY = { cadence: { every: 1, unit: 'week' }, start: '2026-03-02T09:00' } as const;

describe('checkParticipation', () => {
  it('says who stands in one part of the week only, and why', () => {
    const days = { id: 'days', hours: 'core', roster: ['amara', 'benji'], ...WEEKLY } as const;
    const nights = { id: 'nights', hours: 'non-core', roster: ['benji', 'cleo'], ...WEEKLY } as const;
    const members = ['amara', 'benji', 'cleo', 'dev'].map((id) => person(id));
    expect(ask([days, nights], members)).toEqual([
      ['amara', ['non-core: no-such-hours']],
      ['benji', []],
      ['cleo', ['core: no-such-hours']],
      ['dev', ['core: in-no-rotation', 'non-core: in-no-rotation']],
    ]);
  });

  it('tells absence from a turn that never comes', () => {
    const roster = ['amara', 'benji', 'cleo'];
    const weekly = {
      id: 'weekly',
      roster,
      cadence: { every: 12, unit: 'month' },
      start: '2026-01-01',
    } as const;
    const members = [person('amara'), person('benji'), person('cleo', { joined: '2026-10-01' })];
    expect(ask([weekly], members)).toEqual([
      ['amara', []],
      ['benji', ['core: no-turn', 'non-core: no-turn']],
      ['cleo', ['core: not-there', 'non-core: not-there']],
    ]);
  });

  it('tells overrides, higher layers and shadowing from a turn that never comes', () => {
    const days = { id: 'days', hours: 'core', roster: ['amara', 'benji'], ...WEEKLY } as const;
    const nights = { id: 'nights', hours: 'non-core', roster: ['benji'], ...WEEKLY } as const;
    const low = { id: 'low', layer: -1, roster: ['cleo'], ...WEEKLY } as const;
    const learn = { id: 'learn', role: 'shadow', roster: ['dev'], ...WEEKLY } as const;
    const away = { from: '2026-01-01', to: '2026-12-01', person: 'benji', replaces: 'amara' };
    const members = [
      person('amara'),
      person('benji'),
      person('cleo'),
      person('dev', { shadowUntil: '2026-12-01' }),
      person('eve', { shadowUntil: '2026-12-01' }),
      person('finn'),
    ];
    const spare = { id: 'spare', role: 'shadow', hours: 'core', roster: ['finn'], ...WEEKLY } as const;
    expect(ask([days, nights, low, learn, spare], members, [away])).toEqual([
      ['amara', ['core: given-away', 'non-core: no-such-hours']],
      ['benji', []],
      ['cleo', ['core: hidden', 'non-core: hidden']],
      ['dev', ['core: newcomer', 'non-core: newcomer']],
      ['eve', ['core: in-no-rotation', 'non-core: in-no-rotation']],
      ['finn', ['core: no-such-hours', 'non-core: no-such-hours']],
    ]);
  });

  it('says when the plan gives all such turns to others', () => {
    const fair = { id: 'fair', strategy: 'fair', roster: ['amara'], ...WEEKLY } as const;
    const low = { id: 'low', layer: -1, roster: ['cleo'], ...WEEKLY } as const;
    expect(ask([fair, low], [person('amara'), person('cleo')])).toEqual([
      ['amara', ['core: not-planned', 'non-core: not-planned']],
      ['cleo', []],
    ]);
  });

  it('asks nobody for hours in which nobody stands', () => {
    const nights = { id: 'nights', hours: 'non-core', roster: ['amara', 'benji'], ...WEEKLY } as const;
    expect(ask([nights], [person('amara'), person('benji')])).toEqual([
      ['amara', []],
      ['benji', []],
    ]);
  });
});
