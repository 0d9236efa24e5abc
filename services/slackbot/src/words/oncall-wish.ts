import type { Instant } from '@watchbill/core';
import type { Moment } from './read-moment.ts';
import type { Span } from './read-span.ts';
import type { TimeNote } from './time-reading.ts';

/** Somebody as they were named: picked from Slack's list, or by the id or name of a person. */
export type PersonWord =
  | { readonly kind: 'mention'; readonly slackUser: string }
  | { readonly kind: 'name'; readonly name: string };

/** Whom a request is for: one person, everybody who may stand there, or the whole team. */
export type AudienceWord = PersonWord | { readonly kind: 'eligible' } | { readonly kind: 'team' };

/** Somebody takes a place, stands beside whoever is there, or is taken off. */
export type OverrideKind = 'replace' | 'add' | 'remove';

/** What somebody wants with `/oncall`. A piece that they did not write is null. */
export type OncallWish =
  | { readonly do: 'who'; readonly schedule: string | null; readonly at: Moment | null }
  | { readonly do: 'me' }
  | { readonly do: 'schedule'; readonly schedule: string | null; readonly days: number | null }
  | {
      readonly do: 'cover' | 'swap';
      readonly span: Span | null;
      /** Whose shift it is; null: their own. */
      readonly whose: PersonWord | null;
      readonly to: AudienceWord | null;
      readonly reason: string;
    }
  | {
      readonly do: 'take';
      readonly person: PersonWord | null;
      readonly until: Instant | null;
      readonly notes: readonly TimeNote[];
    }
  | { readonly do: 'take-back' }
  | {
      readonly do: 'override';
      readonly kind: OverrideKind;
      readonly schedule: string | null;
      readonly person: PersonWord | null;
      readonly span: Span | null;
      readonly replaces: PersonWord | null;
      readonly role: string | null;
      readonly reason: string;
    }
  | { readonly do: 'off'; readonly span: Span | null; readonly reason: string }
  | { readonly do: 'page'; readonly schedule: string | null; readonly message: string }
  | { readonly do: 'ack' | 'resolve' | 'escalate'; readonly page: string | null }
  | {
      readonly do: 'snooze';
      readonly page: string | null;
      /** Real time; null: half an hour. */
      readonly until: Instant | null;
    }
  | { readonly do: 'link'; readonly schedule: string | null }
  | { readonly do: 'unlink' }
  | { readonly do: 'fairness'; readonly schedule: string | null }
  | { readonly do: 'connect'; readonly code: string | null }
  | { readonly do: 'disconnect' }
  | { readonly do: 'help'; readonly about: OncallVerb | null };

export type OncallVerb = OncallWish['do'];

/** A wish, or a sentence that says what could not be read and how to write it. */
export type ParsedOncall =
  | { readonly ok: true; readonly wish: OncallWish }
  | { readonly ok: false; readonly said: string; readonly about: OncallVerb | null };
