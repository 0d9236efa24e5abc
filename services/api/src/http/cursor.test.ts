import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { decodeCursor, encodeCursor, pageOf } from './cursor.ts';
import { ApiError } from './problem.ts';

const key = z.tuple([z.int().min(0), z.string().max(64)]);

describe('cursors', () => {
  it('come back as they went', () => {
    fc.assert(
      fc.property(fc.nat(), fc.string({ maxLength: 64 }), (place, id) => {
        expect(decodeCursor(encodeCursor([place, id]), key)).toEqual([place, id]);
      }),
    );
  });

  it('are refused when they are of another list, or of nobody', () => {
    const wrong = ['', 'x', encodeCursor(['a']), encodeCursor([1]), encodeCursor([-1, 'a']), 'W10', 'e30'];
    for (const text of wrong) expect(() => decodeCursor(text, key)).toThrow(ApiError);
    fc.assert(
      fc.property(fc.string({ maxLength: 600 }), (text) => {
        try {
          decodeCursor(text, key);
        } catch (error) {
          expect(error).toMatchObject({ statusCode: 400, code: 'query/invalid' });
        }
      }),
    );
  });
});

describe('pageOf', () => {
  const shape = { item: (n: number) => n * 10, key: (n: number) => [n] };

  it('has a cursor only when there is more', () => {
    expect(pageOf([1, 2], 2, shape)).toEqual({ data: [10, 20], nextCursor: null });
    expect(pageOf([], 2, shape)).toEqual({ data: [], nextCursor: null });
    const page = pageOf([1, 2, 3], 2, shape);
    expect(page.data).toEqual([10, 20]);
    expect(decodeCursor(page.nextCursor ?? '', z.tuple([z.int()]))).toEqual([2]);
  });
});
