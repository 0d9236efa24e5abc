import type { OverrideId, PersonId, ScheduleId } from '../schedule/schedule.ts';
import type { Instant, Interval } from '../time/interval.ts';

/** `cover`: one way, somebody else stands. `exchange`: two ways, each stands for the other. */
export type SwapKind = 'cover' | 'exchange';

/** `accepted` waits for a manager's approval; all but `open` and `accepted` are final. */
export type SwapState = 'open' | 'accepted' | 'applied' | 'declined' | 'cancelled' | 'expired';

/** `take` and `take-back` change a running shift at once, without anybody's acceptance. */
export type SwapOrigin = 'request' | 'take' | 'take-back';

/** What `person` stands in a role of a schedule in `[start, end)`, by the timeline. */
export interface SwapStretch extends Interval {
  readonly schedule: ScheduleId;
  readonly role: string;
  readonly person: PersonId;
}

/** Who is asked: one person; everybody who may stand there and is free; everybody of the schedule's team. */
export type SwapAudience =
  | { readonly kind: 'person'; readonly person: PersonId }
  | { readonly kind: 'eligible' }
  | { readonly kind: 'team' };

/** What somebody who was asked would do instead: stand a part of it, or give other shifts back. */
export interface SwapOffer {
  readonly person: PersonId;
  /** What they would stand: a part of the request, or all of it. */
  readonly gives: readonly SwapStretch[];
  /** What they give back; empty for a cover. */
  readonly takes: readonly SwapStretch[];
  readonly at: Instant;
}

/** Somebody who was asked among others and said no. */
export interface SwapRefusal {
  readonly person: PersonId;
  readonly reason: string | null;
  readonly at: Instant;
}

/** The override by which an applied swap stands in the timeline. */
export interface SwapOverride {
  readonly schedule: ScheduleId;
  readonly id: OverrideId;
}

/** A request that shifts change hands, or a shift that was taken over or back. */
export interface Swap {
  readonly id: string;
  readonly kind: SwapKind;
  readonly origin: SwapOrigin;
  readonly state: SwapState;
  /** Counts what happened to it. */
  readonly version: number;
  /** Whose shifts are given away. */
  readonly person: PersonId;
  readonly gives: readonly SwapStretch[];
  /** What comes back in an exchange. Empty: whoever is asked offers something. */
  readonly takes: readonly SwapStretch[];
  readonly to: SwapAudience;
  /** Who could take it when it was asked, by id. Somebody else who may stand there can still accept it. */
  readonly asked: readonly PersonId[];
  readonly reason: string | null;
  readonly acceptedBy: PersonId | null;
  readonly acceptedAt: Instant | null;
  /** Teams whose managers have yet to approve, by id. */
  readonly awaiting: readonly string[];
  /** Offers that wait for the requester, one for each person. */
  readonly offers: readonly SwapOffer[];
  readonly refusals: readonly SwapRefusal[];
  /** Empty until it is applied. */
  readonly overrides: readonly SwapOverride[];
  /** The request of which this asks the rest, after a part was taken. */
  readonly restOf: string | null;
  /** When the first of the stretches starts. */
  readonly startsAt: Instant;
  /** From then on nobody can accept any more. */
  readonly expiresAt: Instant;
  readonly createdBy: string;
  readonly createdAt: Instant;
  /** Who brought it to its last state, and why. */
  readonly closedBy: string | null;
  readonly closedReason: string | null;
  readonly closedAt: Instant | null;
}

/** Whether nothing can happen to a swap any more. */
export function isFinal(state: SwapState): boolean {
  return state !== 'open' && state !== 'accepted';
}
