import type { Instant } from '@watchbill/core';
import { timelineText } from '../text/timeline.ts';
import type { Bar } from './bars.ts';

export type TroubleKind = keyof typeof timelineText.trouble.kinds;

/** A stretch in which somebody stands although it is not wise, as the server's check says. */
export interface Trouble {
  readonly kind: TroubleKind;
  readonly person: string;
  readonly start: Instant;
  readonly end: Instant;
}

/** The troubles of a bar, each cut to it. */
export function troublesOf(bar: Bar, all: ReadonlyMap<string, readonly Trouble[]>): readonly Trouble[] {
  const own = bar.person === null ? undefined : all.get(bar.person);
  if (own === undefined) return [];
  return own
    .filter(({ start, end }) => start < bar.end && end > bar.start)
    .map((trouble) => ({
      ...trouble,
      start: Math.max(trouble.start, bar.start),
      end: Math.min(trouble.end, bar.end),
    }));
}

/** What is wrong in words, each once. */
export function troubleWords(troubles: readonly Trouble[]): readonly string[] {
  return [...new Set(troubles.map(({ kind }) => timelineText.trouble.kinds[kind]))];
}
