import { forwardedKey } from '@watchbill/commands';
import type { EventEnvelope, EventFacts } from '@watchbill/events';

/** What of a page its events do not tell. */
export interface PageContext {
  readonly details: unknown;
  readonly links: readonly { readonly href: string; readonly text?: string | undefined }[];
}

/** An event of a page on its way to a provider. */
export interface ForwardedPage {
  readonly type: EventEnvelope['type'];
  readonly page: EventFacts<'page.triggered'>['page'];
  /** Its name at the provider, for its whole life. */
  readonly key: string;
  /** Who acted; null where its time had come. */
  readonly actor: string | null;
  readonly text: string | null;
  /** ISO-8601; of a snooze. */
  readonly until: string | null;
  /** Null where the page is not stored any more. */
  readonly context: PageContext | null;
  /** Where people see it. */
  readonly address: string;
}

/** Reads an event of a page; null when it is none. */
export function forwardedPage(
  event: Pick<EventEnvelope, 'type' | 'data'>,
  context: PageContext | null,
  publicUrl: string,
): ForwardedPage | null {
  const { page, actor, text, until } = event.data as Partial<EventFacts<'page.noted'>> & {
    readonly until?: string;
  };
  if (page === undefined) return null;
  return {
    ...{ type: event.type, page, key: forwardedKey(page), context },
    actor: actor === undefined ? null : (actor.person ?? actor.name),
    text: text ?? null,
    until: until ?? null,
    address: `${publicUrl.replace(/\/+$/, '')}/pages/${page.id}`,
  };
}

/** A text within a limit of characters; what is cut is shown to be. */
export function within(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}
