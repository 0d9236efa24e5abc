import type { Instant, Severity } from '@watchbill/core';
import type { PageLink, PageRow, PageVia } from '@watchbill/database';

/** What somebody, or something, wants people to know. Exactly one of `policy` and `schedule` says whom. */
export interface TriggerInput {
  readonly intake?: string | null | undefined;
  /** One page is open for each key of an intake; made up unless said. */
  readonly dedupKey?: string | null | undefined;
  readonly policy?: string | null | undefined;
  readonly schedule?: string | null | undefined;
  readonly summary: string;
  readonly severity: Severity;
  readonly source?: string | null | undefined;
  /** Any JSON. */
  readonly details?: unknown;
  readonly links?: readonly PageLink[] | undefined;
}

/**
 * `triggered`: a new page. `repeated`: a page of this key is open already and counts it. `folded`: in a storm of new
 * pages, an open page stands for it and counts it.
 */
export interface TriggeredPage {
  readonly page: string;
  readonly number: number;
  readonly outcome: 'triggered' | 'repeated' | 'folded';
  readonly dedupKey: string;
}

/** Somebody acts on a page; `by` is a person, or null for a program. `page` is its id or its number. */
export interface PageAct {
  readonly page: string;
  readonly by: string | null;
  readonly via: PageVia;
}

export interface EscalateInput extends PageAct {
  /** The number of the last step that whoever clicks has seen; another one has fired since: nothing is done. */
  readonly fired?: number | undefined;
}

export interface SnoozeInput extends PageAct {
  /** Real time. */
  readonly until: Instant;
}

/** To whom a page is given: a person first, then its policy again; or another policy or schedule instead. */
export type PageReceiver =
  | { readonly person: string }
  | { readonly policy: string }
  | { readonly schedule: string };

export interface ReassignInput extends PageAct {
  readonly to: PageReceiver;
}

export interface NoteInput extends PageAct {
  readonly text: string;
}

/** An act of a program that knows only the key. */
export interface PageKey {
  readonly intake: string | null;
  readonly dedupKey: string;
}

/**
 * What an act led to. `acted` is false when it was done already: the page then says by whom, when and by which way
 * (`page.acknowledged`, `page.resolved`).
 */
export interface ActedPage {
  readonly page: PageRow;
  readonly acted: boolean;
}

/** The same for a key; `page` is null when no page of it is open. */
export interface ActedKey {
  readonly page: string | null;
  readonly acted: boolean;
}
