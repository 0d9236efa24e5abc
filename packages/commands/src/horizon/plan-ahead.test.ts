import { makeSchedule, parseInstant, type Schedule, type ScheduleDraft } from '@watchbill/core';
import { describe, expect, it } from 'vitest';
import { nextHorizon } from './horizon-settings.ts';
import { planAhead, versionsInForce } from './plan-ahead.ts';

const at = (text: string) => parseInstant(`${text}:00Z`) ?? Number.NaN;

function weekly(
  roster: readonly string[],
  changes: Partial<ScheduleDraft['rotations'][number]> = {},
): Schedule {
  const rotation = {
    id: 'week',
    strategy: 'in_order' as const,
    roster,
    cadence: { every: 1, unit: 'week' as const },
    start: '2026-11-30T09:00',
    ...changes,
  };
  const context = { people: ['ann', 'ben', 'cleo'], teamMembers: null, holidayCalendar: () => null };
  const made = makeSchedule({ id: 's', timeZone: 'UTC', rotations: [rotation] }, context);
  if (!made.ok) throw new Error(JSON.stringify(made.problems));
  return made.value;
}

function brief({ shifts }: ReturnType<typeof planAhead>): string[] {
  const short = (instant: number) => new Date(instant).toISOString().slice(8, 13);
  return shifts.map(({ person, start, end }) => `${person} ${short(start)}-${short(end)}`);
}

const window = { start: at('2026-12-02T00:00'), end: at('2026-12-16T00:00') };

describe('planAhead', () => {
  it('cuts shifts at the start of the window and keeps them whole at its end', () => {
    const versions = [{ effectiveAt: at('2026-11-01T00:00'), schedule: weekly(['ann', 'ben', 'cleo']) }];
    expect(brief(planAhead(versions, window))).toEqual([
      'ann 02T00-07T09',
      'ben 07T09-14T09',
      'cleo 14T09-21T09',
    ]);
  });

  it('holds nothing before the first version, not even a gap', () => {
    const versions = [{ effectiveAt: at('2026-12-08T00:00'), schedule: weekly(['nobody', 'ben']) }];
    const planned = planAhead(versions, window);
    expect(brief(planned)).toEqual(['ben 08T00-14T09']);
    expect(planned.gaps).toEqual([{ role: 'primary', start: at('2026-12-14T09:00'), end: window.end }]);
  });

  it('joins what both versions say, and cuts what they do not', () => {
    const first = { effectiveAt: at('2026-11-01T00:00'), schedule: weekly(['ann', 'ben', 'cleo']) };
    const effectiveAt = at('2026-12-09T12:00');
    const same = planAhead([first, { effectiveAt, schedule: weekly(['cleo', 'ben', 'ann']) }], window);
    expect(brief(same)).toEqual(['ann 02T00-07T09', 'ben 07T09-14T09', 'ann 14T09-21T09']);
    const other = planAhead([first, { effectiveAt, schedule: weekly(['ann']) }], window);
    expect(brief(other)).toEqual([
      'ann 02T00-07T09',
      'ben 07T09-09T12',
      'ann 09T12-14T09',
      'ann 14T09-21T09',
    ]);
  });

  it('joins a gap through the instant of a version', () => {
    const first = { effectiveAt: at('2026-11-01T00:00'), schedule: weekly(['ann', 'nobody']) };
    const second = { effectiveAt: at('2026-12-09T12:00'), schedule: weekly(['ben', 'nobody']) };
    const gaps = planAhead([first, second], window).gaps;
    expect(gaps).toEqual([{ role: 'primary', start: at('2026-12-07T09:00'), end: at('2026-12-14T09:00') }]);
  });

  it('says the same whole shifts however near the horizon lies to the instant of a version', () => {
    const versions = [
      { effectiveAt: at('2026-11-01T00:00'), schedule: weekly(['ann', 'ben', 'cleo']) },
      { effectiveAt: at('2026-12-16T12:00'), schedule: weekly(['ben', 'ann', 'cleo']) },
    ];
    const near = planAhead(versions, window).shifts;
    const far = planAhead(versions, { ...window, end: at('2026-12-30T00:00') }).shifts;
    expect(near).toEqual(far.filter(({ start }) => start < window.end));
    expect(brief({ shifts: near, gaps: [] }).at(-1)).toBe('cleo 14T09-21T09');
  });
});

describe('versionsInForce', () => {
  it('leaves out what a later version beats from its first instant', () => {
    const [a, b, c] = [{ effectiveAt: 10 }, { effectiveAt: 50 }, { effectiveAt: 30 }];
    expect(versionsInForce([a, b, c])).toEqual([a, c]);
  });
});

describe('nextHorizon', () => {
  const week = 7 * 86_400_000;

  it('stays while less than a step is missing, and then goes a whole horizon ahead', () => {
    expect(nextHorizon(null, 0, 26 * week)).toBe(26 * week);
    expect(nextHorizon(25 * week, 0, 26 * week)).toBe(25 * week);
    expect(nextHorizon(25 * week - 1, 0, 26 * week)).toBe(26 * week);
  });

  it('takes smaller steps where the horizon is short', () => {
    expect(nextHorizon(0.9 * week, 0, week)).toBe(0.9 * week);
    expect(nextHorizon(0.8 * week, 0, week)).toBe(week);
  });

  it('never comes nearer when the setting is made smaller', () => {
    expect(nextHorizon(26 * week, 0, 4 * week)).toBe(26 * week);
  });
});
