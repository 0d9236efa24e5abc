import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { isSealedWithOldKey, SealError, seal, unseal } from './seal.ts';

const [one, two] = [randomBytes(32), randomBytes(32)];

test('opens what it sealed, and never seals the same text to the same bytes', () => {
  const sealed = seal('xoxb-secret', 'T1', [one]);
  expect(sealed).not.toContain('xoxb');
  expect(unseal(sealed, 'T1', [one])).toBe('xoxb-secret');
  expect(seal('xoxb-secret', 'T1', [one])).not.toBe(sealed);
});

test('a new key seals, the old one still opens, until it is dropped', () => {
  const sealed = seal('xoxb-secret', 'T1', [one]);
  expect(unseal(sealed, 'T1', [two, one])).toBe('xoxb-secret');
  expect(isSealedWithOldKey(sealed, [two, one])).toBe(true);
  expect(isSealedWithOldKey(seal('x', 'T1', [two, one]), [two, one])).toBe(false);
  expect(() => unseal(sealed, 'T1', [two])).toThrow(SealError);
});

test('refuses what was changed and what was sealed for another workspace', () => {
  const sealed = seal('xoxb-secret', 'T1', [one]);
  expect(() => unseal(sealed, 'T2', [one])).toThrow(SealError);
  const at = sealed.length - 3;
  const changed = `${sealed.slice(0, at)}${sealed[at] === 'A' ? 'B' : 'A'}${sealed.slice(at + 1)}`;
  expect(() => unseal(changed, 'T1', [one])).toThrow(SealError);
  const [version, id, nonce, , body] = sealed.split('.');
  expect(() => unseal([version, id, nonce, 'AAAA', body].join('.'), 'T1', [one])).toThrow(SealError);
  for (const text of ['', 'v1', 'v1.a.b', 'v2.a.b.c.d']) {
    expect(() => unseal(text, 'T1', [one])).toThrow(SealError);
  }
});
