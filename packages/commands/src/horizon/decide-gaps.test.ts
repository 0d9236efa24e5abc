import { describe, expect, it } from 'vitest';
import { decideGaps } from './decide-gaps.ts';

const NOW = 100;
const gap = (start: number, end: number, role = 'primary') => ({ role, start, end });
const stored = (id: string, start: number, end: number) => ({ ...gap(start, end), id, schedule: 's' });

function decide(
  gaps: ReturnType<typeof gap>[],
  known: ReturnType<typeof stored>[],
  knownUntil: number | null = 500,
) {
  const { found, resized, closed } = decideGaps({ now: NOW, knownUntil, gaps, stored: known });
  return [
    ...found.map(({ start, end, role }) => `+ ${role} ${start}-${end}`),
    ...resized.map(({ gap: { id, start, end }, told }) => `${told ? '~' : '-'} ${id} ${start}-${end}`),
    ...closed.map(({ id, start, end }) => `x ${id} ${start}-${end}`),
  ];
}

describe('decideGaps', () => {
  it('tells new gaps and nothing of known ones', () => {
    expect(decide([gap(200, 300), gap(200, 300, 'backup')], [stored('a', 200, 300)])).toEqual([
      '+ backup 200-300',
    ]);
  });

  it('takes a gap that has begun as the same one', () => {
    expect(decide([gap(100, 300)], [stored('a', 50, 300)])).toEqual([]);
    expect(decide([gap(100, 250)], [stored('a', 50, 300)])).toEqual(['~ a 50-250']);
  });

  it('tells another length, but not one that only came with the horizon', () => {
    expect(decide([gap(200, 350)], [stored('a', 200, 300)])).toEqual(['~ a 200-350']);
    expect(decide([gap(200, 600)], [stored('a', 200, 500)])).toEqual(['- a 200-600']);
    expect(decide([gap(200, 400)], [stored('a', 200, 500)])).toEqual(['~ a 200-400']);
  });

  it('closes gaps ahead as they were, and one that has begun at now', () => {
    expect(decide([], [stored('a', 50, 300), stored('b', 400, 500)])).toEqual(['x a 50-100', 'x b 400-500']);
  });
});
