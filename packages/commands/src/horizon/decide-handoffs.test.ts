import { describe, expect, it } from 'vitest';
import { decideHandoffs } from './decide-handoffs.ts';

const stint = (person: string, start: number, end: number, role = 'primary') => ({
  person,
  start,
  end,
  role,
});
const handoffs = (stints: ReturnType<typeof stint>[], window = { start: 0, end: 1000 }) =>
  decideHandoffs(stints, window).map(
    ({ at, role, outgoing, incoming }) => `${at} ${role} ${outgoing.join('+')} > ${incoming.join('+')}`,
  );

describe('decideHandoffs', () => {
  it('is one where somebody goes and somebody else comes', () => {
    expect(handoffs([stint('ann', 0, 100), stint('ben', 100, 200)])).toEqual(['100 primary ann > ben']);
  });

  it('is none where nobody comes, nobody goes, or the same person goes on', () => {
    expect(handoffs([stint('ann', 0, 100), stint('ben', 101, 200)])).toEqual([]);
    expect(handoffs([stint('ann', 0, 200), stint('ben', 100, 150)])).toEqual([]);
    expect(handoffs([stint('ann', 0, 100), stint('ann', 100, 200)])).toEqual([]);
  });

  it('names only those who change in a group, sorted', () => {
    const before = [stint('dev', 0, 100), stint('ann', 0, 100), stint('ben', 0, 100)];
    const after = [stint('eve', 100, 200), stint('ben', 100, 200)];
    expect(handoffs([...before, ...after])).toEqual(['100 primary ann+dev > eve']);
  });

  it('looks at each role alone', () => {
    expect(handoffs([stint('ann', 0, 100), stint('ben', 100, 200, 'backup')])).toEqual([]);
  });

  it('counts people, not seats', () => {
    const stints = [stint('ann', 0, 100), stint('ann', 0, 200), stint('ben', 100, 200)];
    expect(handoffs(stints)).toEqual([]);
  });

  it('takes the start of its window in and leaves its end out', () => {
    const stints = [stint('ann', 0, 100), stint('ben', 100, 200), stint('ann', 200, 300)];
    expect(handoffs(stints, { start: 100, end: 200 })).toEqual(['100 primary ann > ben']);
  });
});
