import { RULE_PACKS } from '@watchbill/core';
import { describe, expect, it } from 'vitest';
import { textOf } from './support/repository.ts';

/** The rows of each pack's table: rule, limit, source. */
function tablesOf(text: string): Map<string, string[][]> {
  const chapters = text.split(/^## `/m).slice(1);
  return new Map(
    chapters.map((chapter) => [
      chapter.slice(0, chapter.indexOf('`')),
      chapter
        .split('\n')
        .filter((line) => line.startsWith('| `'))
        .map((line) =>
          line
            .split('|')
            .map((cell) => cell.trim())
            .slice(1, 4),
        ),
    ]),
  );
}

describe('docs/rules.md', () => {
  const tables = tablesOf(textOf('docs/rules.md'));

  it('has a chapter for each pack', () => {
    expect([...tables.keys()]).toEqual(RULE_PACKS.map(({ id }) => id));
  });

  it.each(RULE_PACKS.map((pack) => [pack.id, pack] as const))(
    'tells each rule of %s with the source that findings name',
    (id, { rules }) => {
      const told = (tables.get(id) ?? []).map(([rule = '', , source = '']) => [
        rule.replaceAll('`', ''),
        source,
      ]);
      const known = rules.map(({ id: rule, source }) => [rule, source.slice(source.lastIndexOf(': ') + 2)]);
      expect(told.map(([rule]) => rule)).toEqual(known.map(([rule]) => rule));
      for (const [at, [rule, source = '']] of known.entries()) {
        // "own default, maxConsecutiveWeekends holds …": what follows the comma is advice.
        expect(source, rule).toContain(told[at]?.[1]);
      }
    },
  );
});
