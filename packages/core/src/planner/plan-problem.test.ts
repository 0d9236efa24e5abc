import { describe, expect, it } from 'vitest';
import { makePerson, type Person } from '../people/person.ts';
import type { ScheduleDraft } from '../schedule/draft.ts';
import { makeSchedule } from '../schedule/make-schedule.ts';
import type { Schedule } from '../schedule/schedule.ts';
import { DAY_MS, HOUR_MS } from '../time/interval.ts';
import { withPlan } from '../timeline/planned-turns.ts';
import { resolveTimeline } from '../timeline/resolve.ts';
import { demandOf } from './demand.ts';
import { makePlan } from './plan.ts';
import { planProblemOf } from './plan-problem.ts';

const IDS = ['amara', 'benji', 'cleo', 'dev', 'eve'];
const MONDAY = Date.UTC(2026, 10, 30);
const WEEK = { start: MONDAY, end: MONDAY + 7 * DAY_MS };

function person(id: string, change: object = {}): Person {
  const made = makePerson(
    { id, name: id, timeZone: 'Europe/London', ...change },
    { holidayCalendar: () => null },
  );
  if (!made.ok) throw new Error(JSON.stringify(made.problems));
  return made.value;
}

function scheduleOf(draft: Partial<ScheduleDraft>): Schedule {
  const made = makeSchedule(
    { id: 's', timeZone: 'Europe/London', rotations: [], ...draft },
    { people: IDS, teamMembers: null, holidayCalendar: () => null },
  );
  if (!made.ok) throw new Error(JSON.stringify(made.problems));
  return made.value;
}

const FAIR = { id: 'r', strategy: 'fair', roster: IDS, handoffs: ['09:00', '21:00'] } as const;

describe('demandOf', () => {
  it('has a unit for each seat of each turn that starts in the horizon', () => {
    const schedule = scheduleOf({ rotations: [{ ...FAIR, seats: 2 }] });
    const units = demandOf(schedule, schedule.rotations[0] as never, {
      start: MONDAY,
      end: MONDAY + DAY_MS,
    });
    expect(units.map(({ id }) => id)).toEqual([
      's/r@2026-11-30T09:00:00Z#0',
      's/r@2026-11-30T09:00:00Z#1',
      's/r@2026-11-30T21:00:00Z#0',
      's/r@2026-11-30T21:00:00Z#1',
    ]);
    expect(units[2]?.intervals).toEqual([{ start: MONDAY + 21 * HOUR_MS, end: MONDAY + 33 * HOUR_MS }]);
  });

  it('cuts turns to their hours, several stretches in one unit, and leaves out turns without hours', () => {
    const rotation = {
      ...FAIR,
      handoffs: undefined,
      cadence: { every: 1, unit: 'week' },
      start: '2026-11-30T09:00',
    };
    const coreHours = { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:00' } as const;
    const core = scheduleOf({ coreHours, rotations: [{ ...rotation, hours: 'core' } as never] });
    const [unit, ...rest] = demandOf(core, core.rotations[0] as never, WEEK);
    expect(rest).toEqual([]);
    expect(unit?.intervals).toHaveLength(5);
    const daily = scheduleOf({ coreHours, rotations: [{ ...FAIR, hours: 'core' }] });
    const units = demandOf(daily, daily.rotations[0] as never, WEEK);
    expect(units.map(({ id }) => id.slice(4, 17))).toEqual([
      '2026-11-30T09',
      '2026-12-01T09',
      '2026-12-02T09',
      '2026-12-03T09',
      '2026-12-04T09',
    ]);
  });

  it('begins when the rotation comes into force, in the middle of a turn, and ends with it', () => {
    const limits = { effectiveFrom: '2026-11-30T12:00', effectiveUntil: '2026-12-01T12:00' };
    const schedule = scheduleOf({ rotations: [{ ...FAIR, ...limits }] });
    const parts = demandOf(schedule, schedule.rotations[0] as never, WEEK).map(({ intervals }) =>
      intervals.map(({ start, end }) => [(start - MONDAY) / HOUR_MS, (end - MONDAY) / HOUR_MS]),
    );
    expect(parts).toEqual([[[12, 21]], [[21, 33]], [[33, 36]]]);
  });
});

describe('planProblemOf', () => {
  it('plans rotations that share people together, and others apart', () => {
    const first = scheduleOf({ rotations: [{ ...FAIR, roster: ['amara', 'benji'] }] });
    const second = scheduleOf({ id: 't', rotations: [{ ...FAIR, roster: ['benji', 'cleo'] }] });
    const third = scheduleOf({ id: 'u', rotations: [{ ...FAIR, roster: ['dev', 'eve'] }] });
    const people = IDS.map((id) => person(id));
    const problems = planProblemOf({ schedules: [third, second, first], people, horizon: WEEK });
    expect(problems.map((problem) => problem.people.map(({ id }) => id))).toEqual([
      ['amara', 'benji', 'cleo'],
      ['dev', 'eve'],
    ]);
    const only = planProblemOf({ schedules: [first, second, third], people, horizon: WEEK, only: ['t'] });
    expect(only).toHaveLength(1);
  });

  it('keeps people free who are on call elsewhere, but not behind the planner’s own turns', () => {
    const inOrder = {
      id: 'low',
      roster: ['amara'],
      cadence: { every: 1, unit: 'week' },
      start: '2026-11-30T00:00',
    };
    const same = scheduleOf({ rotations: [{ ...FAIR, layer: 1 }, inOrder as never] });
    const people = IDS.map((id) => person(id));
    const [behind] = planProblemOf({ schedules: [same], people, horizon: WEEK });
    expect(behind?.people.find(({ id }) => id === 'amara')?.busy).toEqual([]);
    const other = scheduleOf({ id: 't', rotations: [inOrder as never] });
    const fair = scheduleOf({ rotations: [FAIR] });
    const [beside] = planProblemOf({ schedules: [fair, other], people, horizon: WEEK });
    expect(beside?.people.find(({ id }) => id === 'amara')?.busy).not.toEqual([]);
    const planned = makePlan(beside as never);
    expect([...planned.plan.assignment.values()]).not.toContain('amara');
  });

  it('reads people: dates in their own zone, the days off of a working week, absences from elsewhere', () => {
    const fair = scheduleOf({ rotations: [FAIR] });
    const people = [
      person('amara', {
        timeZone: 'Asia/Tokyo',
        joined: '2026-12-01',
        shadowUntil: '2026-12-08',
        sleep: { from: '22:00', to: '06:00' },
        workingHours: { days: ['sun', 'mon', 'tue', 'wed', 'thu'], from: '09:00', to: '17:00' },
      }),
    ];
    const absences = new Map([['amara', [{ start: MONDAY, end: MONDAY + HOUR_MS }]]]);
    const [problem] = planProblemOf({
      schedules: [fair],
      people,
      horizon: WEEK,
      absences,
      carried: new Map([['amara', 32]]),
    });
    expect(problem?.people[0]).toMatchObject({
      joined: Date.UTC(2026, 10, 30, 15),
      shadowUntil: Date.UTC(2026, 11, 7, 15),
      sleep: { fromMinute: 1320, toMinute: 360 },
      weekend: [5, 6],
      unavailable: [{ start: MONDAY, end: MONDAY + HOUR_MS }],
      carried: 32,
    });
  });

  it('leaves what has begun as it is, and looks back at it for rest', () => {
    const schedule = scheduleOf({ rotations: [{ ...FAIR, roster: ['amara', 'benji'] }] });
    const people = IDS.map((id) => person(id));
    const [first] = planProblemOf({ schedules: [schedule], people, horizon: WEEK });
    const { assignment } = makePlan(first as never).plan;
    const turns = (first?.units ?? []).map(({ id, seat, intervals }) => ({
      unit: id,
      seat,
      intervals,
      person: assignment.get(id) ?? null,
    }));
    const published = withPlan(schedule, new Map([['r', turns]]));
    expect(resolveTimeline(published, { start: MONDAY + 9 * HOUR_MS, end: WEEK.end }).gaps).toEqual([]);
    const now = MONDAY + 3.5 * DAY_MS;
    const [again] = planProblemOf({
      schedules: [published],
      people,
      horizon: { start: MONDAY + 3 * DAY_MS, end: WEEK.end },
      previous: assignment,
      now,
    });
    const pinned = again?.units.filter((unit) => unit.pinned) ?? [];
    expect(pinned.map(({ intervals }) => (intervals[0]?.start ?? 0) < now)).toEqual(Array(7).fill(true));
    const replanned = makePlan(again as never);
    expect(replanned.plan.changes).toEqual([]);
    for (const [id, holder] of replanned.plan.assignment) expect(holder).toBe(assignment.get(id));
  });
});
