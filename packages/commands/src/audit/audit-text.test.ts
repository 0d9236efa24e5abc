import { describe, expect, it } from 'vitest';
import { AUDIT_JSON_LIMIT, auditValue } from './audit-text.ts';

describe('auditValue', () => {
  it.each([
    [
      { secret: 's3cr3t', name: 'x' },
      { secret: '(hidden)', name: 'x' },
    ],
    [
      { signingSecret: 's', list: [{ botToken: 't' }] },
      { signingSecret: '(hidden)', list: [{ botToken: '(hidden)' }] },
    ],
    [{ passwordHash: '$argon2id$' }, { passwordHash: '(hidden)' }],
    [{ token: null }, { token: null }],
  ])('hides secrets: %j', (value, kept) => {
    expect(auditValue(value)).toEqual(kept);
  });

  it('names what is too long by its size and hash, so that a change still shows', () => {
    const long = { text: 'x'.repeat(AUDIT_JSON_LIMIT) };
    const kept = auditValue(long) as { bytes: number; sha256: string };
    expect(kept.bytes).toBeGreaterThan(AUDIT_JSON_LIMIT);
    expect(kept.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(auditValue({ text: `${long.text}y` })).not.toEqual(kept);
  });

  it('keeps what is absent absent', () => {
    expect(auditValue(undefined)).toBeUndefined();
    expect(auditValue(null)).toBeNull();
  });
});
