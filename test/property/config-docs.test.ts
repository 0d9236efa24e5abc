import { readFileSync } from 'node:fs';
import { formatErrors, jsonSchema, KEY_ORDER, parseConfig } from '@watchbill/config';
import { describe, expect, it } from 'vitest';

const TEXT = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
const BLOCKS = [...TEXT.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, block = '']) => block);

function keysOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties } = schema as { properties?: Record<string, unknown> };
  const named = typeof properties === 'object' ? Object.keys(properties) : [];
  return [...new Set([...named, ...Object.values(schema).flatMap(keysOf)])];
}

describe('docs/configuration.md', () => {
  it('has examples', () => {
    expect(BLOCKS.length).toBeGreaterThanOrEqual(2);
  });

  it.each(BLOCKS.map((block, index) => [index, block] as const))(
    'has a good example in block %i',
    (index, block) => {
      const result = parseConfig(block, { file: `block ${index}` });
      expect(result.ok ? '' : formatErrors(result.errors)).toBe('');
    },
  );

  it('explains every key of the schema', () => {
    const missing = keysOf(jsonSchema()).filter((key) => !TEXT.includes(`\`${key}\``));
    expect(missing).toEqual([]);
  });
});

it('prints every key of the schema in a place of its own', () => {
  expect([...KEY_ORDER].sort()).toEqual(keysOf(jsonSchema()).sort());
});
