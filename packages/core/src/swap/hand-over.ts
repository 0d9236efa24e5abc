import type { Override, OverrideId } from '../schedule/schedule.ts';
import type { Interval } from '../time/interval.ts';
import type { Shift } from '../timeline/timeline.ts';
import { afterMove, type Move, sameStanding, standingOf } from './standing.ts';

export interface HandOverInput {
  /** In this order; each begins with what the ones before it left. */
  readonly moves: readonly Move[];
  /** What the schedule says in a window with these overrides on top of its own. */
  readonly resolve: (added: readonly Override[], window: Interval) => readonly Shift[];
  readonly newId: () => OverrideId;
}

export type HandOver =
  | { readonly ok: true; readonly overrides: readonly Override[] }
  /** The move cannot be made: somebody else stands there, or the two are on call together. */
  | { readonly ok: false; readonly move: Move };

/**
 * The overrides that make exactly these moves: afterwards everybody stands what they stood, but for the moved
 * stretches. An override in place of one person also reaches the seats that earlier ones took from them, so each is
 * tried on the timeline; where it would reach too far, the one is taken off and the other put on instead.
 */
export function handOver({ moves, resolve, newId }: HandOverInput): HandOver {
  let overrides: readonly Override[] = [];
  for (const move of moves) {
    const window = { start: move.start, end: move.end };
    const wanted = afterMove(standingOf(resolve(overrides, window), window), move);
    if (wanted === null) return { ok: false, move };
    const made = [replacing, takingOff]
      .map((attempt) => [...overrides, ...attempt(move, newId)])
      .find((tried) => sameStanding(standingOf(resolve(tried, window), window), wanted));
    if (made === undefined) return { ok: false, move };
    overrides = made;
  }
  return { ok: true, overrides };
}

type Attempt = (move: Move, newId: () => OverrideId) => readonly Override[];

const replacing: Attempt = ({ role, from, to, start, end }, newId) => [
  { id: newId(), role, kind: 'replace', people: [to], replaces: from, start, end },
];

const takingOff: Attempt = ({ role, from, to, start, end }, newId) => [
  { id: newId(), role, kind: 'remove', people: [from], replaces: null, start, end },
  { id: newId(), role, kind: 'add', people: [to], replaces: null, start, end },
];
