import { describe, expect, it } from 'vitest';
import type { Schedule } from '../schedule/schedule.ts';
import { aheadOf, expiryOf, whyNotOpen, withoutStretches } from './decide-swap.ts';
import { placeOf } from './place.ts';
import { afterMove, standingOf, standsAll } from './standing.ts';
import { isFinal, type Swap, type SwapState, type SwapStretch } from './swap.ts';

const NOW = 1_000;

function stretch(start: number, end: number, change: Partial<SwapStretch> = {}): SwapStretch {
  return { schedule: 'payments', role: 'primary', person: 'ann', start, end, ...change };
}

function swap(state: SwapState, expiresAt = NOW + 1): Swap {
  const gives = [stretch(NOW + 1, NOW + 9)];
  return {
    ...{ id: 'swp_1', kind: 'cover', origin: 'request', state, version: 0, person: 'ann' },
    ...{ gives, takes: [], to: { kind: 'team' }, asked: ['ben'], reason: null },
    ...{ acceptedBy: null, acceptedAt: null, awaiting: [], offers: [], refusals: [], overrides: [] },
    ...{ restOf: null, startsAt: NOW + 1, expiresAt, createdBy: 'ann', createdAt: 0 },
    ...{ closedBy: null, closedReason: null, closedAt: null },
  };
}

describe('whyNotOpen', () => {
  it('is nothing before the shift begins, and from then on that it is too late', () => {
    expect(whyNotOpen(swap('open'), NOW, 'Ben')).toBeNull();
    expect(whyNotOpen(swap('open'), NOW + 1, 'Ben')?.reason).toBe('swap/expired');
  });

  it('names who was faster, and has a reason for each end', () => {
    const states = ['accepted', 'applied', 'declined', 'cancelled', 'expired'] as const;
    const told = states.map((state) => whyNotOpen(swap(state), NOW, 'Ben'));
    expect(told.map((why) => why?.reason)).toEqual([
      'swap/taken',
      'swap/taken',
      'swap/not-open',
      'swap/not-open',
      'swap/expired',
    ]);
    expect(told[1]?.message).toContain('Ben');
    expect(states.map(isFinal)).toEqual([false, true, true, true, true]);
  });
});

describe('stretches', () => {
  it('expire when the first of them starts; one that runs, when it ends', () => {
    expect(expiryOf([stretch(NOW + 5, NOW + 9), stretch(NOW + 3, NOW + 4)], NOW)).toBe(NOW + 3);
    expect(expiryOf([stretch(NOW, NOW + 9), stretch(NOW + 20, NOW + 30)], NOW)).toBe(NOW + 9);
  });

  it('are cut at now, and dropped when over', () => {
    expect(aheadOf([stretch(0, NOW), stretch(0, NOW + 1)], NOW)).toEqual([stretch(NOW, NOW + 1)]);
  });

  it('leave what others of the same place do not cover', () => {
    const all = [stretch(0, 10), stretch(20, 30, { role: 'secondary' })];
    expect(withoutStretches(all, [stretch(4, 6), stretch(2, 3), stretch(20, 30)])).toEqual([
      stretch(0, 2),
      stretch(3, 4),
      stretch(6, 10),
      all[1],
    ]);
  });
});

describe('what people stand', () => {
  const shift = (person: string, start: number, end: number) => ({ role: 'primary', person, start, end });
  const standing = standingOf([shift('ann', 0, 5), shift('ann', 5, 9), shift('ben', 9, 12)], {
    start: 1,
    end: 20,
  });
  const move = { role: 'primary', from: 'ann', to: 'cleo', start: 2, end: 8 };

  it('joins shifts that touch, within the window', () => {
    expect(standsAll(standing, shift('ann', 1, 9))).toBe(true);
    expect(standsAll(standing, shift('ann', 0, 9))).toBe(false);
    expect(standsAll(standing, shift('ann', 8, 10))).toBe(false);
  });

  it('moves what is stood, to somebody who is not there', () => {
    const after = afterMove(standing, move);
    if (after === null) throw new Error('it can be moved');
    expect(standsAll(after, shift('cleo', 2, 8))).toBe(true);
    expect(standsAll(after, shift('ann', 1, 2))).toBe(true);
    expect(standsAll(after, shift('ann', 2, 3))).toBe(false);
    expect(afterMove(standing, { ...move, end: 10 })).toBeNull();
    expect(afterMove(standing, { ...move, to: 'ann' })).toBeNull();
    expect(afterMove(after, { ...move, from: 'ben', to: 'cleo', start: 9, end: 10 })).not.toBeNull();
    expect(afterMove(after, { ...move, start: 1, end: 2, to: 'cleo' })).not.toBeNull();
    expect(afterMove(after, { ...move, from: 'cleo', to: 'cleo' })).toBeNull();
  });
});

describe('placeOf', () => {
  const rotation = (id: string, role: string, roster: string[]) => ({
    ...{
      id,
      role,
      layer: 0,
      hours: { kind: 'all' },
      timeZone: 'UTC',
      effectiveFrom: null,
      effectiveUntil: 100,
    },
    strategy: {
      kind: 'in_order',
      roster: roster.map((one) => [one]),
      cadence: { every: 1, unit: 'day' },
      start: 0,
      count: 'elapsed',
    },
  });
  const schedule = {
    ...{
      id: 'payments',
      timeZone: 'UTC',
      roles: ['primary', 'secondary'],
      coreHours: [],
      coverage: { kind: 'all' },
    },
    rotations: [rotation('one', 'primary', ['ann', 'ben']), rotation('two', 'secondary', ['cleo'])],
    overrides: [],
  } as unknown as Schedule;
  const place = (person: string, start = 0) =>
    placeOf(schedule, { role: 'primary', start, end: start + 10 }, { person, team: ['dev'] });

  it('knows the roster of the role, the team, and strangers', () => {
    expect(['ben', 'cleo', 'dev', 'zoe'].map((id) => place(id))).toEqual([
      'roster',
      'team',
      'team',
      'outside',
    ]);
    expect(place('ben', 100)).toBe('outside');
  });
});
