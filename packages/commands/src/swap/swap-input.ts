import type { Instant, SwapAudience, SwapKind, SwapStretch } from '@watchbill/core';

/** A stretch of the person who gives it away. */
export type GivenStretch = Omit<SwapStretch, 'person'>;

export interface SwapRequest {
  readonly kind: SwapKind;
  /** Whose shifts are given away. */
  readonly person: string;
  readonly gives: readonly GivenStretch[];
  /** With `exchange`: what comes back, of the person asked, or of any of those asked. Left out: they offer something. */
  readonly takes?: readonly SwapStretch[] | undefined;
  readonly to: SwapAudience;
  readonly reason?: string | null | undefined;
}

/** An answer of somebody who was asked. */
export interface SwapAnswer {
  readonly swap: string;
  readonly person: string;
}

/** Other than what was asked: a part of it, or other shifts back. */
export interface SwapCounter extends SwapAnswer {
  /** Parts of what was asked; all of it unless said. */
  readonly gives?: readonly GivenStretch[] | undefined;
  /** With an exchange: what the requester would stand instead. */
  readonly takes?: readonly GivenStretch[] | undefined;
}

/** The requester's answer to an offer of `person`. */
export interface OfferAnswer extends SwapAnswer {
  /** What becomes of the parts nobody has taken: asked of the same people again, or kept by the requester. */
  readonly rest?: 'ask' | 'keep' | undefined;
}

export interface TakeInput {
  readonly schedule: string;
  /** The first role in which `from` is on call unless said. */
  readonly role?: string | undefined;
  /** Who is on call now. */
  readonly from: string;
  /** Who takes over. */
  readonly person: string;
  /** The end of the running shift unless said. */
  readonly until?: Instant | undefined;
}

export interface TakeBackInput {
  readonly schedule: string;
  readonly role?: string | undefined;
  /** Who gets back what was taken over from them. */
  readonly person: string;
}
