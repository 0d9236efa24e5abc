import { describe, expect, it } from 'vitest';
import { DEFAULT_WEIGHTS, type PlanPerson } from '../planner/problem.ts';
import { DEFAULT_RULES } from '../schedule/make-fair.ts';
import type { FairRules } from '../schedule/schedule.ts';
import { DAY_MS, HOUR_MS } from '../time/interval.ts';
import type { CandidateReason } from './candidate.ts';
import type { Duty } from './duty.ts';
import type { Place } from './place.ts';
import { type CandidateInput, rankCandidates } from './rank-candidates.ts';
import { reasonsAgainst, type StandInput } from './reasons-against.ts';

/** Monday. */
const DAY = Date.UTC(2026, 2, 23);
const NONE: FairRules = { ...DEFAULT_RULES, restHours: null };

function person(id: string, change: Partial<PlanPerson> = {}): PlanPerson {
  const timeZone = change.timeZone ?? 'Europe/London';
  return {
    ...{ id, timeZone },
    workingHours: [{ days: [1, 2, 3, 4, 5], fromMinute: 540, toMinute: 1020, timeZone, holidays: null }],
    sleep: { fromMinute: 1380, toMinute: 420 },
    weekend: [6, 7],
    holidays: null,
    share: 1,
    ...{ joined: null, left: null, shadowUntil: null },
    ...{ unavailable: [], busy: [], prefers: [] },
    carried: 0,
    ...change,
  };
}

/** A stretch by hours from Monday 00:00 UTC. */
function duty(from: number, to: number, change: Partial<Duty> = {}): Duty {
  const [start, end] = [DAY + from * HOUR_MS, DAY + to * HOUR_MS];
  const rules = { all: DEFAULT_RULES, named: NONE };
  return { schedule: 'payments', role: 'primary', turn: `t${from}`, start, end, rules, ...change };
}

function input(
  change: Partial<Omit<StandInput, 'wants'>> & { wants?: readonly Duty[]; place?: Place } = {},
): StandInput {
  const { wants = [duty(9, 17)], place = 'roster', ...rest } = change;
  return {
    person: person('ben'),
    stands: [],
    horizon: { start: DAY - 35 * DAY_MS, end: DAY + 60 * DAY_MS },
    wants: wants.map((want) => ({ ...want, from: 'ann', place })),
    ...rest,
  };
}

const told = (reasons: readonly CandidateReason[]) => reasons.map(({ code, weighs }) => `${code} ${weighs}`);

describe('reasonsAgainst', () => {
  it('finds nothing where nothing is', () => {
    expect(reasonsAgainst(input({ stands: [duty(-24, -16), duty(40, 48)] }))).toEqual([]);
  });

  it('refuses what cannot be', () => {
    const at = (from: number, to: number) => ({ start: DAY + from * HOUR_MS, end: DAY + to * HOUR_MS });
    const cases: [Parameters<typeof input>[0], string][] = [
      [{ stands: [duty(16, 20, { schedule: 'search' })] }, 'double-booked'],
      [{ wants: [duty(9, 12), duty(11, 13, { schedule: 'search' })] }, 'double-booked'],
      [{ person: person('ben', { unavailable: [at(16, 30)] }) }, 'absent'],
      [{ person: person('ben', { left: DAY + 12 * HOUR_MS }) }, 'left'],
      [{ person: person('ben', { joined: DAY + 12 * HOUR_MS }) }, 'not-joined'],
      [{ person: person('ben', { shadowUntil: DAY + 12 * HOUR_MS }) }, 'newcomer'],
      [{ place: 'outside' }, 'not-eligible'],
    ];
    for (const [change, code] of cases) {
      const [first] = reasonsAgainst(input(change)).filter(({ weighs }) => weighs === 'refuses');
      expect([change, first?.code]).toEqual([change, code]);
    }
    // The minute before and after are free.
    expect(reasonsAgainst(input({ person: person('ben', { unavailable: [at(17, 30), at(0, 9)] }) }))).toEqual(
      [],
    );
  });

  it('lets a seat of those who learn go to anybody', () => {
    expect(reasonsAgainst(input({ wants: [duty(9, 17, { role: 'shadow' })] }))).toEqual([]);
  });

  it('refuses by rules that the configuration names, and warns by others', () => {
    const close = { stands: [duty(20, 24)] };
    expect(told(reasonsAgainst(input(close)))).toEqual(['short-rest against']);
    const named = { all: DEFAULT_RULES, named: { ...NONE, restHours: 11 } };
    const firm = input({ ...close, wants: [duty(9, 17, { rules: named })] });
    expect(reasonsAgainst(firm)).toEqual([
      {
        code: 'short-rest',
        weighs: 'refuses',
        message: 'Would have only 3 h between this and another shift.',
      },
    ]);
    // The longer rest of the two counts, whichever shift asks for it.
    expect(told(reasonsAgainst(input({ stands: [duty(20, 24, { rules: named })] })))).toEqual([
      'short-rest refuses',
    ]);
  });

  it('asks for no rest within one turn', () => {
    expect(reasonsAgainst(input({ stands: [duty(17, 20, { turn: 't9' })] }))).toEqual([]);
  });

  it('counts days, nights, turns, hours and shares as plans do', () => {
    const limited = (change: Partial<FairRules>) => {
      const rules = { all: { ...NONE, ...change }, named: { ...NONE, ...change } };
      const stands = [1, 2, 3].map((day) => duty(day * 24 + 9, day * 24 + 17, { rules }));
      return told(reasonsAgainst(input({ stands, wants: [duty(9, 17, { rules })] })));
    };
    expect(limited({ maxConsecutiveDays: 3 })).toEqual(['consecutive-days refuses']);
    expect(limited({ maxConsecutiveDays: 4 })).toEqual([]);
    expect(limited({ maxUnitsIn7Days: 3 })).toEqual(['units-in-7-days refuses']);
    expect(limited({ maxHoursIn7Days: 31 })).toEqual(['hours-in-7-days refuses']);
    expect(limited({ maxHoursIn7Days: 32 })).toEqual([]);
    // 32 of 95 days' hours.
    expect(limited({ maxSharePercent: 1.4 })).toEqual(['share-of-time refuses']);
    expect(limited({ maxSharePercent: 1.5 })).toEqual([]);
  });
});

describe('rankCandidates', () => {
  const candidate = (id: string, change: Partial<CandidateInput> = {}): CandidateInput => ({
    ...input({ person: person(id) }),
    name: id.toUpperCase(),
    load: 0,
    ...change,
  });
  const ranked = (inputs: readonly CandidateInput[]) => rankCandidates(inputs, DEFAULT_WEIGHTS);
  const order = (inputs: readonly CandidateInput[]) => ranked(inputs).map((one) => one.person);

  it('puts those first who may, of the roster, by the rules, and then who would have carried least', () => {
    const people = [
      candidate('busy', { stands: [duty(10, 12)] }),
      candidate('tired', { stands: [duty(18, 20)] }),
      candidate('heavy', { load: 30 }),
      candidate('light', { load: -20 }),
      candidate('team', { ...input({ person: person('team'), place: 'team' }), load: -90 }),
    ];
    expect(order(people)).toEqual(['light', 'heavy', 'tired', 'team', 'busy']);
    expect(order(people.toReversed())).toEqual(order(people));
  });

  it('weighs the hours in the local time of each', () => {
    const [first] = ranked([
      candidate('lou', { person: person('lou', { timeZone: 'America/Los_Angeles' }) }),
      candidate('ben'),
    ]);
    expect(first).toMatchObject({ person: 'ben', inWorkingHours: 1 });
    expect(told(first?.reasons ?? [])).toEqual(['available for', 'rested for', 'working-hours for']);
    const [night] = ranked([
      candidate('lou', { person: person('lou', { timeZone: 'America/Los_Angeles' }) }),
    ]);
    expect(night?.reasons.map(({ message }) => message)).toContain('5 h of it are at night there.');
  });

  it('says who carried the least, who much, and what they would rather', () => {
    const wish = (weight: number) => [{ days: [1 as const], weight }];
    const [least, most] = ranked([
      candidate('ann', { load: -12, person: person('ann', { prefers: wish(2) }) }),
      candidate('ben', { load: 12, person: person('ben', { prefers: wish(-2) }) }),
    ]);
    expect(told(least?.reasons ?? [])).toEqual(expect.arrayContaining(['prefers for', 'least-burdened for']));
    expect(told(most?.reasons ?? [])).toEqual(
      expect.arrayContaining(['burdened against', 'prefers-not against']),
    );
    expect(most?.eligible).toBe(true);
  });

  it('measures the rest on both sides', () => {
    const stands = [duty(-40, -30), duty(-10, 4), duty(30, 40), duty(24 * 30, 24 * 31)];
    expect(ranked([candidate('ben', { stands })])[0]).toMatchObject({
      restHoursBefore: 5,
      restHoursAfter: 13,
    });
    expect(ranked([candidate('ben')])[0]).toMatchObject({ restHoursBefore: null, restHoursAfter: null });
  });
});
