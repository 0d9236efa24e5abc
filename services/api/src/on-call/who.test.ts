import type { OnCallRow } from '@watchbill/database';
import { describe, expect, it } from 'vitest';
import { segmentAt, whoEntry } from './who.ts';

const HOUR_MS = 3_600_000;

function row(kind: OnCallRow['kind'], facts: Partial<OnCallRow>): OnCallRow {
  const shift = {
    id: 'x',
    schedule: 's',
    seat: 'w/0',
    rotation: 'w',
    override: null,
    status: 'active',
  } as const;
  return {
    kind,
    role: 'primary',
    person: 'ana',
    startsAt: 0,
    endsAt: HOUR_MS,
    roles: null,
    ...shift,
    ...facts,
  };
}

describe('whoEntry', () => {
  it('puts roles in the order of the schedule, then people by id', () => {
    const roles = ['primary', 'backup'];
    const rows = [
      row('now', { role: 'backup', person: 'ana', roles }),
      row('now', { role: 'primary', person: 'cleo', roles }),
      row('now', { role: 'primary', person: 'benji', roles }),
      row('now', { role: 'gone', person: 'dev', roles }),
    ];
    const { onCall } = whoEntry('s', rows);
    expect(onCall.map(({ role, person }) => [role, person])).toEqual([
      ['primary', 'benji'],
      ['primary', 'cleo'],
      ['backup', 'ana'],
      ['gone', 'dev'],
    ]);
  });

  it('keeps schedules apart', () => {
    const rows = [row('now', { person: 'ana' }), row('now', { schedule: 't', person: 'benji' })];
    expect(whoEntry('t', rows).onCall.map(({ person }) => person)).toEqual(['benji']);
  });
});

describe('segmentAt', () => {
  it('holds until the first end or start of any role, also of the same person', () => {
    const rows = [
      row('now', { endsAt: 5 * HOUR_MS }),
      row('first', { startsAt: 4 * HOUR_MS, endsAt: 9 * HOUR_MS }),
      row('next', { person: 'benji', startsAt: 9 * HOUR_MS, endsAt: 10 * HOUR_MS }),
    ];
    const segment = segmentAt('s', HOUR_MS, rows);
    expect([segment.from, segment.until]).toEqual([HOUR_MS, 4 * HOUR_MS]);
    expect(JSON.parse(segment.json)).toMatchObject({
      schedule: 's',
      onCall: [{ person: 'ana', since: '1970-01-01T00:00:00Z', until: '1970-01-01T05:00:00Z' }],
      next: [{ person: 'benji', since: '1970-01-01T09:00:00Z' }],
    });
  });

  it('holds for ever where nothing is stored', () => {
    expect(segmentAt('s', 0, []).until).toBe(Number.POSITIVE_INFINITY);
  });
});
