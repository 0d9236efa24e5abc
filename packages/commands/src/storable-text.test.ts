import { describe, expect, it } from 'vitest';
import { unstorableText } from './storable-text.ts';

describe('unstorableText', () => {
  it('finds NUL and lone surrogates wherever they are', () => {
    const input = { name: 'a\0b', list: ['fine', { deep: 'x\ud800' }], 'k\0': 1 };
    expect(unstorableText(input).map((problem) => problem.path)).toEqual([['name'], ['list', 1, 'deep'], []]);
  });

  it('lets every other text pass', () => {
    const input = [
      "Robert'); DROP TABLE people;--",
      'Zoë 👩🏽‍🚒',
      '\u200b\ufffe',
      '%s$\u007bjndi}',
      null,
      5,
      undefined,
    ];
    expect(unstorableText(input)).toEqual([]);
  });

  it('stops after a number of problems', () => {
    expect(unstorableText(Array.from({ length: 500 }, () => '\0'))).toHaveLength(20);
  });
});
