import type { PlannedTurnRow } from '@watchbill/database';
import { describe, expect, it } from 'vitest';
import { decideTurns } from './decide-turns.ts';
import { seatTurns } from './seat-turns.ts';
import { turnReasons } from './turn-reasons.ts';

function turn(unit: string, start: number, end: number): PlannedTurnRow {
  const [person = 'ann', seat = '0'] = unit.split('.');
  const place = {
    schedule: 's',
    rotation: 'r',
    seat: Number(seat),
    person: person === 'none' ? null : person,
  };
  return { unit, ...place, startsAt: start, endsAt: end, intervals: [{ start, end }] };
}

const units = (rows: readonly { readonly unit: string }[]) => rows.map((row) => row.unit);

describe('which turns count after a plan is published', () => {
  const at = { now: 100, countsFrom: 100 };

  it('keeps what has begun, at the very instant too, and replaces what is later', () => {
    const existing = [turn('ann.0.a', 50, 100), turn('ben.0.b', 100, 150), turn('ann.0.c', 150, 200)];
    const made = [turn('cleo.0.b', 100, 150), turn('cleo.0.c', 150, 200), turn('ben.0.d', 200, 250)];
    const { kept, added, dropAfter } = decideTurns(existing, made, at);
    expect(units(kept)).toEqual(['ann.0.a', 'ben.0.b']);
    expect(units(added)).toEqual(['cleo.0.c', 'ben.0.d']);
    expect(dropAfter).toBe(100);
  });

  it('fills a running turn that nobody holds, and adds nothing that has ended', () => {
    const existing = [turn('none.0.a', 50, 150), turn('ann.1.a', 50, 150)];
    const made = [turn('ben.0.0', 0, 50), turn('ben.0.a', 50, 150), turn('cleo.1.a', 50, 150)];
    expect(units(decideTurns(existing, made, at).added)).toEqual(['ben.0.a']);
  });

  it('leaves all until a later revision takes effect', () => {
    const existing = [turn('ann.0.b', 150, 200), turn('ann.0.c', 200, 250), turn('ann.0.d', 250, 300)];
    const made = [turn('ben.0.b', 150, 200), turn('ben.0.c', 210, 250), turn('ben.0.d', 250, 300)];
    const { kept, added } = decideTurns(existing, made, { now: 100, countsFrom: 200 });
    expect(units(kept)).toEqual(['ann.0.b', 'ann.0.c']);
    expect(units(added)).toEqual(['ben.0.c', 'ben.0.d']);
  });
});

describe('turns on their seats', () => {
  it('end where the next on the seat begins, and one without time left is gone', () => {
    const rows = [
      turn('ann.0.a', 0, 100),
      turn('ben.0.b', 60, 120),
      turn('cleo.0.c', 60, 160),
      turn('dev.1.a', 0, 100),
    ];
    const seated = seatTurns(rows).get('r') ?? [];
    expect(seated.map(({ person, intervals }) => [person, intervals])).toEqual([
      ['ann', [{ start: 0, end: 60 }]],
      ['dev', [{ start: 0, end: 100 }]],
      ['cleo', [{ start: 60, end: 160 }]],
    ]);
  });
});

describe('the reason of a shift', () => {
  const shift = { role: 'primary', seat: 'r/0', rotation: 'r', override: null, start: 0, end: 200 };
  const turns = [turn('a', 0, 100), turn('b', 100, 200)];
  const reasonOf = turnReasons(
    [
      { unit: 'a', from: 'ann', to: 'ben', reason: 'chosen', rule: null },
      { unit: 'b', from: 'ann', to: 'cleo', reason: 'forced', rule: 'absent' },
    ],
    turns,
  );

  it('is the strongest of its turns that its person gained or lost', () => {
    expect(reasonOf({ ...shift, person: 'ann' })).toEqual({ reason: 'forced', rule: 'absent' });
    expect(reasonOf({ ...shift, person: 'ann', end: 100 })).toEqual({ reason: 'chosen', rule: null });
    expect(reasonOf({ ...shift, person: 'ben' })).toEqual({ reason: 'chosen', rule: null });
    expect(reasonOf({ ...shift, person: 'cleo' })).toEqual({ reason: 'forced', rule: 'absent' });
  });

  it('is none for others, other times and other rotations', () => {
    expect(reasonOf({ ...shift, person: 'dev' })).toBeNull();
    expect(reasonOf({ ...shift, person: 'ben', start: 100 })).toBeNull();
    expect(reasonOf({ ...shift, person: 'ann', rotation: null })).toBeNull();
  });
});
