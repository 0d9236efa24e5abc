import {
  afterMove,
  handOver,
  type Interval,
  type Move,
  type Override,
  resolveTimeline,
  type Schedule,
  type Shift,
  sameStanding,
  standingOf,
  standsAll,
} from '@watchbill/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Case, cases, made, PEOPLE } from './core-arbitraries.ts';

const QUARTER = 15 * 60_000;

/** Numbers that choose what moves: which shift, from where in it, how much of it, and to whom. */
const choices = fc.array(
  fc.record({
    shift: fc.nat(),
    from: fc.double({ min: 0, max: 1, noNaN: true }),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
    to: fc.constantFrom(...PEOPLE),
  }),
  { minLength: 1, maxLength: 8 },
);

function resolving(schedule: Schedule) {
  return (added: readonly Override[], window: Interval): readonly Shift[] =>
    resolveTimeline({ ...schedule, overrides: [...schedule.overrides, ...added] }, window).shifts;
}

function moveOf(shifts: readonly Shift[], choice: { shift: number; from: number; part: number; to: string }) {
  const shift = shifts[choice.shift % Math.max(shifts.length, 1)];
  if (shift === undefined) return null;
  const length = shift.end - shift.start;
  const start = shift.start + Math.floor((choice.from * length) / QUARTER) * QUARTER;
  const end = Math.min(shift.end, start + Math.max(QUARTER, Math.floor(choice.part * length)));
  if (start >= end) return null;
  return { role: shift.role, from: shift.person, to: choice.to, start, end } satisfies Move;
}

/** How many are on call in each role at the edges of shifts, and that nobody and no seat is there twice. */
function headCounts(shifts: readonly Shift[], edges: readonly number[]): string[] {
  return edges.map((at) => {
    const now = shifts.filter(({ start, end }) => start <= at && at < end);
    expect(new Set(now.map(({ role, person }) => `${role} ${person}`)).size).toBe(now.length);
    expect(new Set(now.map(({ role, seat }) => `${role} ${seat}`)).size).toBe(now.length);
    return now
      .map(({ role }) => role)
      .sort()
      .join();
  });
}

/** Lets shifts change hands one after another, as requests, takes and takes back do. */
function moveInTurn({ schedule, window }: Case, wishes: readonly Parameters<typeof moveOf>[1][]) {
  let overrides: readonly Override[] = [];
  let ids = 0;
  const moves: Move[] = [];
  for (const wish of wishes) {
    const resolve = resolving({ ...schedule, overrides: [...schedule.overrides, ...overrides] });
    const before = resolve([], window);
    const move = moveOf(before, wish);
    if (move === null) continue;
    const standing = standingOf(before, window);
    const wanted = afterMove(standing, move);
    const result = handOver({ moves: [move], resolve, newId: () => `swap-${ids++}` });
    // Whatever can be is done, and nothing else.
    expect(result.ok).toBe(wanted !== null);
    if (!result.ok || wanted === null) continue;
    overrides = [...overrides, ...result.overrides];
    expect(sameStanding(standingOf(resolve(result.overrides, window), window), wanted)).toBe(true);
    moves.push(move);
  }
  return { overrides, moves };
}

describe('shifts that change hands', () => {
  it('any number of times leave as many on call as before, and nobody twice', () => {
    fc.assert(
      fc.property(cases(), choices, (one, wishes) => {
        const { overrides } = moveInTurn(one, wishes);
        const before = resolving(one.schedule)([], one.window);
        const after = resolving(one.schedule)(overrides, one.window);
        const edges = [...new Set([...before, ...after].flatMap(({ start, end }) => [start, end]))].filter(
          (at) => at < one.window.end,
        );
        expect(headCounts(after, edges)).toEqual(headCounts(before, edges));
      }),
      { numRuns: 200 },
    );
  });

  it('come back to where they were when each move is made the other way, the last first', () => {
    fc.assert(
      fc.property(cases(), choices, (one, wishes) => {
        const { overrides, moves } = moveInTurn(one, wishes);
        const resolve = resolving({
          ...one.schedule,
          overrides: [...one.schedule.overrides, ...overrides],
        });
        let ids = 0;
        const back = moves.toReversed().map((move) => ({ ...move, from: move.to, to: move.from }));
        const undone = handOver({ moves: back, resolve, newId: () => `back-${ids++}` });
        if (!undone.ok) throw new Error(`cannot undo ${JSON.stringify(undone.move)}`);
        const [now, then] = [resolve(undone.overrides, one.window), resolving(one.schedule)([], one.window)];
        expect(sameStanding(standingOf(now, one.window), standingOf(then, one.window))).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('need more than an override in place of one person where that reaches too far', () => {
    // ann stands one seat and ben the other; ben takes ann's, and dan takes ben's old one back: ben has lost a seat.
    const turns = [{ from: '1970-01-01T00:00', to: '1970-01-02T00:00', person: 'nobody' }];
    const bare = made({
      id: 'bare',
      timeZone: 'UTC',
      rotations: [{ id: 'none', strategy: 'fixed', turns }],
    });
    const window = { start: 0, end: 4 * QUARTER };
    const seat = (person: string, index: number): Override => {
      const id = `base-${index}`;
      return { id, role: 'primary', kind: 'add', people: [person], replaces: null, ...window };
    };
    const schedule = { ...bare, overrides: [seat('ann', 0), seat('ben', 1)] };
    const resolve = resolving(schedule);
    let ids = 0;
    const step = (from: string, to: string): Move => ({ role: 'primary', from, to, ...window });
    const moves = [step('ann', 'cyd'), step('ben', 'ann'), step('ann', 'dan')];
    const result = handOver({ moves, resolve, newId: () => `swap-${ids++}` });
    if (!result.ok) throw new Error('it must be possible');
    const standing = standingOf(resolve(result.overrides, window), window);
    for (const person of ['cyd', 'dan'])
      expect(standsAll(standing, { role: 'primary', person, ...window })).toBe(true);
    expect(result.overrides.map(({ kind }) => kind)).toEqual(['replace', 'replace', 'remove', 'add']);
  });
});
