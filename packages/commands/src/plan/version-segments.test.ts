import { DEFAULT_RULES, type Interval, makeSchedule, type PlanProblem, type PlanUnit } from '@watchbill/core';
import { describe, expect, it } from 'vitest';
import { joinVersions, segmentsOf } from './version-segments.ts';

const HOUR_MS = 3_600_000;
const hours = (start: number, end: number): Interval => ({ start: start * HOUR_MS, end: end * HOUR_MS });

function unit(id: string, stretch: Interval, change: Partial<PlanUnit> = {}): PlanUnit {
  const place = { schedule: 's', rotation: 'r', role: 'primary', seat: 0, rules: DEFAULT_RULES };
  const state = { eligible: ['ann', 'ben'], previous: null, frozen: false, pinned: false };
  return { id, ...place, intervals: [stretch], ...state, ...change };
}

const problem = (...units: PlanUnit[]) => ({ units }) as unknown as PlanProblem;
const told = (problems: readonly PlanProblem[]) =>
  problems.map(({ units }) =>
    units.map(({ id, intervals, eligible }) => [
      id,
      ...intervals.flatMap(({ start, end }) => [start / HOUR_MS, end / HOUR_MS]),
      eligible?.join('') ?? 'all',
    ]),
  );

describe('turns that two versions of a schedule know', () => {
  it('are one unit for who may hold both parts', () => {
    const first = unit('a', hours(0, 6));
    const second = unit('a', hours(6, 12), { eligible: ['ben', 'cleo'] });
    expect(told(joinVersions([problem(first, second)]))).toEqual([[['a', 0, 12, 'ben']]]);
    const open = unit('a', hours(6, 12), { eligible: null });
    expect(told(joinVersions([problem(first, open)]))).toEqual([[['a', 0, 12, 'annben']]]);
  });

  it('are two where nobody may, or where the two are planned apart', () => {
    const first = unit('a', hours(0, 6));
    const second = unit('a', hours(6, 12), { eligible: ['dev'], previous: 'dev' });
    const later = ['s/r@1970-01-01T06:00:00Z#0', 6, 12, 'dev'];
    const apart = [['a', 0, 6, 'annben'], later];
    expect(told(joinVersions([problem(first, second)]))).toEqual([apart]);
    expect(told(joinVersions([problem(first), problem(second)]))).toEqual([[apart[0]], [later]]);
    expect(joinVersions([problem(first, second)])[0]?.units[1]?.previous).toBeNull();
  });

  it('stay with who has begun them', () => {
    const first = unit('a', hours(0, 6), { pinned: true, previous: 'ann' });
    const [joined] = joinVersions([problem(first, unit('a', hours(6, 12), { eligible: ['dev'] }))]);
    expect(joined?.units).toEqual([{ ...first, intervals: [hours(0, 12)] }]);
  });
});

const at = (hour: number) => Date.UTC(2026, 0, 1) + hour * HOUR_MS;

describe('the versions of a schedule', () => {
  const made = makeSchedule(
    {
      id: 's',
      timeZone: 'UTC',
      rotations: [
        {
          id: 'r',
          strategy: 'fair',
          roster: ['ann'],
          handoffs: ['09:00'],
          effectiveUntil: '2026-01-03T00:00',
        },
      ],
      overrides: [{ person: 'ann', from: '2026-01-01T12:00:00Z', to: '2026-01-02T12:00:00Z' }],
    },
    { people: new Set(['ann']), teamMembers: [], holidayCalendar: () => null },
  );
  if (!made.ok) throw new Error(JSON.stringify(made.problems));
  const schedule = made.value;

  it('are each cut to their time, with what their rotations and overrides say of it', () => {
    const versions = [0, 24, 48].map((hour) => ({ effectiveAt: at(hour), schedule }));
    const segments = segmentsOf(versions, at(1));
    const rotation = (index: number) => {
      const [one] = segments[index]?.rotations ?? [];
      return one === undefined ? null : [one.effectiveFrom, one.effectiveUntil];
    };
    expect([rotation(0), rotation(1), rotation(2)]).toEqual([[null, at(24)], [at(24), at(48)], null]);
    const overrides = segments.map((one) => one.overrides.map(({ start, end }) => [start, end]));
    expect(overrides).toEqual([[[at(12), at(24)]], [[at(24), at(36)]], []]);
  });

  it('are the schedule itself where there is one', () => {
    expect(segmentsOf([{ effectiveAt: at(0), schedule }], at(1))).toEqual([schedule]);
  });
});
