import { type Instant, nearest, type ScheduleId } from '@watchbill/core';
import type { OncallVerb, ParsedOncall } from './oncall-wish.ts';
import type { Reader } from './time-reading.ts';
import type { Token } from './tokens.ts';

/** What words are read against: who reads, when, and the names that may be meant. */
export interface Vocabulary extends Reader {
  /** The schedules there are, by id. */
  readonly schedules: readonly ScheduleId[];
  /** Pages live in real time, whatever clock the schedules have. */
  readonly realNow: Instant;
}

/** What is said after the verb. */
export interface Said {
  readonly text: string;
  /** The word that stood for the verb: `vacation` for `off`. */
  readonly verbWord: string;
  /** The words after it. */
  readonly tokens: readonly Token[];
  readonly vocabulary: Vocabulary;
}

/** A word as it can be shown back: short, and without what would break out of code. */
export function shown(text: string): string {
  const plain = text.replaceAll('`', "'");
  return plain.length > 80 ? `${plain.slice(0, 80)}…` : plain;
}

/** The schedule that a word names; null for none. */
export function scheduleOf(token: Token | undefined, { schedules }: Vocabulary): ScheduleId | null {
  if (token === undefined || token.mention !== null) return null;
  const plain = token.text.replace(/[,:;?!]+$/, '');
  return (
    schedules.find((id) => id === plain) ??
    schedules.find((id) => id.toLowerCase() === plain.toLowerCase()) ??
    null
  );
}

/** A sentence about a word that should have been the name of a schedule. */
export function unknownSchedule(token: Token, about: OncallVerb, { schedules }: Vocabulary): ParsedOncall {
  const near = nearest(token.word, schedules);
  const hint = near === null ? 'See the schedules with `/oncall link`.' : `Did you mean \`${near}\`?`;
  return { ok: false, about, said: `There is no schedule "${shown(token.text)}". ${hint}` };
}

/** The number or id of a page. */
export function pageOf(token: Token): string | null {
  const plain = token.text.replace(/^#/, '').replace(/[,.;]$/, '');
  return /^\d{1,15}$/.test(plain) || /^pag_[A-Za-z0-9]+$/.test(plain) ? plain : null;
}
