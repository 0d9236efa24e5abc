import {
  DEFAULT_RULES,
  type Interval,
  type PlanPerson,
  type PlanProblem,
  type PlanUnit,
} from '@watchbill/core';
import type { PlannedTurnRow } from '@watchbill/database';
import { describe, expect, it } from 'vitest';
import { settleBegun } from './settle-begun.ts';

const HOUR_MS = 3_600_000;
const NOW = 12 * HOUR_MS;
const hours = (start: number, end: number): Interval => ({ start: start * HOUR_MS, end: end * HOUR_MS });

function unit(id: string, stretch: Interval, previous: string | null = null): PlanUnit {
  const place = { schedule: 's', rotation: 'r', role: 'primary', seat: 0, rules: DEFAULT_RULES };
  const begun = stretch.start < NOW;
  return { id, ...place, intervals: [stretch], eligible: null, previous, frozen: false, pinned: begun };
}

function row(id: string, stretch: Interval, person: string | null): PlannedTurnRow {
  const place = { schedule: 's', rotation: 'r', seat: 0 };
  return { unit: id, ...place, startsAt: stretch.start, endsAt: stretch.end, intervals: [stretch], person };
}

function settled(
  units: readonly PlanUnit[],
  turns: readonly PlannedTurnRow[],
  away: Readonly<Record<string, Interval>> = {},
) {
  const people = ['ann', 'ben'].map((id) => ({ id, unavailable: away[id] === undefined ? [] : [away[id]] }));
  const problem = { people: people as unknown as PlanPerson[], units, keepPrevious: true };
  const { problem: made, splits } = settleBegun(problem as unknown as PlanProblem, {
    turns,
    given: new Map(),
    now: NOW,
  });
  const told = made.units.map(({ id, intervals, pinned, previous }) => [
    id.replace('s/r@1970-01-01T', ''),
    ...intervals.flatMap(({ start, end }) => [start / HOUR_MS, end / HOUR_MS]),
    pinned ? 'begun' : 'open',
    previous,
  ]);
  return { told, splits: splits.map(({ from }) => from) };
}

describe('a running turn', () => {
  it('is there as it stands, and what nobody held before now is not', () => {
    const units = [unit('old', hours(0, 8)), unit('a', hours(8, 16), 'ann'), unit('b', hours(16, 24), 'ben')];
    expect(settled(units, [row('a', hours(8, 16), 'ann')]).told).toEqual([
      ['a', 8, 16, 'begun', 'ann'],
      ['b', 16, 24, 'open', 'ben'],
    ]);
  });

  it('that nobody holds is open as a whole', () => {
    expect(settled([unit('a', hours(8, 16))], []).told).toEqual([['a', 8, 16, 'open', null]]);
  });

  it('of an earlier rhythm leaves the rest of the new one open, and that stays with whom it went to', () => {
    const units = [unit('a', hours(8, 32), 'ann'), unit('b', hours(32, 56), 'ben')];
    const short = row('a', hours(8, 20), 'ann');
    const rest = ['20:00:00Z#0', 20, 32, 'open'];
    expect(settled(units, [short]).told).toEqual([
      ['a', 8, 20, 'begun', 'ann'],
      ['b', 32, 56, 'open', 'ben'],
      [...rest, null],
    ]);
    const given = row('s/r@1970-01-01T20:00:00Z#0', hours(20, 32), 'ben');
    expect(settled(units, [short, given]).told).toContainEqual([...rest, 'ben']);
  });

  it('of an earlier rhythm ends where the next one begins on its seat', () => {
    const units = [unit('b', hours(16, 24), 'ben')];
    expect(settled(units, [row('a', hours(8, 32), 'ann')]).told).toEqual([
      ['b', 16, 24, 'open', 'ben'],
      ['a', 8, 16, 'begun', 'ann'],
    ]);
  });

  it('is split where its holder goes away, each time it is planned, and whole again when they stay', () => {
    const units = [unit('a', hours(8, 16), 'ann')];
    const away = { ann: hours(14, 20) };
    const first = settled(units, [row('a', hours(8, 16), 'ann')], away);
    const rest = ['14:00:00Z#0', 14, 16, 'open'];
    expect([first.told, first.splits]).toEqual([
      [
        ['a', 8, 14, 'begun', 'ann'],
        [...rest, null],
      ],
      ['ann'],
    ]);
    const turns = [row('a', hours(8, 16), 'ann'), row('s/r@1970-01-01T14:00:00Z#0', hours(14, 16), 'ben')];
    expect(settled(units, turns, away).told).toEqual([
      ['a', 8, 14, 'begun', 'ann'],
      [...rest, 'ben'],
    ]);
    expect(settled(units, turns).told).toEqual([['a', 8, 16, 'begun', 'ann']]);
  });
});
