import type { StoredShiftRow } from '@watchbill/database';
import { describe, expect, it } from 'vitest';
import { joinTimeline } from './stored-timeline.ts';

function stored(person: string, startsAt: number, endsAt: number): StoredShiftRow {
  const facts = {
    id: person,
    schedule: 's',
    role: 'primary',
    seat: 'w/0',
    rotation: 'w',
    override: null,
  } as const;
  return { ...facts, person, startsAt, endsAt, status: 'active' };
}
const planned = (person: string, start: number, end: number) => ({
  ...{ role: 'primary', seat: 'w/0', rotation: 'w', override: null },
  ...{ person, start, end },
});
const gapRow = (startsAt: number, endsAt: number) => ({
  ...{ id: 'g', schedule: 's', role: 'primary', foundAt: 0, closedAt: null },
  ...{ startsAt, endsAt },
});

describe('joinTimeline', () => {
  it('clips to the window', () => {
    const parts = {
      shifts: [stored('ana', 0, 10), stored('benji', 10, 20), stored('cleo', 20, 30)],
      gaps: [],
    };
    const timeline = joinTimeline({ schedule: 's', from: 5, to: 20, stored: parts, planned: null });
    expect(timeline.shifts.map(({ person, start, end }) => [person, start, end])).toEqual([
      ['ana', 5, 10],
      ['benji', 10, 20],
    ]);
  });

  it('takes a stored shift that reaches beyond the horizon and its planned rest for one shift', () => {
    const timeline = joinTimeline({
      ...{ schedule: 's', from: 0, to: 40 },
      stored: { shifts: [stored('ana', 0, 30)], gaps: [] },
      planned: { start: 20, shifts: [planned('ana', 20, 30), planned('ana', 30, 40)], gaps: [] },
    });
    expect(timeline.shifts.map(({ start, end }) => [start, end])).toEqual([
      [0, 30],
      [30, 40],
    ]);
  });

  it('does not lose a planned shift that starts at the horizon where another one ends', () => {
    const timeline = joinTimeline({
      ...{ schedule: 's', from: 0, to: 40 },
      stored: { shifts: [stored('ana', 0, 20)], gaps: [] },
      planned: { start: 20, shifts: [planned('ana', 20, 40)], gaps: [] },
    });
    expect(timeline.shifts.map(({ start, end }) => [start, end])).toEqual([
      [0, 20],
      [20, 40],
    ]);
  });

  it('joins a gap that goes on beyond the horizon', () => {
    const timeline = joinTimeline({
      ...{ schedule: 's', from: 0, to: 40 },
      stored: { shifts: [], gaps: [gapRow(15, 20)] },
      planned: {
        start: 20,
        shifts: [],
        gaps: [
          { role: 'primary', start: 20, end: 25 },
          { role: 'backup', start: 20, end: 40 },
        ],
      },
    });
    expect(timeline.gaps).toEqual([
      { role: 'primary', start: 15, end: 25 },
      { role: 'backup', start: 20, end: 40 },
    ]);
  });
});
