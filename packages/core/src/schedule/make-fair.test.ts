import { describe, expect, it } from 'vitest';
import { parseWall } from '../time/format.ts';
import type { RotationDraft } from './draft.ts';
import { makeSchedule } from './make-schedule.ts';
import type { FairStrategy } from './schedule.ts';

const FAIR: RotationDraft = { id: 'fair', strategy: 'fair', roster: 'team', handoffs: ['21:00', '09:00'] };

function made(change: Partial<RotationDraft>) {
  const draft = { id: 's', timeZone: 'Europe/London', team: 't', rotations: [{ ...FAIR, ...change }] };
  const people = ['amara', 'benji', 'cleo'];
  return makeSchedule(draft, { people, teamMembers: ['amara', 'benji'], holidayCalendar: () => null });
}

function strategyOf(change: Partial<RotationDraft>): FairStrategy {
  const result = made(change);
  const strategy = result.ok ? result.value.rotations[0]?.strategy : undefined;
  if (strategy?.kind !== 'fair') throw new Error(JSON.stringify(result));
  return strategy;
}

function problemsOf(change: Partial<RotationDraft>): string[] {
  const result = made(change);
  return result.ok ? [] : result.problems.map(({ path, code }) => `${path.slice(2).join('.')} ${code}`);
}

describe('a fair rotation', () => {
  it('fills in what a draft leaves out, sorts its handoffs and has no turns yet', () => {
    expect(strategyOf({})).toEqual({
      kind: 'fair',
      roster: ['amara', 'benji'],
      seats: 1,
      rhythm: { kind: 'handoffs', minutes: [540, 1260] },
      rules: {
        restHours: 11,
        maxConsecutiveDays: null,
        maxConsecutiveNights: null,
        maxUnitsIn7Days: null,
        maxHoursIn7Days: null,
        maxSharePercent: null,
      },
      publishAheadDays: 28,
      freezeDays: 7,
      turns: [],
    });
  });

  it('takes a cadence and an anchor instead of handoffs, and rules in place of the defaults', () => {
    const cadence = { every: 1, unit: 'week' } as const;
    const start = '2026-11-30T09:00';
    const constraints = { restHours: null, maxUnitsIn7Days: 5, maxConsecutiveWeekends: 2 };
    const strategy = strategyOf({
      handoffs: undefined,
      cadence,
      start,
      constraints,
      seats: 2,
      freezeDays: 0,
    });
    expect(strategy.rhythm).toEqual({ kind: 'cadence', cadence, start: parseWall(start) });
    expect(strategy.rules).toMatchObject({
      restHours: null,
      maxUnitsIn7Days: 5,
      maxConsecutiveDays: null,
      maxConsecutiveWeekends: 2,
    });
    expect(strategy).toMatchObject({ seats: 2, freezeDays: 0 });
  });

  it.each<[string, Partial<RotationDraft>, string[]]>([
    ['no rhythm', { handoffs: undefined }, [' rotation/fair-rhythm']],
    ['a cadence without a start', { handoffs: undefined, cadence: { every: 1, unit: 'day' } }, ['start']],
    ['two rhythms', { cadence: { every: 1, unit: 'day' } }, ['cadence rotation/key-not-allowed']],
    ['no handoff', { handoffs: [] }, ['handoffs rotation/no-handoffs']],
    ['too many handoffs', { handoffs: Array(49).fill('09:00') }, ['handoffs limit/handoffs']],
    ['a time that is none', { handoffs: ['9'] }, ['handoffs.0 time/invalid-clock']],
    ['the end of the day', { handoffs: ['24:00'] }, ['handoffs.0 time/invalid-clock']],
    ['a time twice', { handoffs: ['09:00', '09:00'] }, ['handoffs.1 rotation/handoff-twice']],
    ['a group', { roster: [['amara', 'benji']] }, ['roster.0 rotation/fair-roster']],
    ['a vacant seat', { roster: ['nobody', 'amara'] }, ['roster.0 rotation/fair-roster']],
    ['a person twice', { roster: ['amara', 'amara'] }, ['roster.1 id/duplicate']],
    ['somebody unknown', { roster: ['zed'] }, ['roster.0 person/unknown']],
    ['nobody at all', { roster: [] }, ['roster rotation/empty-roster']],
    ['no seats', { seats: 0 }, ['seats rotation/out-of-range']],
    ['too many seats', { seats: 21 }, ['seats rotation/out-of-range']],
    ['half a day', { freezeDays: 0.5 }, ['freezeDays rotation/out-of-range']],
    ['no day ahead', { publishAheadDays: 0 }, ['publishAheadDays rotation/out-of-range']],
    [
      'too much rest',
      { constraints: { restHours: 169 } },
      ['constraints.restHours constraints/out-of-range'],
    ],
    ['a rule of its own', { constraints: { rest: 1 } as object }, ['constraints.rest constraints/unknown']],
    ['turns', { turns: [] }, ['turns rotation/key-not-allowed']],
    ['an order to count', { count: 'worked' }, ['count rotation/key-not-allowed']],
  ])('refuses %s', (_, change, expected) => {
    const found = problemsOf(change);
    expect(found).toHaveLength(expected.length);
    expected.forEach((problem, k) => {
      expect(found[k]).toContain(problem);
    });
  });
});
