import { describe, expect, it } from 'vitest';
import type { RotationDraft, ScheduleDraft } from '../schedule/draft.ts';
import { makeSchedule } from '../schedule/make-schedule.ts';
import type { Schedule } from '../schedule/schedule.ts';
import { formatInstant, parseInstant } from '../time/format.ts';
import { nextOnCall, type OnCall, onCallAt, wholeShifts } from './at.ts';
import { handoffs, MAX_HANDOFFS } from './handoffs.ts';
import { handoffsJson, timelineJson, whoJson } from './json.ts';
import { resolveTimeline } from './resolve.ts';

const PEOPLE = ['ann', 'ben', 'cyd'];
const WEEKLY: RotationDraft = {
  id: 'week',
  roster: ['ann', 'ben'],
  cadence: { every: 1, unit: 'week' },
  start: '2026-03-23T09:00',
};

function schedule(draft: Partial<ScheduleDraft>): Schedule {
  const made = makeSchedule(
    { id: 's', timeZone: 'Europe/London', rotations: [WEEKLY], ...draft },
    { people: PEOPLE, teamMembers: null, holidayCalendar: () => null },
  );
  if (!made.ok) throw new Error(JSON.stringify(made.problems));
  return made.value;
}

const instant = (text: string) => parseInstant(text) ?? Number.NaN;
const show = (at: number | null) => (at === null ? 'open' : formatInstant(at));
const line = ({ role, person, since, until, rotation, override }: OnCall) =>
  `${role} ${person} ${show(since)} ${show(until)} ${rotation ?? override}`;

describe('onCallAt', () => {
  it('gives the incoming person at the very instant of a handoff', () => {
    const s = schedule({});
    const handoff = instant('2026-03-30T08:00Z');
    expect(onCallAt(s, handoff).map(line)).toEqual([
      'primary ben 2026-03-30T08:00:00Z 2026-04-06T08:00:00Z week',
    ]);
    expect(onCallAt(s, handoff - 1).map(line)).toEqual([
      'primary ann 2026-03-23T09:00:00Z 2026-03-30T08:00:00Z week',
    ]);
  });

  it('follows a shift as far as it goes', () => {
    const yearly = { ...WEEKLY, cadence: { every: 36, unit: 'month' } } as const;
    expect(onCallAt(schedule({ rotations: [yearly] }), instant('2027-01-01T00:00Z')).map(line)).toEqual([
      'primary ann 2026-03-23T09:00:00Z 2029-03-23T09:00:00Z week',
    ]);
  });

  it('says null where a shift goes on beyond what is looked at', () => {
    const century = { ...WEEKLY, cadence: { every: 1000, unit: 'month' } } as const;
    const [found] = onCallAt(schedule({ rotations: [century] }), instant('2060-01-01T00:00Z'));
    expect(found).toMatchObject({ person: 'ann', since: null, until: null });
  });

  it('keeps the order of the roles', () => {
    const roles = ['secondary', 'primary'];
    const s = schedule({ roles, rotations: roles.map((role) => ({ ...WEEKLY, id: role, role })) });
    expect(onCallAt(s, instant('2026-03-24T00:00Z')).map(({ role }) => role)).toEqual(roles);
  });
});

describe('nextOnCall', () => {
  it('is who takes over at the next handoff to somebody else', () => {
    const s = schedule({ rotations: [{ ...WEEKLY, roster: ['ann', 'ann', ['ben', 'cyd']] }] });
    expect(nextOnCall(s, instant('2026-03-24T00:00Z')).map(line)).toEqual([
      'primary ben 2026-04-06T08:00:00Z 2026-04-13T08:00:00Z week',
      'primary cyd 2026-04-06T08:00:00Z 2026-04-13T08:00:00Z week',
    ]);
  });

  it('sees an override, and the return from it', () => {
    const overrides = [{ from: '2026-03-25T00:00', to: '2026-03-26T00:00', person: 'cyd', replaces: 'ann' }];
    const s = schedule({ overrides });
    expect(nextOnCall(s, instant('2026-03-24T00:00Z')).map(line)).toEqual([
      'primary cyd 2026-03-25T00:00:00Z 2026-03-26T00:00:00Z override-1',
    ]);
    expect(nextOnCall(s, instant('2026-03-25T12:00Z')).map(line)).toEqual([
      'primary ann 2026-03-26T00:00:00Z 2026-03-30T08:00:00Z week',
    ]);
  });

  it('is nobody where one person is always on call', () => {
    expect(nextOnCall(schedule({ rotations: [{ ...WEEKLY, roster: ['ann'] }] }), 0)).toEqual([]);
  });

  it('says of each role who is next', () => {
    const daily = { ...WEEKLY, id: 'day', role: 'secondary', cadence: { every: 1, unit: 'day' } } as const;
    const s = schedule({ roles: ['primary', 'secondary'], rotations: [WEEKLY, daily] });
    expect(
      nextOnCall(s, instant('2026-03-24T00:00Z')).map(({ role, since }) => `${role} ${show(since)}`),
    ).toEqual(['primary 2026-03-30T08:00:00Z', 'secondary 2026-03-24T09:00:00Z']);
  });
});

describe('wholeShifts', () => {
  it('gives the shifts that touch a window with their own ends', () => {
    const window = { start: instant('2026-03-29T00:00Z'), end: instant('2026-03-31T00:00Z') };
    const spans = wholeShifts(schedule({}), window).map(({ start, end }) => `${show(start)} ${show(end)}`);
    expect(spans).toEqual([
      '2026-03-23T09:00:00Z 2026-03-30T08:00:00Z',
      '2026-03-30T08:00:00Z 2026-04-06T08:00:00Z',
    ]);
  });
});

describe('handoffs', () => {
  const rotation = (change: Partial<RotationDraft>) => {
    const [made] = schedule({ rotations: [{ ...WEEKLY, ...change }] }).rotations;
    if (made === undefined) throw new Error('no rotation');
    return made;
  };

  it('lists the boundaries strictly after an instant, until not included', () => {
    const after = instant('2026-03-23T09:00Z');
    const two = ['2026-03-30T08:00:00Z', '2026-04-06T08:00:00Z'];
    expect(handoffs(rotation({}), { after, count: 2 }).map(show)).toEqual(two);
    expect(handoffs(rotation({}), { after, until: instant('2026-04-13T08:00Z') }).map(show)).toEqual(two);
    expect(handoffs(rotation({}), { after })).toHaveLength(10);
  });

  it('lists a merged boundary once', () => {
    const hourly = rotation({
      timeZone: 'America/New_York',
      cadence: { every: 1, unit: 'hour' },
      start: '2026-03-01T00:00',
    });
    expect(handoffs(hourly, { after: instant('2026-03-08T05:30Z'), count: 3 }).map(show)).toEqual([
      '2026-03-08T06:00:00Z',
      '2026-03-08T07:00:00Z',
      '2026-03-08T08:00:00Z',
    ]);
  });

  it('stays within the effective dates', () => {
    const bounded = rotation({ effectiveFrom: '2026-03-30T09:00', effectiveUntil: '2026-04-13T09:00' });
    expect(handoffs(bounded, { after: 0 }).map(show)).toEqual([
      '2026-03-30T08:00:00Z',
      '2026-04-06T08:00:00Z',
    ]);
  });

  it('lists the starts of fixed turns', () => {
    const turns = [{ from: '2026-12-21T09:00', to: '2026-12-28T09:00', person: 'ann' }];
    const made = schedule({ rotations: [{ id: 'f', strategy: 'fixed', turns }] }).rotations[0];
    expect(made && handoffs(made, { after: 0 }).map(show)).toEqual(['2026-12-21T09:00:00Z']);
  });

  it('refuses to list without end', () => {
    const hourly = rotation({ cadence: { every: 1, unit: 'hour' } });
    expect(() => handoffs(hourly, { after: 0, until: instant('2100-01-01T00:00Z') })).toThrow(RangeError);
    expect(handoffs(hourly, { after: 0, count: MAX_HANDOFFS })).toHaveLength(MAX_HANDOFFS);
  });
});

describe('the JSON contract', () => {
  const at = instant('2026-03-24T00:00Z');

  it('of a timeline', () => {
    const hours = [{ days: ['tue'], from: '00:00', to: '12:00' }] as const;
    const s = schedule({ rotations: [{ ...WEEKLY, hours }] });
    expect(JSON.stringify(timelineJson(resolveTimeline(s, { start: at, end: at + 86_400_000 })))).toBe(
      '{"schedule":"s","from":"2026-03-24T00:00:00Z","to":"2026-03-25T00:00:00Z","shifts":[' +
        '{"start":"2026-03-24T00:00:00Z","end":"2026-03-24T12:00:00Z","person":"ann","role":"primary",' +
        '"rotation":"week","override":null}],"gaps":[{"start":"2026-03-24T12:00:00Z",' +
        '"end":"2026-03-25T00:00:00Z","role":"primary"}]}',
    );
  });

  it('of who is on call', () => {
    const s = schedule({});
    const json = whoJson(at, [{ schedule: s.id, onCall: onCallAt(s, at), next: nextOnCall(s, at) }]);
    expect(json).toEqual({
      at: '2026-03-24T00:00:00Z',
      schedules: [
        {
          schedule: 's',
          onCall: [
            {
              role: 'primary',
              person: 'ann',
              since: '2026-03-23T09:00:00Z',
              until: '2026-03-30T08:00:00Z',
              rotation: 'week',
              override: null,
            },
          ],
          next: [
            {
              role: 'primary',
              person: 'ben',
              since: '2026-03-30T08:00:00Z',
              until: '2026-04-06T08:00:00Z',
              rotation: 'week',
              override: null,
            },
          ],
        },
      ],
    });
  });

  it('of handoffs', () => {
    expect(handoffsJson('s', 'week', [at])).toEqual({
      schedule: 's',
      rotation: 'week',
      handoffs: ['2026-03-24T00:00:00Z'],
    });
  });
});
