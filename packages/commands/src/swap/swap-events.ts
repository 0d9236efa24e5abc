import type { Instant, Swap, SwapOffer, SwapStretch } from '@watchbill/core';
import { isoInstant, type NewEvent } from '@watchbill/database';
import type { EventFacts } from '@watchbill/events';
import type { CommandContext } from '../run-command.ts';

/** Who acts, for the record: the person, or the name of the token. */
export function actorOf({ caller, actor }: CommandContext): string {
  return caller?.person ?? actor;
}

/** What an event of a swap says beside the swap itself. */
export type SwapHappening =
  | { readonly type: 'swap.requested' | 'swap.expired' }
  | { readonly type: 'swap.accepted' | 'swap.approved'; readonly by: string }
  | {
      readonly type: 'swap.declined';
      readonly by: string;
      readonly person: string | null;
      readonly reason: string | null;
    }
  | { readonly type: 'swap.countered'; readonly by: string; readonly offer: SwapOffer }
  | { readonly type: 'swap.offer_declined'; readonly by: string; readonly person: string }
  | { readonly type: 'swap.applied'; readonly by: string }
  | { readonly type: 'swap.cancelled'; readonly by: string; readonly reason: string | null };

/** The event of what happened to a swap, which `swap` is the outcome of. It belongs to the schedule given away. */
export function swapEvent(swap: Swap, happening: SwapHappening, now: Instant): NewEvent {
  const facts = swapFacts(swap);
  const common = {
    key: `${happening.type}.${swap.id}.${swap.version}`,
    schedule: swap.gives[0]?.schedule ?? null,
    occurredAt: now,
    publishedAt: now,
  };
  switch (happening.type) {
    case 'swap.requested':
    case 'swap.expired':
      return { ...common, type: happening.type, data: { swap: facts } };
    case 'swap.accepted':
    case 'swap.approved':
      return { ...common, type: happening.type, data: { swap: facts, by: happening.by } };
    case 'swap.declined': {
      const { type, by, person, reason } = happening;
      return { ...common, type, data: { swap: facts, by, person, reason } };
    }
    case 'swap.countered': {
      const { type, by, offer } = happening;
      const told = {
        person: offer.person,
        gives: stretchFacts(offer.gives),
        takes: stretchFacts(offer.takes),
      };
      return { ...common, type, data: { swap: facts, by, offer: told } };
    }
    case 'swap.offer_declined': {
      const { type, by, person } = happening;
      return { ...common, type, data: { swap: facts, by, person } };
    }
    case 'swap.applied': {
      const { type, by } = happening;
      const overrides = swap.overrides.map(({ schedule, id }) => ({ schedule, id }));
      return { ...common, type, data: { swap: facts, by, overrides } };
    }
    case 'swap.cancelled': {
      const { type, by, reason } = happening;
      return { ...common, type, data: { swap: facts, by, reason } };
    }
  }
}

function swapFacts(swap: Swap): EventFacts<'swap.requested'>['swap'] {
  const { id, kind, origin, state, person, reason, acceptedBy, awaiting, restOf, createdBy, to } = swap;
  return {
    ...{ id, kind, origin, state, person, reason, acceptedBy, restOf, createdBy },
    gives: stretchFacts(swap.gives),
    takes: stretchFacts(swap.takes),
    audience: { kind: to.kind, person: to.kind === 'person' ? to.person : null },
    awaiting: [...awaiting],
    startsAt: isoInstant(swap.startsAt),
    expiresAt: isoInstant(swap.expiresAt),
    createdAt: isoInstant(swap.createdAt),
  };
}

function stretchFacts(stretches: readonly SwapStretch[]): EventFacts<'swap.requested'>['swap']['gives'] {
  return stretches.map(({ schedule, role, person, start, end }) => ({
    ...{ schedule, role, person },
    start: isoInstant(start),
    end: isoInstant(end),
  }));
}
