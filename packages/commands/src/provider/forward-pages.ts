import {
  type LaneId,
  lanesThere,
  type PageOfEvent,
  type PositionedEvent,
  type ProviderKind,
  pagesThere,
  type Subscription,
  type Transaction,
} from '@watchbill/database';
import type { EventType } from '@watchbill/events';

/** The events that each provider has something for. */
export const FORWARDED_EVENTS: Readonly<Record<ProviderKind, readonly EventType[]>> = {
  pagerduty: [
    'page.triggered',
    'page.retriggered',
    'page.reassigned',
    'page.acknowledged',
    'page.snoozed',
    'page.resolved',
  ],
  opsgenie: [
    'page.triggered',
    'page.retriggered',
    'page.reassigned',
    'page.acknowledged',
    'page.snoozed',
    'page.noted',
    'page.unreachable',
    'page.resolved',
  ],
};

const PAGE_ID = /^pag_[0-9a-z]{26}$/;

/**
 * The name of a page at other providers, the same for its whole life: its id. A page that was itself forwarded to us
 * keeps the name under which it came, so that one that goes round is known by whoever sent it first.
 */
export function forwardedKey(page: Pick<PageOfEvent, 'id' | 'intake' | 'dedupKey'>): string {
  return page.intake !== null && PAGE_ID.test(page.dedupKey) ? page.dedupKey : page.id;
}

/** What decides, beside the event itself, whether it is forwarded. */
export interface ForwardFacts {
  /** Whether something of this page was forwarded there before. */
  readonly isKnown: (lane: LaneId) => boolean;
  /** Whether this is the id of a page of our own. */
  readonly isOwn: (page: string) => boolean;
}

/** Reads what is needed to forward these events; reads nothing where there is nothing to forward. */
export async function readForwardFacts(
  tx: Transaction,
  events: readonly PositionedEvent[],
  subscriptions: readonly Subscription[],
): Promise<ForwardFacts> {
  const providers = subscriptions.filter(({ provider }) => provider !== null).map(({ endpoint }) => endpoint);
  const pages = events.flatMap(({ page }) => (page === null ? [] : [page]));
  if (providers.length === 0 || pages.length === 0) return { isKnown: () => false, isOwn: () => false };
  const ids = [...new Set(pages.map(({ id }) => id))];
  const known = new Set((await lanesThere(tx, providers, ids)).map(laneKey));
  const keys = pages.flatMap(({ dedupKey }) => (PAGE_ID.test(dedupKey) ? [dedupKey] : []));
  const own = new Set(await pagesThere(tx, [...new Set(keys)]));
  return { isKnown: (lane) => known.has(laneKey(lane)), isOwn: (page) => own.has(page) };
}

/**
 * Whether the event of a page goes to a provider: because the page is of one of its schedules or policies, or because
 * it was when it began there, whoever it was given to since. A page that we sent out ourselves and that came back is
 * not sent out again.
 */
export function isForwarded(
  subscription: Subscription,
  event: PositionedEvent,
  facts: ForwardFacts,
): boolean {
  const { endpoint, schedules, provider } = subscription;
  const { page, schedule } = event;
  if (provider === null || page === null) return false;
  if (page.intake !== null && facts.isOwn(page.dedupKey)) return false;
  const { policies } = provider;
  if (schedules === null && policies === null) return true;
  return (
    (schedule !== null && schedules?.includes(schedule) === true) ||
    (page.policy !== null && policies?.includes(page.policy) === true) ||
    facts.isKnown({ endpoint, lane: page.id })
  );
}

function laneKey({ endpoint, lane }: LaneId): string {
  return `${endpoint} ${lane}`;
}
