import { describe, expect, it } from 'vitest';
import { diffFeedAbsences } from './diff-feed-absences.ts';

const at = 100;
const row = (feedKey: string, startsAt: number, endsAt: number) => ({ feedKey, startsAt, endsAt });

describe('the difference between a calendar and what is stored', () => {
  it('is nothing where both say the same, in whatever order', () => {
    const held = [
      { key: 'b', start: 300, end: 400 },
      { key: 'a', start: 50, end: 200 },
    ];
    expect(diffFeedAbsences([row('a', 50, 200), row('b', 300, 400)], held, at)).toEqual({
      entered: [],
      cancelled: [],
    });
  });

  it('enters what is new, cancels what is gone, and does both where an end has moved', () => {
    const held = [
      { key: 'new', start: 500, end: 600 },
      { key: 'moved', start: 300, end: 350 },
    ];
    const difference = diffFeedAbsences([row('moved', 300, 400), row('gone', 700, 800)], held, at);
    expect(difference.entered.map(({ key }) => key)).toEqual(['new', 'moved']);
    expect(difference.cancelled.map(({ feedKey }) => feedKey)).toEqual(['moved', 'gone']);
  });

  it('passes over what has ended, what has no length, and a key that comes twice', () => {
    const held = [
      { key: 'ended', start: 10, end: 100 },
      { key: 'empty', start: 200, end: 200 },
      { key: 'twice', start: 300, end: 400 },
      { key: 'twice', start: 300, end: 500 },
    ];
    expect(diffFeedAbsences([], held, at).entered).toEqual([{ key: 'twice', start: 300, end: 400 }]);
  });
});
