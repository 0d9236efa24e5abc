import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AuditFacts, type AuditLink, auditHash, checkAuditChain } from './audit-chain.ts';

const START = { position: 0, hash: '' };

function chained(count: number): AuditLink[] {
  const links: AuditLink[] = [];
  for (let position = 1; position <= count; position += 1) {
    const facts: AuditFacts = {
      ...{ id: position * 3, at: '2026-11-30T09:00:00.123Z', actor: 'deploy', origin: null, command: 'x' },
      ...{ input: { b: 1, a: [position, 'é'] }, before: null, after: { id: `ovr_${position}` } },
    };
    links.push({ ...facts, position, hash: auditHash(links.at(-1)?.hash ?? '', position, facts) });
  }
  return links;
}

describe('the chain of the audit log', () => {
  it('holds as it was written, in one piece or in many', () => {
    const links = chained(9);
    expect(checkAuditChain(links, START)).toEqual({
      broken: null,
      checked: expect.objectContaining({ position: 9 }),
    });
    const first = checkAuditChain(links.slice(0, 4), START);
    expect(checkAuditChain(links.slice(4), first.checked).broken).toBeNull();
  });

  it('does not mind the order of keys', () => {
    const [link] = chained(1);
    const turned = { ...link, input: { a: [1, 'é'], b: 1 } } as AuditLink;
    expect(checkAuditChain([turned], START).broken).toBeNull();
  });

  it('breaks at the entry that was changed, whatever was changed about it', () => {
    const changes: ((link: AuditLink) => AuditLink)[] = [
      (link) => ({ ...link, actor: 'somebody else' }),
      (link) => ({ ...link, at: '2026-11-30T09:00:00.124Z' }),
      (link) => ({ ...link, command: 'y' }),
      (link) => ({ ...link, origin: 'here' }),
      (link) => ({ ...link, input: {} }),
      (link) => ({ ...link, before: 0 }),
      (link) => ({ ...link, after: null }),
      (link) => ({ ...link, id: link.id + 1 }),
    ];
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 8 }), fc.constantFrom(...changes), (at, change) => {
        const links = chained(9).map((link, index) => (index === at ? change(link) : link));
        expect(checkAuditChain(links, START).broken).toEqual({ position: at + 1, reason: 'changed' });
      }),
    );
  });

  it('breaks where an entry is missing, also when the rest is numbered anew', () => {
    const links = chained(9);
    const cut = links.filter((link) => link.position !== 5);
    expect(checkAuditChain(cut, START).broken).toEqual({ position: 5, reason: 'missing' });
    const renumbered = cut.map((link, index) => ({ ...link, position: index + 1 }));
    expect(checkAuditChain(renumbered, START).broken).toEqual({ position: 5, reason: 'changed' });
  });
});
