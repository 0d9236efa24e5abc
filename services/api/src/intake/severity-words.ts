import type { Severity } from '@watchbill/core';
import { textOf } from './plain-text.ts';

/** What senders call how bad it is. */
const WORDS: Readonly<Record<Severity, readonly string[]>> = {
  critical: ['critical', 'crit', 'fatal', 'emergency', 'emerg', 'disaster', 'page', 'p1', 'sev1', 'sev-1'],
  error: ['error', 'err', 'high', 'major', 'alert', 'p2', 'sev2', 'sev-2'],
  warning: ['warning', 'warn', 'medium', 'average', 'minor', 'p4', 'sev3', 'sev-3'],
  info: [
    'info',
    'information',
    'informational',
    'notice',
    'low',
    'debug',
    'none',
    'ok',
    'p5',
    'sev4',
    'sev-4',
  ],
};
const BY_WORD = new Map(
  Object.entries(WORDS).flatMap(([severity, words]) => words.map((word) => [word, severity as Severity])),
);
// Where nobody chose a priority senders say P3: that must not mean that nobody is woken.
BY_WORD.set('p3', 'error');

/** For a signal that does not say how bad it is: bad enough to be told at once. */
export const DEFAULT_SEVERITY: Severity = 'error';

/** The severity that a word means, whatever its case; null for a word that nobody says. */
export function severityOf(word: unknown): Severity | null {
  return BY_WORD.get(textOf(word).trim().toLowerCase()) ?? null;
}
