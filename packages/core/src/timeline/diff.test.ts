import { describe, expect, it } from 'vitest';
import { weekendOfPlace } from '../people/weekend.ts';
import { parseInstant } from '../time/format.ts';
import { applyChanges, diffTimelines } from './diff.ts';
import { loadOf, summariseByPerson, usualHours } from './summary.ts';
import type { Shift } from './timeline.ts';

const HOUR = 3_600_000;

function shift(person: string, start: number, end: number, seat = 'r/0'): Shift {
  return { start, end, person, role: 'primary', seat, rotation: 'r', override: null };
}

describe('diffTimelines', () => {
  it('says nothing about what stays', () => {
    const shifts = [shift('ann', 0, 5), shift('ben', 5, 9)];
    expect(diffTimelines({ shifts }, { shifts: [...shifts] })).toEqual([]);
  });

  it('tells a changed end, a changed start, and who came and went', () => {
    const a = [shift('ann', 0, 5), shift('ben', 5, 9), shift('cyd', 9, 12)];
    const b = [shift('ann', 0, 4), shift('ben', 4, 9), shift('dan', 9, 12)];
    const changes = diffTimelines({ shifts: a }, { shifts: b });
    expect(changes).toEqual([
      { kind: 'changed', before: a[0], after: b[0] },
      { kind: 'changed', before: a[1], after: b[1] },
      { kind: 'removed', shift: a[2] },
      { kind: 'added', shift: b[2] },
    ]);
    expect(applyChanges(a, changes)).toEqual(b);
  });

  it('is refused on another timeline', () => {
    const changes = diffTimelines({ shifts: [shift('ann', 0, 5)] }, { shifts: [] });
    expect(() => applyChanges([shift('ben', 0, 5)], changes)).toThrow(RangeError);
  });
});

describe('loads', () => {
  const at = (text: string) => parseInstant(text) ?? Number.NaN;

  it('count nights and weekends in local time', () => {
    const week = shift('ann', at('2026-06-01T09:00Z'), at('2026-06-08T09:00Z'));
    expect(loadOf([week], usualHours('UTC'))).toEqual({ hours: 168, shifts: 1, nights: 7, weekendShifts: 1 });
    // 22:00–06:00 in London is the afternoon in San Francisco.
    const london = shift('ann', at('2026-06-02T22:00Z'), at('2026-06-03T06:00Z'));
    expect(loadOf([london], usualHours('Etc/UTC')).nights).toBe(1);
    expect(loadOf([london], usualHours('America/Los_Angeles')).nights).toBe(0);
  });

  it('count nights by when the person sleeps, and weekends by their own days', () => {
    const usual = usualHours('Asia/Jerusalem');
    const nora = { ...usual, sleep: { fromMinute: 60, toMinute: 540 }, weekend: weekendOfPlace('IL') };
    // Thursday 23:00 to Friday 01:00, and Saturday 08:00 to Sunday 09:00.
    const late = shift('nora', at('2026-06-04T20:00Z'), at('2026-06-04T22:00Z'));
    expect(loadOf([late], usual)).toMatchObject({ nights: 1, weekendShifts: 0 });
    expect(loadOf([late], nora)).toMatchObject({ nights: 0, weekendShifts: 1 });
    const sunday = shift('nora', at('2026-06-07T05:30Z'), at('2026-06-07T06:30Z'));
    expect(loadOf([sunday], usual)).toMatchObject({ nights: 0, weekendShifts: 1 });
    expect(loadOf([sunday], nora)).toMatchObject({ nights: 1, weekendShifts: 0 });
    const asleepByDay = { ...usual, sleep: { fromMinute: 600, toMinute: 960 } };
    expect(loadOf([late], asleepByDay).nights).toBe(0);
  });

  it('do not touch a night or a weekend that begins where the shift ends', () => {
    const friday = shift('ann', at('2026-06-05T15:00Z'), at('2026-06-05T23:00Z'));
    expect(loadOf([friday], usualHours('UTC'))).toEqual({ hours: 8, shifts: 1, nights: 0, weekendShifts: 0 });
    const toMidnight = shift('ann', at('2026-06-05T15:00Z'), at('2026-06-06T00:00Z'));
    expect(loadOf([toMidnight], usualHours('UTC'))).toMatchObject({ nights: 1, weekendShifts: 0 });
    const morning = shift('ann', at('2026-06-05T07:00Z'), at('2026-06-05T08:00Z'));
    expect(loadOf([morning], usualHours('UTC')).nights).toBe(0);
  });

  it('count a night once, however many shifts it has', () => {
    const start = at('2026-06-02T23:00Z');
    const halves = [shift('ann', start, start + HOUR), shift('ann', start + HOUR, start + 2 * HOUR)];
    expect(loadOf(halves, usualHours('UTC'))).toMatchObject({ shifts: 2, nights: 1 });
  });

  it('differ by person, for everybody in either timeline', () => {
    const start = at('2026-06-02T23:00Z');
    const before = { shifts: [shift('ann', start, start + 8 * HOUR)] };
    const after = { shifts: [shift('ben', start, start + 8 * HOUR)] };
    const zones = { timeZone: 'UTC', people: [{ id: 'ben', ...usualHours('Asia/Tokyo') }] };
    const [ann, ben] = summariseByPerson(before, after, zones);
    expect(ann).toMatchObject({ person: 'ann', change: { hours: -8, shifts: -1, nights: -1 } });
    expect(ben).toMatchObject({ person: 'ben', change: { hours: 8, shifts: 1, nights: 0 } });
  });
});
