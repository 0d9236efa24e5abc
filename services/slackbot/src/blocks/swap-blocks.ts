import type { KnownBlock } from '@slack/types';
import type { Swap, SwapOffer, SwapStretch, ZoneName } from '@watchbill/core';
import {
  actions,
  button,
  confirmation,
  context,
  type Message,
  message,
  section,
  sections,
} from './elements.ts';
import { escapedName, mention, nameOf, type People } from './people.ts';
import { escapeText, escapeWithin, listed, time, timeSpan } from './text.ts';

/** What a message about a swap is made of. */
export interface SwapScene {
  readonly swap: Swap;
  readonly people: People;
  /** Of the schedule whose shift it is: for readers to whom Slack cannot show their own time. */
  readonly zone: ZoneName;
}

/**
 * Whom a message about a swap is for: those asked (by direct message, or all in a channel), the requester, the
 * manager who asks in the requester's name, the managers who approve, and the channel that is told what has changed.
 */
export type SwapSide = 'asked' | 'requester' | 'asker' | 'approver' | 'channel';

const SHOWN_STRETCHES = 10;
const SHOWN_OFFERS = 10;
const REASON_SHOWN = 500;

/** A message about a swap as it stands now. Made anew at every change, and edited in place. */
export function swapMessage(scene: SwapScene, side: SwapSide): Message {
  const lines = [headline(scene, side), ...detailLines(scene)];
  const text = [...lines, ...offerLines(scene, side)].join('\n');
  return message(text, [...sections(lines), ...noteBlocks(scene), ...buttonBlocks(scene, side)]);
}

/** `primary of payments, Mon 09:00 – Tue 09:00` in mrkdwn. */
export function stretchText(
  { schedule, role, start, end }: Omit<SwapStretch, 'person'>,
  zone: ZoneName,
): string {
  return `${escapeText(role)} of ${escapeText(schedule)}, ${timeSpan({ start, end }, zone)}`;
}

function stretchLines(stretches: readonly SwapStretch[], zone: ZoneName): string[] {
  const shown = stretches.slice(0, SHOWN_STRETCHES).map((stretch) => `• ${stretchText(stretch, zone)}`);
  const more = stretches.length - shown.length;
  return more > 0 ? [...shown, `• and ${more} more`] : shown;
}

function headline(scene: SwapScene, side: SwapSide): string {
  const { swap } = scene;
  switch (swap.state) {
    case 'open':
      return openHeadline(scene, side);
    case 'accepted':
      return side === 'approver' ? approverHeadline(scene) : waitingHeadline(scene);
    case 'applied':
      return appliedHeadline(scene);
    case 'declined':
      return `*Declined.* ${closer(scene)} said no to the request of ${mention(scene.people, swap.person)}.`;
    case 'cancelled':
      return `*Taken back.* ${closer(scene)} cancelled the request of ${mention(scene.people, swap.person)}.`;
    case 'expired':
      return `*Expired.* Nobody took it in time: ${mention(scene.people, swap.person)} still stands this.`;
  }
}

function openHeadline({ swap, people }: SwapScene, side: SwapSide): string {
  const who = mention(people, swap.person);
  const exchange = swap.kind === 'exchange';
  if (side === 'requester' || side === 'asker') {
    const asked = swap.to.kind === 'person' ? mention(people, swap.to.person) : everybody(swap);
    const asker = askerOf(swap);
    const by = side === 'asker' || asker === null ? 'You' : mention(people, asker);
    const whom = side === 'asker' ? who : 'you';
    return exchange
      ? `${by} asked ${asked} to *exchange* shifts with ${whom}.`
      : `${by} asked ${asked} to *cover* for ${whom}.`;
  }
  const you = swap.to.kind === 'person' && side === 'asked' ? 'you' : 'somebody';
  return exchange ? `${who} asks ${you} to *exchange* shifts.` : `${who} asks ${you} to *cover* for them.`;
}

function everybody(swap: Swap): string {
  return swap.to.kind === 'team' ? 'everybody of the team' : 'everybody who could stand there';
}

function approverHeadline({ swap, people }: SwapScene): string {
  const taker = swap.acceptedBy === null ? 'somebody' : mention(people, swap.acceptedBy);
  return `*Please approve:* ${taker} takes over from ${mention(people, swap.person)}.`;
}

function waitingHeadline({ swap, people }: SwapScene): string {
  const taker = swap.acceptedBy === null ? 'Somebody' : mention(people, swap.acceptedBy);
  return `${taker} would take over from ${mention(people, swap.person)}. It *waits for a manager* to approve.`;
}

function appliedHeadline({ swap, people }: SwapScene): string {
  const taker = swap.acceptedBy === null ? 'Somebody' : mention(people, swap.acceptedBy);
  const giver = mention(people, swap.person);
  if (swap.origin === 'take') return `${taker} *took over* from ${giver}.`;
  if (swap.origin === 'take-back') return `${taker} *is back* on call instead of ${giver}.`;
  return swap.kind === 'exchange'
    ? `*Done:* ${taker} and ${giver} exchanged shifts.`
    : `*Done:* ${taker} covers for ${giver}.`;
}

/** Who asked in somebody else's name; null where they asked themselves, or nobody was asked. */
export function askerOf({ person, createdBy, origin }: Swap): string | null {
  return origin === 'request' && createdBy !== person ? createdBy : null;
}

/** Who ended it: a person by name, or whatever the record says. */
function closer({ swap, people }: SwapScene): string {
  if (swap.closedBy === null) return 'Somebody';
  return people.names.has(swap.closedBy) ? mention(people, swap.closedBy) : escapeWithin(swap.closedBy, 80);
}

function detailLines({ swap, people, zone }: SwapScene): string[] {
  const giver = escapedName(people, swap.person);
  const gives = stretchLines(swap.gives, zone);
  const takes = stretchLines(swap.takes, zone);
  const back = [...new Set(swap.takes.map(({ person }) => person))].map((person) =>
    escapedName(people, person),
  );
  const lines =
    swap.takes.length === 0 ? gives : [`*${giver} gives*`, ...gives, `*${listed(back)} gives*`, ...takes];
  if (swap.kind === 'exchange' && swap.takes.length === 0) lines.push('_Offer a shift of yours in return._');
  const asker = askerOf(swap);
  if (asker !== null && people.names.has(asker)) {
    lines.push(`_${escapedName(people, asker)} asked in the name of ${giver}._`);
  }
  if (swap.reason !== null) lines.push(`Reason: ${escapeWithin(swap.reason, REASON_SHOWN)}`);
  if (swap.closedReason !== null) lines.push(`Answer: ${escapeWithin(swap.closedReason, REASON_SHOWN)}`);
  return lines;
}

function noteBlocks({ swap, people, zone }: SwapScene): KnownBlock[] {
  if (swap.state !== 'open') return [];
  const refused = swap.refusals.map(({ person }) => escapedName(people, person)).slice(0, 20);
  const said = refused.length === 0 ? '' : ` Said no: ${listed(refused)}.`;
  return [context(`Until ${time(swap.expiresAt, zone)} somebody can accept.${said}`)];
}

function offerText({ people, zone }: SwapScene, offer: SwapOffer): string {
  const gives = offer.gives.slice(0, SHOWN_STRETCHES).map((stretch) => stretchText(stretch, zone));
  const takes = offer.takes.slice(0, SHOWN_STRETCHES).map((stretch) => stretchText(stretch, zone));
  const back = takes.length === 0 ? '' : `, and would give ${listed(takes)} in return`;
  return `${mention(people, offer.person)} offers to stand ${listed(gives)}${back}.`;
}

function offerLines(scene: SwapScene, side: SwapSide): string[] {
  if (!asks(side) || scene.swap.state !== 'open') return [];
  return scene.swap.offers.slice(0, SHOWN_OFFERS).map((offer) => offerText(scene, offer));
}

/** Both may answer offers and take the request back. */
function asks(side: SwapSide): boolean {
  return side === 'requester' || side === 'asker';
}

function buttonBlocks(scene: SwapScene, side: SwapSide): KnownBlock[] {
  const { swap } = scene;
  if (swap.state === 'open' && side === 'asked') return [askedButtons(scene)];
  if (swap.state === 'open' && asks(side)) return requesterBlocks(scene);
  if (swap.state === 'accepted' && side === 'approver') return [approverButtons(swap)];
  if (swap.state === 'accepted' && asks(side)) return [actions([cancelButton(swap)])];
  return [];
}

function askedButtons({ swap }: SwapScene): KnownBlock {
  const needsOffer = swap.kind === 'exchange' && swap.takes.length === 0;
  const accept = button({ id: 'swap_accept', text: 'Accept', value: swap.id, style: 'primary' });
  const part = swap.kind === 'exchange' ? 'Offer a shift' : 'Offer part of it';
  return actions([
    ...(needsOffer ? [] : [accept]),
    button({ id: 'swap_part', text: part, value: swap.id }),
    button({ id: 'swap_decline', text: 'Decline', value: swap.id }),
  ]);
}

function approverButtons(swap: Swap): KnownBlock {
  return actions([
    button({ id: 'swap_approve', text: 'Approve', value: swap.id, style: 'primary' }),
    button({ id: 'swap_refuse', text: 'Refuse', value: swap.id, style: 'danger' }),
  ]);
}

function cancelButton(swap: Swap) {
  const confirm = confirmation({
    title: 'Take the request back?',
    text: 'Those who were asked are told. The shift stays where it is.',
    yes: 'Take it back',
    no: 'Keep asking',
  });
  return button({ id: 'swap_cancel', text: 'Cancel the request', value: swap.id, confirm });
}

/** Each offer with its own two buttons, then the one that takes the request back. */
function requesterBlocks(scene: SwapScene): KnownBlock[] {
  const { swap, people } = scene;
  const offers = swap.offers.slice(0, SHOWN_OFFERS).flatMap((offer, index): KnownBlock[] => {
    const value = JSON.stringify({ swap: swap.id, person: offer.person });
    const name = `${index + 1}, of ${nameOf(people, offer.person)}`;
    return [
      section(offerText(scene, offer)),
      actions([
        button({
          ...{ id: 'swap_offer_accept', text: 'Take the offer', value, style: 'primary' },
          label: `Take offer ${name}`,
        }),
        button({
          id: 'swap_offer_decline',
          text: 'No, thanks',
          value,
          label: `Decline offer ${name}`,
        }),
      ]),
    ];
  });
  return [...offers, actions([cancelButton(swap)])];
}
