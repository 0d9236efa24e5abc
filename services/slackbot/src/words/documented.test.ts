import { readFileSync } from 'node:fs';
import { parseInstant } from '@watchbill/core';
import { describe, expect, it } from 'vitest';
import { helpMessage } from '../blocks/help-blocks.ts';
import type { OncallWish } from './oncall-wish.ts';
import { parseOncall } from './parse-oncall.ts';
import { readMoment } from './read-moment.ts';
import { readSpan } from './read-span.ts';
import { tokensOf } from './tokens.ts';
import type { Vocabulary } from './vocabulary.ts';

const NOW = parseInstant('2026-11-23T12:00:00Z') ?? 0;
const VOCABULARY: Vocabulary = { now: NOW, realNow: NOW, zone: 'Europe/London', schedules: ['payments'] };
const PAGE = readFileSync(new URL('../../../../docs/oncall.md', import.meta.url), 'utf8');
const EXAMPLES = [...`${PAGE}\n${helpMessage().text}`.matchAll(/`\/oncall ?([^`]*)`/g)].map(
  (match) => match[1] ?? '',
);
/** Pieces that a person left out open a form. */
const FORMS = new Set(['cover', 'link', 'swap with @benji', 'connect CODE']);

function pieces(wish: OncallWish): readonly unknown[] {
  return Object.entries(wish)
    .filter(([name]) => ['span', 'to', 'person', 'message'].includes(name))
    .map(([, value]) => value);
}

describe('what the documents and help show', () => {
  it('shows a good many examples', () => {
    expect(EXAMPLES.length).toBeGreaterThan(40);
  });

  it.each([...new Set(EXAMPLES)])('`/oncall %s` is understood, with every piece of it', (text) => {
    const parsed = parseOncall(text, VOCABULARY);
    if (!parsed.ok) throw new Error(parsed.said);
    expect(parsed.wish.do).toBe(text.startsWith('take back') ? 'take-back' : text.split(' ')[0] || 'who');
    if (!FORMS.has(text)) expect(pieces(parsed.wish)).not.toContain(null);
  });

  const times = PAGE.slice(PAGE.indexOf('| you type |'), PAGE.indexOf('What could mean'));
  const shown = times
    .split('\n')
    .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ''));
  it.each(shown)('the time `%s` is read to its end', (text) => {
    const tokens = tokensOf(text);
    const sought = { reader: VOCABULARY, edge: 'start', notBefore: NOW } as const;
    const reads = [readSpan(tokens, 0, VOCABULARY), readMoment(tokens, 0, sought)];
    expect(reads.some((read) => read !== null && 'value' in read && read.next === tokens.length)).toBe(true);
  });
});
