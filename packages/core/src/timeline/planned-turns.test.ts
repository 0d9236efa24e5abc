import { describe, expect, it } from 'vitest';
import type { RotationDraft } from '../schedule/draft.ts';
import { makeSchedule } from '../schedule/make-schedule.ts';
import type { PlannedTurn, Schedule } from '../schedule/schedule.ts';
import { formatInstant } from '../time/format.ts';
import { HOUR_MS } from '../time/interval.ts';
import { onCallAt } from './at.ts';
import { handoffs } from './handoffs.ts';
import { withPlan } from './planned-turns.ts';
import { resolveTimeline } from './resolve.ts';

const MONDAY = Date.UTC(2026, 10, 30);
const DAY = { start: MONDAY, end: MONDAY + 24 * HOUR_MS };

function scheduleWith(...rotations: Partial<RotationDraft>[]): Schedule {
  const fair = {
    strategy: 'fair',
    roster: ['amara', 'benji', 'cleo'],
    handoffs: ['08:00', '20:00'],
  } as const;
  const draft = {
    id: 's',
    timeZone: 'UTC',
    rotations: rotations.map((rotation, k) => ({ id: `r${k}`, ...fair, ...rotation })),
  };
  const made = makeSchedule(draft, {
    people: ['amara', 'benji', 'cleo'],
    teamMembers: null,
    holidayCalendar: () => null,
  });
  if (!made.ok) throw new Error(JSON.stringify(made.problems));
  return made.value;
}

function turn(seat: number, person: string | null, ...hours: [number, number][]): PlannedTurn {
  const intervals = hours.map(([from, to]) => ({
    start: MONDAY + from * HOUR_MS,
    end: MONDAY + to * HOUR_MS,
  }));
  return { unit: `s/r0@${hours[0]?.[0]}#${seat}`, seat, intervals, person };
}

function shown(schedule: Schedule): string[] {
  return resolveTimeline(schedule, DAY).shifts.map(
    ({ start, end, person, seat }) =>
      `${(start - MONDAY) / HOUR_MS}–${(end - MONDAY) / HOUR_MS} ${person} ${seat}`,
  );
}

describe('a fair rotation on the timeline', () => {
  it('has nobody without a plan: a gap', () => {
    const { shifts, gaps } = resolveTimeline(scheduleWith({}), DAY);
    expect(shifts).toEqual([]);
    expect(gaps).toEqual([{ ...DAY, role: 'primary' }]);
  });

  it('has what the plan says: each seat by its number, stretch by stretch, and gaps where it has nobody', () => {
    const turns = [
      turn(1, 'benji', [0, 8]),
      turn(0, 'amara', [0, 4], [5, 8]),
      turn(0, null, [8, 20]),
      turn(1, 'cleo', [8, 20]),
      turn(0, 'amara', [20, 30]),
    ];
    const schedule = withPlan(scheduleWith({ seats: 2 }), new Map([['r0', turns]]));
    expect(shown(schedule)).toEqual([
      '0–4 amara r0/0',
      '0–8 benji r0/1',
      '5–8 amara r0/0',
      '8–20 cleo r0/1',
      '20–24 amara r0/0',
    ]);
    expect(onCallAt(schedule, MONDAY + 21 * HOUR_MS)).toMatchObject([
      { person: 'amara', seat: 'r0/0', since: MONDAY + 20 * HOUR_MS, until: MONDAY + 30 * HOUR_MS },
    ]);
  });

  it('stays within its hours and its time in force, and hides lower layers only where it has somebody', () => {
    const low: Partial<RotationDraft> = {
      strategy: 'in_order',
      roster: ['cleo'],
      handoffs: undefined,
      cadence: { every: 1, unit: 'week' },
      start: '2026-11-30T00:00',
    };
    const high: Partial<RotationDraft> = {
      layer: 1,
      hours: [{ from: '06:00', to: '22:00' }],
      effectiveUntil: '2026-11-30T21:00',
    };
    const turns = [turn(0, 'amara', [0, 8]), turn(0, null, [8, 20]), turn(0, 'benji', [20, 24])];
    const schedule = withPlan(scheduleWith(high, low), new Map([['r0', turns]]));
    expect(shown(schedule)).toEqual([
      '0–6 cleo r1/0',
      '6–8 amara r0/0',
      '8–20 cleo r1/0',
      '20–21 benji r0/0',
      '21–24 cleo r1/0',
    ]);
  });

  it('leaves other rotations alone', () => {
    const schedule = scheduleWith({}, {});
    const planned = withPlan(schedule, new Map([['r1', [turn(0, 'amara', [0, 8])]]]));
    expect(planned.rotations[0]).toBe(schedule.rotations[0]);
    expect(shown(planned)).toEqual(['0–8 amara r1/0']);
  });

  it('hands off at its times of day, by the wall clock, planned or not', () => {
    const [rotation] = scheduleWith({ timeZone: 'Europe/Berlin' }).rotations;
    if (rotation === undefined) throw new Error('no rotation');
    const found = handoffs(rotation, { after: Date.UTC(2026, 9, 24, 6), count: 4 });
    expect(found.map(formatInstant)).toEqual([
      '2026-10-24T18:00:00Z',
      '2026-10-25T07:00:00Z',
      '2026-10-25T19:00:00Z',
      '2026-10-26T07:00:00Z',
    ]);
  });
});
