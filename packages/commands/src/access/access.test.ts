import { describe, expect, it } from 'vitest';
import { hasScope, isScope, SCOPES } from './scopes.ts';
import { hashSecret, looksLikeFeedSecret, looksLikeToken, newFeedSecret, newTokenSecret } from './secret.ts';

describe('scopes', () => {
  it('lets admin do everything and nobody else more than their own', () => {
    for (const scope of SCOPES) expect(hasScope(['admin'], scope)).toBe(true);
    for (const scope of SCOPES) {
      expect(hasScope([scope], scope)).toBe(true);
      if (scope === 'admin') continue;
      for (const other of SCOPES) if (other !== scope) expect(hasScope([scope], other)).toBe(false);
    }
    expect(hasScope([], 'schedules:read')).toBe(false);
  });

  it('does not take a part or a family for a scope', () => {
    expect(isScope('schedules:read')).toBe(true);
    for (const text of ['schedules', 'schedules:*', '*', 'ADMIN', '']) expect(isScope(text)).toBe(false);
  });
});

describe('secrets', () => {
  it('are never the same twice, and known by their form', () => {
    const tokens = Array.from({ length: 200 }, newTokenSecret);
    const feeds = Array.from({ length: 200 }, newFeedSecret);
    expect(new Set([...tokens, ...feeds]).size).toBe(400);
    expect(tokens.every(looksLikeToken)).toBe(true);
    expect(feeds.every(looksLikeFeedSecret)).toBe(true);
    expect(tokens.some(looksLikeFeedSecret)).toBe(false);
    expect(feeds.some(looksLikeToken)).toBe(false);
  });

  it.each(['', 'wb_', 'wb_short', `wb_${'a'.repeat(44)}`, `wb_${'a'.repeat(42)}!`, `wb_${'a'.repeat(43)}\n`])(
    'do not look like %j',
    (text) => expect(looksLikeToken(text)).toBe(false),
  );

  it('are stored as SHA-256', () => {
    expect(hashSecret('abc').toString('hex')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });
});
