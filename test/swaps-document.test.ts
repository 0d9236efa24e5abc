import { describe, expect, it } from 'vitest';
import { FILES, textOf } from './support/repository.ts';

const DOCUMENT = textOf('docs/swaps.md');
const SOURCES = FILES.filter(
  (path) => /^packages\/(?:commands|core)\/src\/swap\/.*\.ts$/.test(path) && !path.endsWith('.test.ts'),
);

/** Everything that the sources write between quotes and that `pattern` finds. */
function codes(pattern: RegExp): string[] {
  const found = SOURCES.flatMap((path) => [...textOf(path).matchAll(pattern)].map((match) => match[1] ?? ''));
  return [...new Set(found)].sort();
}

describe('docs/swaps.md', () => {
  it('explains every reason for which a swap is refused', () => {
    const reasons = codes(/'(swap\/[a-z-]+)'/g);
    expect(reasons.length).toBeGreaterThan(15);
    expect(reasons.filter((reason) => !DOCUMENT.includes(`\`${reason}\``))).toEqual([]);
  });

  it('explains everything that speaks for and against somebody', () => {
    const reasons = [
      ...codes(/code: '([a-z-]+)'/g),
      ...codes(/refusing\('([a-z-]+)'/g),
      ...codes(/^ {2}'([a-z-]+)': 'Would/gm),
    ];
    expect(reasons.length).toBeGreaterThan(15);
    expect(reasons.filter((reason) => !DOCUMENT.includes(`\`${reason}\``))).toEqual([]);
  });

  it('names no reason that there is not', () => {
    const known = new Set([...codes(/'(swap\/[a-z-]+)'/g)]);
    const named = [...DOCUMENT.matchAll(/`(swap\/[a-z-]+)`/g)].map((match) => match[1] ?? '');
    expect(named.filter((reason) => !known.has(reason))).toEqual([]);
  });
});
