import { describe, expect, it } from 'vitest';
import type { OverrideDraft, RotationDraft, ScheduleDraft } from '../schedule/draft.ts';
import { LIMITS } from '../schedule/limits.ts';
import { makeSchedule } from '../schedule/make-schedule.ts';
import type { Schedule } from '../schedule/schedule.ts';
import { formatInstant, parseInstant } from '../time/format.ts';
import { resolveTimeline } from './resolve.ts';

const PEOPLE = ['ann', 'ben', 'cyd', 'dan', 'eve'];
const DAILY = { cadence: { every: 1, unit: 'day' }, start: '2026-06-01T00:00' } as const;

function schedule(
  draft: Partial<ScheduleDraft> & { readonly rotations: readonly RotationDraft[] },
): Schedule {
  const made = makeSchedule(
    { id: 's', timeZone: 'UTC', ...draft },
    { people: PEOPLE, teamMembers: null, holidayCalendar: () => null },
  );
  if (!made.ok) throw new Error(JSON.stringify(made.problems));
  return made.value;
}

function instant(text: string): number {
  return parseInstant(text.includes('T') ? text : `${text}T00:00Z`) ?? Number.NaN;
}

/** One line a shift: `start end person source`, instants without what is zero. */
function lines(of: Schedule, from: string, to: string): string[] {
  const short = (at: number) =>
    formatInstant(at)
      .replace(/:00Z$/, '')
      .replace(/T00:00$/, '')
      .slice(5);
  const { shifts, gaps } = resolveTimeline(of, { start: instant(from), end: instant(to) });
  const shown = shifts.map(
    ({ start, end, person, seat }) => `${short(start)} ${short(end)} ${person} ${seat}`,
  );
  return [...shown, ...gaps.map(({ start, end }) => `${short(start)} ${short(end)} -`)];
}

function daily(roster: RotationDraft['roster'], more: Partial<RotationDraft> = {}): RotationDraft {
  return { id: 'r', roster, ...DAILY, ...more };
}

describe('turns', () => {
  it('run both ways from the anchor', () => {
    const s = schedule({ rotations: [daily(['ann', 'ben', 'cyd'])] });
    expect(lines(s, '2026-05-30', '2026-06-03')).toEqual([
      '05-30 05-31 ben r/0',
      '05-31 06-01 cyd r/0',
      '06-01 06-02 ann r/0',
      '06-02 06-03 ben r/0',
    ]);
  });

  it('keep the cadence through a vacant seat, which is a gap', () => {
    const s = schedule({ rotations: [daily(['ann', 'nobody', 'cyd'])] });
    expect(lines(s, '2026-06-01', '2026-06-04')).toEqual([
      '06-01 06-02 ann r/0',
      '06-03 06-04 cyd r/0',
      '06-02 06-03 -',
    ]);
  });

  it('put a group on call together, each on a seat', () => {
    const s = schedule({ rotations: [daily([['ann', 'ben'], 'cyd'])] });
    expect(lines(s, '2026-06-01', '2026-06-03')).toEqual([
      '06-01 06-02 ann r/0',
      '06-01 06-02 ben r/1',
      '06-02 06-03 cyd r/0',
    ]);
  });

  it('of the same person stay two shifts', () => {
    const s = schedule({ rotations: [daily(['ann'])] });
    expect(lines(s, '2026-06-01', '2026-06-03')).toEqual(['06-01 06-02 ann r/0', '06-02 06-03 ann r/0']);
  });

  it('take the last day of a month that is too short', () => {
    const monthly = { cadence: { every: 1, unit: 'month' }, start: '2026-01-31T09:00' } as const;
    const s = schedule({ rotations: [daily(['ann', 'ben'], monthly)] });
    expect(lines(s, '2026-01-31T09:00Z', '2026-04-30T09:00Z')).toEqual([
      '01-31T09:00 02-28T09:00 ann r/0',
      '02-28T09:00 03-31T09:00 ben r/0',
      '03-31T09:00 04-30T09:00 ann r/0',
    ]);
  });

  it('that merge in a gap advance the order by one', () => {
    const hourly = { cadence: { every: 1, unit: 'hour' }, start: '2026-03-08T01:00' } as const;
    const s = schedule({ timeZone: 'America/New_York', rotations: [daily(['ann', 'ben', 'cyd'], hourly)] });
    // 02:00 and 03:00 are one instant: ben has the hour from it, and cyd the next.
    expect(lines(s, '2026-03-08T06:00Z', '2026-03-08T09:00Z')).toEqual([
      '03-08T06:00 03-08T07:00 ann r/0',
      '03-08T07:00 03-08T08:00 ben r/0',
      '03-08T08:00 03-08T09:00 cyd r/0',
    ]);
    const later = schedule({
      timeZone: 'America/New_York',
      rotations: [daily(['ann', 'ben', 'cyd'], { ...hourly, start: '2026-03-08T04:00' })],
    });
    expect(lines(later, '2026-03-08T06:00Z', '2026-03-08T09:00Z').map((line) => line.split(' ')[2])).toEqual([
      'ben',
      'cyd',
      'ann',
    ]);
  });

  it('last through both passes of a repeated hour, also seen from the second', () => {
    const half = { cadence: { every: 1, unit: 'hour' }, start: '2026-11-01T00:30' } as const;
    const s = schedule({ timeZone: 'America/New_York', rotations: [daily(['ann', 'ben', 'cyd'], half)] });
    expect(lines(s, '2026-11-01T06:10Z', '2026-11-01T08:00Z')).toEqual([
      '11-01T06:10 11-01T07:30 ben r/0',
      '11-01T07:30 11-01T08:00 cyd r/0',
    ]);
  });

  it('keep a wall time through clock changes', () => {
    const weekly = { cadence: { every: 1, unit: 'week' }, start: '2026-03-23T09:00' } as const;
    const s = schedule({ timeZone: 'Europe/London', rotations: [daily(['ann', 'ben'], weekly)] });
    expect(lines(s, '2026-03-23T09:00Z', '2026-04-06T08:00Z')).toEqual([
      '03-23T09:00 03-30T08:00 ann r/0',
      '03-30T08:00 04-06T08:00 ben r/0',
    ]);
  });

  it('count only when worked, so that weekends cost nobody a turn', () => {
    const hours = [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:00' }] as const;
    const s = schedule({
      rotations: [daily(['ann', 'ben', 'cyd'], { hours, count: 'worked' })],
      coverage: hours,
    });
    const days = lines(s, '2026-05-28', '2026-06-10').map(
      (line) => `${line.slice(3, 5)} ${line.split(' ')[2]}`,
    );
    expect(days.join(', ')).toBe('28 ben, 29 cyd, 01 ann, 02 ben, 03 cyd, 04 ann, 05 ben, 08 cyd, 09 ann');
    // Twenty years on, the order is the one that counting weekdays gives.
    const far = lines(s, '2046-06-01', '2046-06-02')[0] ?? '';
    expect(far.split(' ')[2]).toBe(['ann', 'ben', 'cyd'][weekdaysBetween('2026-06-01', '2046-06-01') % 3]);
  });

  it('start with member 0 at the first worked turn after an anchor outside the hours', () => {
    const hours = [{ days: ['mon'], from: '09:00', to: '17:00' }] as const;
    const s = schedule({
      rotations: [daily(['ann', 'ben'], { hours, count: 'worked', start: '2026-06-03T00:00' })],
      coverage: hours,
    });
    const who = lines(s, '2026-06-01', '2026-06-16').map((line) => line.split(' ')[2]);
    expect(who).toEqual(['ben', 'ann', 'ben']);
  });

  it('are in force between the effective dates only', () => {
    const s = schedule({
      rotations: [
        daily(['ann', 'ben'], { effectiveFrom: '2026-06-01T12:00', effectiveUntil: '2026-06-02T06:00' }),
      ],
    });
    expect(lines(s, '2026-06-01', '2026-06-03')).toEqual([
      '06-01T12:00 06-02 ann r/0',
      '06-02 06-02T06:00 ben r/0',
      '06-01 06-01T12:00 -',
      '06-02T06:00 06-03 -',
    ]);
  });
});

function weekdaysBetween(from: string, to: string): number {
  let count = 0;
  for (let at = instant(from); at < instant(to); at += 86_400_000) {
    if (![0, 6].includes(new Date(at).getUTCDay())) count += 1;
  }
  return count;
}

describe('hours', () => {
  it('belong to the weekday they start on, and neighbours join', () => {
    const hours = [{ days: ['mon', 'tue'], from: '20:00', to: '20:00' }] as const;
    const weekly = { cadence: { every: 1, unit: 'week' }, start: '2026-06-01T00:00', hours } as const;
    const s = schedule({ rotations: [daily(['ann'], weekly)], coverage: hours });
    expect(lines(s, '2026-06-01', '2026-06-07')).toEqual(['06-01T20:00 06-03T20:00 ann r/0']);
  });

  it('that lie wholly in a gap put nobody on call, and leave no gap', () => {
    const hours = [{ days: ['sun'], from: '02:00', to: '03:00' }] as const;
    const s = schedule({
      timeZone: 'America/New_York',
      rotations: [daily(['ann'], { hours })],
      coverage: hours,
    });
    expect(lines(s, '2026-03-08', '2026-03-09')).toEqual([]);
  });

  it('end with the last pass and start with the first', () => {
    const hours = [
      { from: '22:00', to: '01:30' },
      { from: '01:30', to: '06:00' },
    ] as const;
    const s = schedule({
      timeZone: 'America/New_York',
      rotations: [daily(['ann'], { hours, start: '2026-10-31T12:00' })],
      coverage: hours,
    });
    expect(lines(s, '2026-10-31T16:00Z', '2026-11-01T17:00Z')).toEqual(['11-01T02:00 11-01T11:00 ann r/0']);
  });

  it('leave out windows that start on a holiday, but not their neighbours', () => {
    const hours = [{ from: '22:00', to: '06:00', holidays: ['2026-06-02'] }] as const;
    const noon = { hours, start: '2026-06-01T12:00' };
    const s = schedule({ rotations: [daily(['ann'], noon)], coverage: hours });
    expect(lines(s, '2026-06-01T12:00Z', '2026-06-04T12:00Z')).toEqual([
      '06-01T22:00 06-02T06:00 ann r/0',
      '06-03T22:00 06-04T06:00 ann r/0',
    ]);
  });

  it('core and non-core tile the week', () => {
    const coreHours = { days: ['mon'], from: '09:00', to: '17:00' } as const;
    const start = '2026-06-01T00:00';
    const s = schedule({
      coreHours,
      rotations: [
        daily(['ann'], { id: 'day', hours: 'core', start }),
        daily(['ben'], { id: 'night', hours: 'non-core', start }),
      ],
    });
    expect(lines(s, '2026-06-01', '2026-06-02')).toEqual([
      '06-01 06-01T09:00 ben night/0',
      '06-01T09:00 06-01T17:00 ann day/0',
      '06-01T17:00 06-02 ben night/0',
    ]);
  });
});

describe('layers', () => {
  it('hide lower ones where they have somebody, and a vacant seat shows them', () => {
    const hours = [{ from: '09:00', to: '17:00' }] as const;
    const s = schedule({
      rotations: [daily(['ann'], { id: 'low' }), daily(['ben', 'nobody'], { id: 'high', layer: 1, hours })],
    });
    expect(lines(s, '2026-06-01', '2026-06-03')).toEqual([
      '06-01 06-01T09:00 ann low/0',
      '06-01T09:00 06-01T17:00 ben high/0',
      '06-01T17:00 06-02 ann low/0',
      '06-02 06-03 ann low/0',
    ]);
  });

  it('that are equal are on call together, but nobody twice', () => {
    const s = schedule({
      rotations: [daily(['ann', 'ben'], { id: 'x' }), daily(['ann', 'cyd'], { id: 'y' })],
    });
    expect(lines(s, '2026-06-01', '2026-06-03')).toEqual([
      '06-01 06-02 ann x/0',
      '06-02 06-03 ben x/0',
      '06-02 06-03 cyd y/0',
    ]);
  });

  it('of one role say nothing about another', () => {
    const s = schedule({
      roles: ['primary', 'secondary'],
      rotations: [daily(['ann'], { layer: 5 }), daily(['ben'], { id: 'second', role: 'secondary' })],
    });
    const { shifts } = resolveTimeline(s, { start: instant('2026-06-01'), end: instant('2026-06-02') });
    expect(shifts.map(({ role, person }) => `${role} ${person}`)).toEqual(['primary ann', 'secondary ben']);
  });
});

describe('overrides', () => {
  const at = (from: number, to: number) => ({
    from: `2026-06-01T${String(from).padStart(2, '0')}:00`,
    to: `2026-06-01T${String(to).padStart(2, '0')}:00`,
  });
  const base = daily(['ann', 'ben']);
  /** Who is on call on 1 June from 00:00: ann, with these overrides. */
  const day = (overrides: readonly OverrideDraft[], rotations: readonly RotationDraft[] = [base]) =>
    lines(schedule({ rotations, overrides }), '2026-06-01', '2026-06-02').map((line) =>
      line.replaceAll('06-01T', ''),
    );

  it('replace a person while they are on call, on their seat', () => {
    expect(day([{ ...at(6, 12), person: 'cyd', replaces: 'ann' }])).toEqual([
      '06-01 06:00 ann r/0',
      '06:00 12:00 cyd r/0',
      '12:00 06-02 ann r/0',
    ]);
    expect(day([{ ...at(6, 12), person: 'cyd', replaces: 'ben' }])).toEqual(['06-01 06-02 ann r/0']);
  });

  it('span two turns of the seat as one shift', () => {
    const s = schedule({
      rotations: [daily(['ann'])],
      overrides: [{ from: '2026-06-01T12:00', to: '2026-06-02T12:00', person: 'cyd', replaces: 'ann' }],
    });
    expect(lines(s, '2026-06-01T12:00Z', '2026-06-02T12:00Z')).toEqual(['06-01T12:00 06-02T12:00 cyd r/0']);
  });

  it('replace everybody, also where there was a gap', () => {
    const hours = [{ from: '00:00', to: '08:00' }] as const;
    expect(
      day([{ ...at(6, 12), person: ['cyd', 'dan'] }], [{ ...base, roster: [['ann', 'ben']], hours }]),
    ).toEqual([
      '06-01 06:00 ann r/0',
      '06-01 06:00 ben r/1',
      '06:00 12:00 cyd override-1/0',
      '06:00 12:00 dan override-1/1',
      '12:00 06-02 -',
    ]);
  });

  it('put nobody in a place', () => {
    expect(day([{ ...at(6, 12), person: 'nobody', replaces: 'ann' }])).toContain('06:00 12:00 -');
    expect(day([{ ...at(6, 12), person: 'nobody' }])).toContain('06:00 12:00 -');
  });

  it('add one more, and nothing where they are already on call', () => {
    expect(day([{ ...at(6, 12), add: 'cyd' }])).toEqual([
      '06-01 06-02 ann r/0',
      '06:00 12:00 cyd override-1/0',
    ]);
    expect(day([{ ...at(6, 12), add: 'ann' }])).toEqual(['06-01 06-02 ann r/0']);
  });

  it('remove somebody', () => {
    expect(day([{ ...at(6, 12), remove: 'ann' }])).toEqual([
      '06-01 06:00 ann r/0',
      '12:00 06-02 ann r/0',
      '06:00 12:00 -',
    ]);
  });

  it.each<[string, OverrideDraft[], string[]]>([
    [
      'two for one person: the last created wins',
      [
        { ...at(0, 24), person: 'cyd', replaces: 'ann' },
        { ...at(0, 24), person: 'dan', replaces: 'ann' },
      ],
      ['dan'],
    ],
    [
      'a chain',
      [
        { ...at(0, 24), person: 'cyd', replaces: 'ann' },
        { ...at(0, 24), person: 'dan', replaces: 'cyd' },
      ],
      ['dan'],
    ],
    [
      'a chain in the other order does nothing to those not on call',
      [
        { ...at(0, 24), person: 'dan', replaces: 'cyd' },
        { ...at(0, 24), person: 'cyd', replaces: 'ann' },
      ],
      ['cyd'],
    ],
    [
      'a person removed before can be replaced',
      [
        { ...at(0, 24), remove: 'ann' },
        { ...at(0, 24), person: 'cyd', replaces: 'ann' },
      ],
      ['cyd'],
    ],
    [
      'everybody, after a person: everybody wins',
      [
        { ...at(0, 24), person: 'cyd', replaces: 'ann' },
        { ...at(0, 24), person: 'dan' },
      ],
      ['dan'],
    ],
    [
      'a person, after everybody: the person wins',
      [
        { ...at(0, 24), person: 'dan' },
        { ...at(0, 24), person: 'cyd', replaces: 'ann' },
      ],
      ['cyd'],
    ],
    [
      'several for one person, then one: the last wins over all of them',
      [
        { ...at(0, 24), person: ['cyd', 'dan'], replaces: 'ann' },
        { ...at(0, 24), person: 'eve', replaces: 'ann' },
      ],
      ['eve'],
    ],
    [
      'two who stand in for everybody',
      [
        { ...at(0, 24), person: 'cyd' },
        { ...at(0, 24), person: 'dan' },
      ],
      ['dan'],
    ],
  ])('%s', (_, overrides, who) => {
    expect(day(overrides).map((line) => line.split(' ')[2])).toEqual(who);
  });

  it('keep one entry for a person who is already on call', () => {
    const both = { ...base, roster: [['ann', 'ben']] };
    expect(day([{ ...at(6, 12), person: 'ben', replaces: 'ann' }], [both])).toEqual([
      '06-01 06:00 ann r/0',
      '06-01 06-02 ben r/1',
      '12:00 06-02 ann r/0',
    ]);
  });

  it('for everybody go on for the others when one seat is given to somebody', () => {
    const both = { ...base, roster: [['ann', 'ben']] };
    const overrides = [
      { ...at(0, 24), person: 'cyd' },
      { ...at(0, 24), person: 'dan', replaces: 'ann' },
    ];
    expect(day(overrides, [both]).map((line) => line.split(' ')[2])).toEqual(['cyd', 'dan']);
  });

  it('stay cheap where very many overlap', () => {
    const many = Array.from({ length: LIMITS.overlappingOverrides }, (_, i) => {
      const [person, replaces] = [PEOPLE[i % 5] ?? 'ann', PEOPLE[(i + 4) % 5] ?? 'eve'];
      return { ...at(0, 24), person: [person, PEOPLE[(i + 1) % 5] ?? 'ben'], replaces };
    });
    expect(day(many).length).toBeGreaterThan(0);
  });

  it('leave the shifts around them whole', () => {
    expect(
      day([
        { ...at(6, 12), add: 'cyd' },
        { ...at(8, 10), remove: 'cyd' },
      ]),
    ).toEqual(['06-01 06-02 ann r/0', '06:00 08:00 cyd override-1/0', '10:00 12:00 cyd override-1/0']);
  });
});

describe('resolveTimeline', () => {
  it('refuses an empty window', () => {
    const s = schedule({ rotations: [daily(['ann'])] });
    expect(() => resolveTimeline(s, { start: 5, end: 5 })).toThrow(RangeError);
    expect(() => resolveTimeline(s, { start: Number.NaN, end: 5 })).toThrow(RangeError);
  });

  it('refuses a window with too many turns instead of filling the memory', () => {
    const s = schedule({ rotations: [daily(['ann'], { cadence: { every: 1, unit: 'hour' } })] });
    expect(() => resolveTimeline(s, { start: 0, end: instant('2199-01-01') })).toThrow(/shorter window/);
  });

  it('sorts by start, then role, then person', () => {
    const s = schedule({
      roles: ['secondary', 'primary'],
      rotations: [
        daily([['eve', 'ann']], { role: 'secondary' }),
        daily(['cyd'], { id: 'p', role: 'primary' }),
      ],
    });
    const { shifts } = resolveTimeline(s, { start: instant('2026-06-01'), end: instant('2026-06-02') });
    expect(shifts.map(({ role, person }) => `${role} ${person}`)).toEqual([
      'primary cyd',
      'secondary ann',
      'secondary eve',
    ]);
  });
});
