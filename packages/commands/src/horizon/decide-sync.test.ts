import type { Shift } from '@watchbill/core';
import type { ShiftRow } from '@watchbill/database';
import { describe, expect, it } from 'vitest';
import { decideSync } from './decide-sync.ts';

function shift(person: string, start: number, end: number, more: Partial<Shift> = {}): Shift {
  return { person, start, end, role: 'primary', seat: 'week/0', rotation: 'week', override: null, ...more };
}

function row(id: string, ...of: Parameters<typeof shift>): ShiftRow {
  return { ...shift(...of), id, schedule: 's', sequence: 0 };
}

const NOW = 100;

/** `a: 50-120 ann week/0`, one line a row that stays active, and what is new with `+`. */
function outcome(stored: readonly ShiftRow[], shifts: readonly Shift[]): string[] {
  const { added, changed, cancelled, kept } = decideSync({ now: NOW, shifts, stored });
  const text = ({ start, end, person, seat }: Shift) => `${start}-${end} ${person} ${seat}`;
  return [
    ...kept.map((one) => `= ${one.id} ${text(one)}`),
    ...changed.map(({ after, told }) => `${told ? '~' : '-'} ${after.id} ${text(after)}`),
    ...cancelled.map((one) => `x ${one.id}`),
    ...added.map((one) => `+ ${text(one)}`),
  ];
}

describe('shifts in progress', () => {
  it('go on with their own start where their person still holds the role', () => {
    expect(outcome([row('a', 'ann', 50, 150)], [shift('ann', 100, 150)])).toEqual(['= a 50-150 ann week/0']);
    expect(outcome([row('a', 'ann', 50, 150)], [shift('ann', 100, 130)])).toEqual(['~ a 50-130 ann week/0']);
  });

  it('end now where somebody else takes over, who starts now', () => {
    expect(outcome([row('a', 'ann', 50, 150)], [shift('ben', 100, 150)])).toEqual([
      '~ a 50-100 ann week/0',
      '+ 100-150 ben week/0',
    ]);
  });

  it('that would begin and end at once are cancelled', () => {
    expect(outcome([row('a', 'ann', 100, 150)], [shift('ben', 100, 150)])).toEqual([
      'x a',
      '+ 100-150 ben week/0',
    ]);
  });

  it('tell a new source but keep their seat', () => {
    const moved = shift('ann', 100, 150, { seat: 'main/0', rotation: 'main' });
    const { changed } = decideSync({ now: NOW, shifts: [moved], stored: [row('a', 'ann', 50, 150)] });
    expect(changed).toMatchObject([
      { told: true, after: { id: 'a', start: 50, seat: 'week/0', rotation: 'main', sequence: 1 } },
    ]);
  });

  it('swap places in a group without being cut', () => {
    const stored = [row('a', 'ann', 50, 150), row('b', 'ben', 50, 150, { seat: 'week/1' })];
    const shifts = [shift('ben', 100, 150), shift('ann', 100, 150, { seat: 'week/1' })];
    expect(outcome(stored, shifts)).toEqual(['= b 50-150 ben week/1', '= a 50-150 ann week/0']);
  });

  it('are cut in two where their seat is wanted for somebody else', () => {
    const stored = [row('a', 'ann', 50, 150), row('b', 'ben', 50, 150, { seat: 'week/1' })];
    const shifts = [shift('cleo', 100, 150), shift('ann', 100, 150, { seat: 'week/1' })];
    expect(outcome(stored, shifts)).toEqual([
      '~ a 50-100 ann week/0',
      '~ b 50-100 ben week/1',
      '+ 100-150 ann week/1',
      '+ 100-150 cleo week/0',
    ]);
  });

  it('prefer the row of the same seat where somebody holds two', () => {
    const stored = [row('a', 'ann', 40, 150, { seat: 'week/1' }), row('b', 'ann', 50, 160)];
    expect(outcome(stored, [shift('ann', 100, 160)])).toEqual([
      '= b 50-160 ann week/0',
      '~ a 40-100 ann week/1',
    ]);
  });
});

describe('shifts ahead', () => {
  it('stay the same row where role, person and start are the same', () => {
    const stored = [row('a', 'ann', 200, 300), row('b', 'ben', 300, 400)];
    const shifts = [
      shift('ann', 200, 280, { seat: 'other/0', rotation: 'other' }),
      shift('ben', 300, 400, { seat: 'week/1' }),
    ];
    expect(outcome(stored, shifts)).toEqual(['~ a 200-280 ann other/0', '- b 300-400 ben week/1']);
  });

  it('stay the same row where an override takes their beginning, or their handoff moves', () => {
    expect(outcome([row('a', 'ann', 200, 300)], [shift('ann', 240, 300)])).toEqual([
      '~ a 240-300 ann week/0',
    ]);
    const stored = [row('a', 'ann', 200, 300), row('b', 'ann', 300, 400)];
    expect(outcome(stored, [shift('ann', 210, 310), shift('ann', 310, 410)])).toEqual([
      '~ a 210-310 ann week/0',
      '~ b 310-410 ann week/0',
    ]);
  });

  it('keep the first part where the middle is taken', () => {
    const shifts = [shift('ann', 200, 240), shift('dev', 240, 260, { seat: 'o/0' }), shift('ann', 260, 300)];
    expect(outcome([row('a', 'ann', 200, 300)], shifts)).toEqual([
      '~ a 200-240 ann week/0',
      '+ 240-260 dev o/0',
      '+ 260-300 ann week/0',
    ]);
  });

  it('are cancelled and scheduled where the person is another one', () => {
    expect(outcome([row('a', 'ann', 200, 300)], [shift('ben', 200, 300)])).toEqual([
      'x a',
      '+ 200-300 ben week/0',
    ]);
  });

  it('are all cancelled when nothing is planned any more', () => {
    const stored = [row('a', 'ann', 50, 150), row('b', 'ben', 150, 250)];
    expect(outcome(stored, [])).toEqual(['~ a 50-100 ann week/0', 'x b']);
  });
});
