import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutDoubles } from './cut-doubles.ts';
import { type CalendarTurn, countOverlapping, dropDuplicates, gapsBetween, layTurns } from './lay-turns.ts';

const turn = (start: number, end: number, ...people: string[]): CalendarTurn => ({ start, end, people });

describe('cutDoubles', () => {
  it('lets the turn that begins later keep the stretch', () => {
    expect(cutDoubles([turn(0, 10, 'a'), turn(6, 16, 'a')])).toEqual({
      turns: [turn(0, 6, 'a'), turn(6, 16, 'a')],
      cut: 1,
    });
  });

  it('keeps what is left on both sides, and the others of a group', () => {
    expect(cutDoubles([turn(0, 20, 'a', 'b'), turn(5, 10, 'b')]).turns).toEqual([
      turn(0, 5, 'a', 'b'),
      turn(5, 10, 'a'),
      turn(5, 10, 'b'),
      turn(10, 20, 'a', 'b'),
    ]);
  });

  it('leaves turns of different people as they are', () => {
    const turns = [turn(0, 10, 'a'), turn(5, 15, 'b')];
    expect(cutDoubles(turns)).toEqual({ turns, cut: 0 });
    expect(countOverlapping(turns)).toBe(1);
  });

  it('refuses what is no rota: over a hundred turns at once', () => {
    const turns = Array.from({ length: 101 }, (_, index) => turn(0, 10, `p${index}`));
    expect(() => cutDoubles(turns)).toThrow(/overlap/);
  });

  it('has everybody on call at the same hours as before, each once, in lanes that do not overlap', () => {
    const person = fc.constantFrom('a', 'b', 'c');
    const any = fc.record({
      start: fc.nat(40),
      length: fc.integer({ min: 1, max: 12 }),
      people: fc.uniqueArray(person, { minLength: 1 }),
    });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 20 }), (drafts) => {
        const given = drafts
          .map(({ start, length, people }) => turn(start, start + length, ...people))
          .sort((x, y) => x.start - y.start || x.end - y.end);
        const { turns } = cutDoubles(dropDuplicates(given).turns);
        for (let hour = 0; hour < 60; hour += 1) {
          const on = (all: readonly CalendarTurn[]) =>
            all
              .filter(({ start, end }) => start <= hour && hour < end)
              .flatMap(({ people }) => people)
              .sort();
          expect(on(turns)).toEqual([...new Set(on(given))]);
          expect(gapsBetween(turns).some(({ start, end }) => start <= hour && hour < end)).toBe(
            on(given).length === 0 &&
              turns.some(({ start }) => start < hour) &&
              turns.some(({ end }) => end > hour),
          );
        }
        for (const lane of layTurns(turns)) {
          const early = lane.filter(({ start }, index) => start < (lane[index - 1]?.end ?? 0));
          expect(early).toEqual([]);
        }
        expect(layTurns(turns).flat()).toHaveLength(turns.length);
      }),
    );
  });
});
