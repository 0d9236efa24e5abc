import { describe, expect, it } from 'vitest';
import { makePerson } from '../people/person.ts';
import type { PersonDraft, ScheduleDraft } from '../schedule/draft.ts';
import { makeSchedule } from '../schedule/make-schedule.ts';
import { parseInstant } from '../time/format.ts';
import { DAY_MS } from '../time/interval.ts';
import { resolveTimeline } from '../timeline/resolve.ts';
import { type CheckedSchedule, type CheckInput, checkSchedules } from './check-schedules.ts';
import { staffOf } from './crews.ts';
import { packChoices, type RulePacksDraft } from './pack-choices.ts';

const START = parseInstant('2026-03-02T00:00:00Z') as number;
const WEEKS = 13;
const WINDOW = { start: START, end: START + WEEKS * 7 * DAY_MS };
const NO_HOLIDAYS = { holidayCalendar: () => null };
const WEEKLY = { cadence: { every: 1, unit: 'week' }, start: '2026-03-02T09:00' } as const;

function person(id: string, more: Partial<PersonDraft> = {}) {
  const made = makePerson({ id, name: id, timeZone: 'UTC', ...more }, NO_HOLIDAYS);
  if (!made.ok) throw new Error(JSON.stringify(made.problems));
  return made.value;
}

function checked(draft: Partial<ScheduleDraft>, rulePacks: RulePacksDraft = {}): CheckedSchedule {
  const people = ['amara', 'benji', 'cleo', 'dev'];
  const made = makeSchedule(
    { id: 'pay', timeZone: 'UTC', rotations: [{ id: 'r', roster: people, ...WEEKLY }], ...draft },
    { ...NO_HOLIDAYS, people, teamMembers: null },
  );
  if (!made.ok) throw new Error(JSON.stringify(made.problems));
  const { shifts, gaps } = resolveTimeline(made.value, WINDOW);
  return { schedule: made.value, window: WINDOW, shifts, gaps, past: [], packs: packChoices(rulePacks) };
}

function check(schedules: readonly CheckedSchedule[], more: Partial<CheckInput> = {}) {
  return checkSchedules({
    weeks: WEEKS,
    schedules,
    beside: [],
    people: ['amara', 'benji', 'cleo', 'dev'].map((id) => person(id)),
    crews: schedules.map(({ schedule, shifts }) => ({
      team: null,
      members: staffOf(schedule),
      schedules: [{ schedule, shifts, isWaiting: false }],
    })),
    packs: [],
    holidayNames: () => null,
    pages: null,
    saying: { nameOf: (id) => id, zone: null },
    ...more,
  });
}

describe('checkSchedules', () => {
  it('is content with a week in four, and tells how everybody takes part', () => {
    const { warnings, participation, notes } = check([checked({})]);
    expect(warnings).toEqual([]);
    expect(notes).toEqual([]);
    const [crew] = participation;
    expect(crew?.people.map(({ nonCoreHours }) => nonCoreHours)).toEqual([663, 504, 504, 513]);
    expect(crew?.people.reduce((sum, { nonCoreHours }) => sum + nonCoreHours, 0)).toBe(WEEKS * 168);
  });

  it('warns of who stands while away or new: an order looks at neither', () => {
    const people = [
      person('amara', { unavailable: [{ from: '2026-03-07', to: '2026-03-08' }] }),
      person('benji', { left: '2026-04-01' }),
      person('cleo', { shadowUntil: '2026-03-17' }),
      person('dev'),
    ];
    const { warnings } = check([checked({})], { people });
    const said = warnings.map(({ code, person: who, at }) => [code, who, at === null ? null : at - START]);
    expect(said).toEqual([
      ['person/away', 'amara', 5 * DAY_MS],
      ['person/away', 'benji', 35.375 * DAY_MS],
      ['person/newcomer', 'cleo', 14.375 * DAY_MS],
    ]);
    expect(warnings[2]?.message).toMatch(
      /cleo only shadows until Tue 17 Mar 2026 but is on call as primary, once/,
    );
  });

  it('takes a rule as each schedule wants it: the strictest where a person stands in several', () => {
    const lax = checked({ id: 'lax' }, { goodPractice: { 'nights-in-a-row': 'off' } });
    const nights = checked(
      { id: 'strict', rotations: [{ id: 'r', roster: ['amara', 'benji'], ...WEEKLY }] },
      { goodPractice: { 'nights-in-a-row': 'error', weekends: 'off', 'share-of-time': 'off' } },
    );
    const levels = (schedules: readonly CheckedSchedule[]) =>
      check(schedules)
        .warnings.filter(({ code }) => code === 'practice/goodPractice/nights-in-a-row')
        .map(({ person: who, level }) => [who, level]);
    expect(levels([lax])).toEqual([]);
    expect(levels([lax, nights])).toEqual([
      ['amara', 'error'],
      ['benji', 'error'],
    ]);
    expect(levels([checked({}, { goodPractice: 'warn' })]).map(([, level]) => level)).toEqual(
      Array(4).fill('warning'),
    );
  });

  it('counts what people stand elsewhere, but tells only of its own', () => {
    const here = checked({ rotations: [{ id: 'r', roster: ['amara'], hours: 'all', ...WEEKLY }] });
    const beside = [
      {
        schedule: 'web',
        start: START + DAY_MS,
        end: START + 2 * DAY_MS,
        person: 'amara',
        role: 'primary',
        seat: 'x/0',
        rotation: null,
        override: 'x',
      },
    ];
    const codes = (input: Partial<CheckInput>) => check([here], input).warnings.map(({ code }) => code);
    expect(codes({})).not.toContain('person/double');
    expect(codes({ beside })).toContain('person/double');
    const double = check([here], { beside }).warnings.find(({ code }) => code === 'person/double');
    expect(double?.stretches).toEqual([{ start: START + DAY_MS, end: START + 2 * DAY_MS }]);
    expect(codes({ beside: beside.map((shift) => ({ ...shift, person: 'benji' })) })).not.toContain(
      'person/double',
    );
  });

  it('says what it could not look at', () => {
    const { notes } = check([checked({}, { goodPractice: 'warn', eu: { 'week-hours': 'off' } })]);
    expect(notes).toEqual([
      'goodPractice: same-holiday is not known: too little is known of the year before.',
      'goodPractice: pages-per-shift is not known: nobody has counted pages.',
    ]);
    expect(check([checked({}, { eu: 'warn' })]).notes).toEqual([
      'eu: week-hours is not known: it is a mean of 17 weeks, and fewer are looked at.',
    ]);
  });

  it('leaves the part of a team that waits for a plan alone', () => {
    const one = checked({});
    const crews = [
      {
        team: 'pay',
        members: ['amara', 'zoe'],
        schedules: [{ schedule: one.schedule, shifts: [], isWaiting: true }],
      },
    ];
    const { warnings, participation } = check([one], { crews });
    expect(participation).toEqual([]);
    expect(warnings.map(({ code, person: who }) => [code, who])).toEqual([['team/idle-member', 'zoe']]);
  });
});
