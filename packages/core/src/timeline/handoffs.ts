import type { Rotation } from '../schedule/schedule.ts';
import type { Instant } from '../time/interval.ts';
import { LAST_INSTANT } from '../time/zone.ts';
import { boundariesOf, type Rhythmic } from './boundaries.ts';

/** Which handoffs to list: strictly after `after`, and at most `count` of them or those before `until`. */
export interface HandoffQuery {
  readonly after: Instant;
  readonly count?: number | undefined;
  readonly until?: Instant | undefined;
}

/** The most handoffs that one question may have. */
export const MAX_HANDOFFS = 10_000;
/** How many are listed where neither a count nor an end is given. */
export const DEFAULT_HANDOFFS = 10;

/**
 * The turn boundaries of a rotation strictly after `after`, while it is in force; for fixed turns their starts.
 * Throws a RangeError when there are more than MAX_HANDOFFS before `until`.
 * Example: daily at 09:00 in Europe/Berlin, after 2026-10-24T09:00Z: 2026-10-25T08:00Z (the clocks went back).
 */
export function handoffs(rotation: Rotation, { after, count, until }: HandoffQuery): Instant[] {
  const limit = count ?? (until === undefined ? DEFAULT_HANDOFFS : MAX_HANDOFFS + 1);
  const end = Math.min(until ?? LAST_INSTANT, rotation.effectiveUntil ?? LAST_INSTANT, LAST_INSTANT);
  const from = Math.max(after + 1, rotation.effectiveFrom ?? after + 1);
  const { strategy } = rotation;
  const found =
    strategy.kind === 'fixed'
      ? strategy.turns
          .map(({ start }) => start)
          .filter((start) => start >= from && start < end)
          .slice(0, Math.min(limit, MAX_HANDOFFS + 1))
      : rhythmicHandoffs(rotation, strategy.kind === 'fair' ? strategy.rhythm : strategy, {
          from,
          end,
          limit: Math.min(limit, MAX_HANDOFFS + 1),
        });
  if (found.length > MAX_HANDOFFS) {
    throw new RangeError(`More than ${MAX_HANDOFFS} handoffs: ask for fewer or a shorter window`);
  }
  return found;
}

function rhythmicHandoffs(
  rotation: Rotation,
  rhythmic: Rhythmic,
  { from, end, limit }: { readonly from: Instant; readonly end: Instant; readonly limit: number },
): Instant[] {
  const boundaries = boundariesOf(rotation, rhythmic);
  const found: Instant[] = [];
  let last = from - 1;
  for (let index = boundaries.lastAt(last) + 1; found.length < limit; index += 1) {
    const instant = boundaries.instantOf(index);
    if (instant >= end) break;
    if (instant > last) found.push(instant);
    last = instant;
  }
  return found;
}
