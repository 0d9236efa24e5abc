import { describe, expect, it } from 'vitest';
import { pathSteps } from '../configuration/config-problems.ts';
import { ApiError, commandRefusal, MAX_PROBLEM_ITEMS, pointerOf, problemDocument } from './problem.ts';

describe('commandRefusal', () => {
  it.each([
    ['not_found', 404],
    ['forbidden', 403],
    ['conflict', 409],
    ['invalid', 422],
    ['limit', 422],
    ['precondition', 412],
  ] as const)('%s is %i', (code, status) => {
    const refusal = commandRefusal({ code, reason: 'a/b', message: 'No.' });
    expect([refusal.statusCode, refusal.code, refusal.message]).toEqual([status, 'a/b', 'No.']);
  });

  it('points at what is wrong', () => {
    const problems = [{ path: ['rotations', 0, 'cadence'], code: 'c', message: 'm' }];
    const refusal = commandRefusal({ code: 'invalid', reason: 'a/b', message: 'No.', problems });
    expect(refusal.errors).toEqual([{ pointer: '#/rotations/0/cadence', code: 'c', detail: 'm' }]);
  });
});

describe('problemDocument', () => {
  it('is bounded and well-formed whatever the error says', () => {
    const errors = Array.from({ length: 500 }, () => ({ detail: `\uD800${'x'.repeat(5_000)}` }));
    const document = problemDocument(new ApiError(400, 'a/b', '\uDC00'.repeat(5_000), { errors }), 'r');
    expect(document.errors).toHaveLength(MAX_PROBLEM_ITEMS);
    const text = JSON.stringify(document);
    expect(text.length).toBeLessThan(300_000);
    expect(/\\ud[89a-f]/i.test(text)).toBe(false);
  });
});

describe('pointerOf and pathSteps', () => {
  it('escapes as RFC 6901 says', () => {
    expect(pointerOf(['a/b', 'c~d', 0, ''])).toBe('#/a~1b/c~0d/0/');
    expect(pointerOf([])).toBe('#');
  });

  it('reads the paths of the file reader', () => {
    expect(pathSteps('schedules[0].rotations[12].cadence.every')).toEqual([
      'schedules',
      '0',
      'rotations',
      '12',
      'cadence',
      'every',
    ]);
    expect(pathSteps('people[3]["odd key"]')).toEqual(['people', '3', 'odd key']);
    expect(pathSteps('')).toEqual([]);
  });
});
