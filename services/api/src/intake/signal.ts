import type { Severity } from '@watchbill/core';

/** A way from a page to somewhere else. */
export interface SignalLink {
  readonly href: string;
  readonly text?: string;
}

/** What a sender says: something is wrong. `dedupKey` null: it names no key, and one is made up. */
export interface TriggerSignal {
  readonly action: 'trigger';
  readonly dedupKey: string | null;
  readonly summary: string;
  readonly severity: Severity;
  readonly source: string | null;
  readonly details: Readonly<Record<string, unknown>> | null;
  readonly links: readonly SignalLink[];
}

/** Somebody takes care of it, or it is over. */
export interface FollowUpSignal {
  readonly action: 'acknowledge' | 'resolve';
  readonly dedupKey: string;
}

/** What one request of a sender asks for, in our words. */
export type Signal = TriggerSignal | FollowUpSignal;

/** What a request was read as. `ignored` says why a request that is fine asks for nothing. */
export type Reading =
  | { readonly ok: true; readonly signals: readonly Signal[]; readonly ignored: string | null }
  | { readonly ok: false; readonly errors: readonly string[] };

export function asks(...signals: readonly Signal[]): Reading {
  return { ok: true, signals, ignored: null };
}

/** A request that is fine and asks for nothing, with the reason in plain words. */
export function asksNothing(why: string): Reading {
  return { ok: true, signals: [], ignored: why };
}

export function unreadable(...errors: readonly string[]): Reading {
  return { ok: false, errors };
}
