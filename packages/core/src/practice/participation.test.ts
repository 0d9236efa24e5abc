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

function ask(rotations: ScheduleDraft['rotations'], members: ReturnType<typeof person>[]) {
  const draft: ScheduleDraft = {
    id: 'pay',
    timeZone: 'UTC',
    coreHours: { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:00' },
    rotations,
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

  it('asks nobody for hours in which nobody stands', () => {
    const nights = { id: 'nights', hours: 'non-core', roster: ['amara', 'benji'], ...WEEKLY } as const;
    expect(ask([nights], [person('amara'), person('benji')])).toEqual([
      ['amara', []],
      ['benji', []],
    ]);
  });
});
