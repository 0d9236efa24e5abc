import { describe, expect, it } from 'vitest';
import type { PersonDraft } from '../schedule/draft.ts';
import { formatInstant } from '../time/format.ts';
import { makePerson, makeTeam } from './person.ts';

const CONTEXT = {
  holidayCalendar: (id: string) =>
    ['GB-ENG', 'IL'].includes(id) ? { id, source: 'test', dates: ['2026-12-25'] } : null,
};
const DRAFT: PersonDraft = { id: 'amara', name: 'Amara Okafor', timeZone: 'Europe/London' };

function problems(change: Partial<PersonDraft>): string[] {
  const made = makePerson({ ...DRAFT, ...change }, CONTEXT);
  return made.ok ? [] : made.problems.map(({ path, code }) => `${path.join('.')} ${code}`);
}

describe('makePerson', () => {
  it('fills in what a draft leaves out', () => {
    const made = makePerson(DRAFT, CONTEXT);
    expect(made.ok && made.value).toMatchObject({
      email: null,
      share: 1,
      joinedOn: null,
      unavailable: [],
      workingHours: { days: [1, 2, 3, 4, 5], fromMinute: 540, toMinute: 1020, timeZone: 'Europe/London' },
    });
  });

  it('gives working hours the holidays of the person', () => {
    const made = makePerson({ ...DRAFT, holidays: 'GB-ENG' }, CONTEXT);
    expect(made.ok && made.value.workingHours.holidays?.id).toBe('GB-ENG');
  });

  it('takes days of rest and of work from each other, or from the country', () => {
    const week = (change: Partial<PersonDraft>) => {
      const made = makePerson({ ...DRAFT, ...change }, CONTEXT);
      return made.ok && [made.value.workingHours.days, made.value.weekend];
    };
    const hours = { from: '09:00', to: '17:00' };
    const [usual, sunday] = [
      [1, 2, 3, 4, 5],
      [1, 2, 3, 4, 7],
    ];
    expect(week({})).toEqual([usual, [6, 7]]);
    expect(week({ holidays: 'GB-ENG' })).toEqual([usual, [6, 7]]);
    expect(week({ holidays: 'IL' })).toEqual([sunday, [5, 6]]);
    expect(week({ weekend: ['sat', 'fri'] })).toEqual([sunday, [5, 6]]);
    // Who works on a day of the usual weekend rests on the other days.
    expect(week({ holidays: 'IL', workingHours: { ...hours, days: ['mon', 'tue', 'fri'] } })).toEqual([
      [1, 2, 5],
      [3, 4, 6, 7],
    ]);
    expect(week({ workingHours: { ...hours, days: ['sun', 'mon', 'tue', 'wed', 'thu'] } })).toEqual([
      sunday,
      [5, 6],
    ]);
    expect(week({ workingHours: { ...hours, days: ['mon', 'wed'] } })).toEqual([
      [1, 3],
      [6, 7],
    ]);
    expect(week({ weekend: ['sun'], workingHours: { ...hours, days: ['sun'] } })).toEqual([[7], [7]]);
  });

  it('knows the night and the newcomer', () => {
    const made = makePerson(
      { ...DRAFT, sleep: { from: '00:30', to: '08:00' }, shadowUntil: '2026-05-01' },
      CONTEXT,
    );
    expect(made.ok && made.value).toMatchObject({
      sleep: { fromMinute: 30, toMinute: 480 },
      shadowUntilOn: '2026-05-01',
    });
    expect(makePerson(DRAFT, CONTEXT)).toMatchObject({
      value: { sleep: { fromMinute: 1380, toMinute: 420 }, shadowUntilOn: null },
    });
  });

  it('reads absences: dates are whole local days, both ends included', () => {
    const made = makePerson(
      {
        ...DRAFT,
        timeZone: 'Europe/Berlin',
        unavailable: [
          { from: '2026-12-21', to: '2027-01-03', reason: 'leave' },
          { from: '2026-12-04T12:00', to: '2026-12-04T18:00' },
        ],
      },
      CONTEXT,
    );
    const absences = made.ok ? made.value.unavailable : [];
    expect(
      absences.map(({ start, end, reason }) => [formatInstant(start), formatInstant(end), reason]),
    ).toEqual([
      ['2026-12-04T11:00:00Z', '2026-12-04T17:00:00Z', null],
      ['2026-12-20T23:00:00Z', '2027-01-03T23:00:00Z', 'leave'],
    ]);
  });

  it.each<[Partial<PersonDraft>, string]>([
    [{ id: 'nobody' }, 'id id/reserved'],
    [{ id: '' }, 'id id/invalid'],
    [{ name: ' ' }, 'name name/empty'],
    [{ name: 'a\u0000b' }, 'name name/control-character'],
    [{ timeZone: '+01:00' }, 'timeZone time/unknown-zone'],
    [{ share: 0 }, 'share person/share'],
    [{ share: Number.NaN }, 'share person/share'],
    [{ holidays: 'XX' }, 'holidays holidays/unknown'],
    [{ joined: '2026-02-30' }, 'joined time/invalid-date'],
    [{ joined: '2026-03-01', left: '2026-03-01' }, 'left time/empty-range'],
    [{ unavailable: [{ from: '2026-12-22', to: '2026-12-21' }] }, 'unavailable.0.to time/empty-range'],
    [{ joined: '2026-03-01', shadowUntil: '2026-03-01' }, 'shadowUntil time/empty-range'],
    [{ shadowUntil: 'soon' }, 'shadowUntil time/invalid-date'],
    [{ weekend: [] }, 'weekend person/weekend'],
    [{ weekend: ['mon', 'tue', 'wed', 'thu'] }, 'weekend person/weekend'],
    [{ sleep: { from: '23:00', to: '23:00' } }, 'sleep person/sleep'],
    [{ sleep: { from: '23:10', to: '07:00' } }, 'sleep person/sleep'],
    [{ sleep: { from: '20:00', to: '08:15' } }, 'sleep person/sleep'],
    [{ sleep: { from: '23:00', to: '7:00' } }, 'sleep.to time/invalid-clock'],
    [{ workingHours: { from: '09:00', to: '25:00' } }, 'workingHours.to time/invalid-clock'],
    [{ prefers: [{ days: ['sat'], weight: 11 }] }, 'prefers.0.weight person/weight'],
  ])('refuses %j', (change, expected) => {
    expect(problems(change)).toEqual([expected]);
  });
});

describe('makeTeam', () => {
  it('knows its people', () => {
    const people = new Set(['amara', 'benji']);
    const team = { id: 'payments', members: ['amara', 'benji'] };
    expect(makeTeam(team, people)).toEqual({
      ok: true,
      value: { ...team, name: 'payments', managers: [], swaps: 'free' },
    });
    const wary = { ...team, managers: ['amara'], swaps: 'approval' } as const;
    expect(makeTeam(wary, people)).toMatchObject({ ok: true, value: { swaps: 'approval' } });
    const headless = makeTeam({ ...wary, managers: [] }, people);
    expect(headless).toMatchObject({ ok: false, problems: [{ code: 'team/no-managers' }] });
    const made = makeTeam({ ...team, members: ['amara', 'amara'], managers: ['zed'] }, people);
    expect(made.ok ? [] : made.problems.map(({ path, code }) => `${path.join('.')} ${code}`)).toEqual([
      'members.1 id/duplicate',
      'managers.0 person/unknown',
    ]);
  });
});
