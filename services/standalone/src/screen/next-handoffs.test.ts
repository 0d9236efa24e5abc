import { describe, expect, it } from 'vitest';
import { nextHandoffs, type ShiftSpan } from './next-handoffs.ts';

function shift(person: string, startsAt: number, endsAt: number, role = 'primary'): ShiftSpan {
  return { role, person, startsAt, endsAt };
}

const window = { from: 0, to: 100 };

describe('nextHandoffs', () => {
  it('names who goes and who comes, in order, by role', () => {
    const shifts = [
      shift('ana', -10, 20),
      shift('ben', 20, 50),
      shift('ana', -10, 30, 'secondary'),
      shift('chi', 30, 90, 'secondary'),
    ];
    expect(nextHandoffs(shifts, { from: 0, to: 40 })).toEqual([
      { at: 20, role: 'primary', outgoing: ['ana'], incoming: ['ben'] },
      { at: 30, role: 'secondary', outgoing: ['ana'], incoming: ['chi'] },
    ]);
  });

  it('is not misled by two shifts of one person in a row', () => {
    expect(nextHandoffs([shift('ana', -10, 20), shift('ana', 20, 200)], window)).toEqual([]);
  });

  it('shows a gap as nobody, at both of its ends', () => {
    expect(nextHandoffs([shift('ana', -10, 20), shift('ana', 30, 200)], window)).toEqual([
      { at: 20, role: 'primary', outgoing: ['ana'], incoming: [] },
      { at: 30, role: 'primary', outgoing: [], incoming: ['ana'] },
    ]);
  });

  it('tells when one of several on call together changes', () => {
    const shifts = [shift('ana', -10, 20), shift('ben', -10, 40), shift('chi', 20, 40)];
    expect(nextHandoffs(shifts, { from: 0, to: 40 })).toEqual([
      { at: 20, role: 'primary', outgoing: ['ana', 'ben'], incoming: ['ben', 'chi'] },
    ]);
  });

  it('leaves out what is now and what is at the end of the window', () => {
    expect(nextHandoffs([shift('ana', 0, 100), shift('ben', 100, 200)], window)).toEqual([]);
  });
});
