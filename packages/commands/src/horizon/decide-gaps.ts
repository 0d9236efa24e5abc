import type { Gap, Instant } from '@watchbill/core';
import type { GapRow } from '@watchbill/database';

export interface GapDecision {
  readonly found: readonly Gap[];
  /** Gaps with a new end; `told` unless they only grew because the horizon did. */
  readonly resized: readonly { readonly gap: GapRow; readonly told: boolean }[];
  /** Gaps with their last end: `now` for one that had begun. */
  readonly closed: readonly GapRow[];
}

export interface GapInput {
  readonly now: Instant;
  /** Until when gaps were looked for the last time; null if never. */
  readonly knownUntil: Instant | null;
  readonly gaps: readonly Gap[];
  /** Open gaps that end after `now`. */
  readonly stored: readonly GapRow[];
}

/**
 * Which gaps ahead are new, gone or of another length. A gap is the same one if role and start are the same; one that
 * has begun goes on if its role still has a gap at `now`.
 */
export function decideGaps({ now, knownUntil, gaps, stored }: GapInput): GapDecision {
  const open = new Map(stored.map((gap) => [keyOf(gap, now), gap]));
  const found: Gap[] = [];
  const resized: { gap: GapRow; told: boolean }[] = [];
  for (const gap of gaps) {
    const key = keyOf(gap, now);
    const known = open.get(key);
    if (known === undefined) {
      found.push(gap);
      continue;
    }
    open.delete(key);
    if (known.end === gap.end) continue;
    const grewWithHorizon = known.end === knownUntil && gap.end > known.end;
    resized.push({ gap: { ...known, end: gap.end }, told: !grewWithHorizon });
  }
  const closed = [...open.values()].map((gap) => (gap.start < now ? { ...gap, end: now } : gap));
  return { found, resized, closed };
}

function keyOf(gap: Gap, now: Instant): string {
  return `${Math.max(gap.start, now)} ${gap.role}`;
}
