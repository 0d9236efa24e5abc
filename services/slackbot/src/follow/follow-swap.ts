import { DAY_MS, isFinal, type Swap } from '@watchbill/core';
import {
  channelsOfSchedules,
  findSwap,
  insertSlackMessages,
  type NewSlackMessage,
  readTeams,
  type SlackAccount,
  slackMessagesAbout,
  slackPlacesOf,
  wantSlackMessages,
} from '@watchbill/database';
import { askerOf, type SwapSide } from '../blocks/swap-blocks.ts';
import type { MessageKind } from '../message-kinds.ts';
import { type FollowContext, type FollowedEvent, toChannel, toPerson } from './follow-event.ts';

/** Where nobody linked a channel, so many of those who could take it are asked one by one. */
const MOST_ASKED = 15;
const STALE_MS = 7 * DAY_MS;
const SWAP: MessageKind = 'swap';
const SWAP_NOTE: MessageKind = 'swap_note';

type SwapEvent = Extract<FollowedEvent, { readonly type: `swap.${string}` }>;

/** What is told in the thread of a message, so that people notice an outcome that was only edited in. */
export type SwapNote =
  | 'offered'
  | 'taken'
  | 'declined'
  | 'cancelled'
  | 'expired'
  | 'waits'
  | 'unreachable'
  | 'soon';

/** Messages about a swap: the request to those it is for, edits at every change, a word where somebody waits for one. */
export async function followSwap(at: FollowContext, event: SwapEvent): Promise<void> {
  const swap = await findSwap(at.tx, event.data.swap.id);
  if (swap === null) return;
  await wantSlackMessages(at.tx, [swap.id], [SWAP]);
  switch (event.type) {
    case 'swap.requested':
      if (!isFinal(swap.state)) await ask(at, swap);
      return;
    case 'swap.accepted':
      if (swap.state !== 'accepted') return;
      await askManagers(at, swap);
      return note(at, { swap, event, what: 'waits', to: asking(swap), about: swap.acceptedBy });
    case 'swap.countered':
      return note(at, { swap, event, what: 'offered', to: asking(swap), about: event.data.offer.person });
    case 'swap.applied':
      await tellApplied(at, swap, event);
      return;
    case 'swap.declined':
      if (event.data.swap.state !== 'declined') return;
      return note(at, { swap, event, what: 'declined', to: asking(swap), about: event.data.by });
    case 'swap.cancelled': {
      const others = [...asking(swap), ...(swap.acceptedBy === null ? [] : [swap.acceptedBy])];
      const to = others.filter((person) => person !== event.data.by);
      return note(at, { swap, event, what: 'cancelled', to, about: event.data.by });
    }
    case 'swap.expired':
      return note(at, { swap, event, what: 'expired', to: asking(swap), about: null });
    case 'swap.approved':
    case 'swap.offer_declined':
      return;
  }
}

async function ask(at: FollowContext, swap: Swap): Promise<void> {
  const { tx } = at;
  const channels = swap.to.kind === 'person' ? [] : await channelsOfSchedules(tx, schedulesOf(swap));
  const asked =
    swap.to.kind === 'person' ? [swap.to.person] : channels.length > 0 ? [] : swap.asked.slice(0, MOST_ASKED);
  const askers = asking(swap).filter((person) => person !== swap.person && !asked.includes(person));
  const places = await slackPlacesOf(tx, [swap.person, ...askers, ...asked]);
  const messages: NewSlackMessage[] = [
    ...personal(swap, 'requester', { people: [swap.person], places }),
    ...personal(swap, 'asker', { people: askers, places }),
    ...personal(swap, 'asked', { people: asked, places }),
    ...channels.map((link) =>
      toChannel(link, {
        ...{ key: channelKey(swap, link), kind: SWAP, subject: swap.id, urgent: true, staleMs: STALE_MS },
        facts: { side: 'asked' satisfies SwapSide },
      }),
    ),
  ];
  await insertSlackMessages(tx, messages);
  const unlinked = swap.to.kind === 'person' && !places.has(swap.to.person) ? swap.to.person : null;
  if (unlinked === null) return;
  const facts = { what: 'unreachable' satisfies SwapNote, about: unlinked };
  const waiting = [
    ...personal(swap, 'requester', { people: [swap.person], places }),
    ...personal(swap, 'asker', { people: askers, places }),
  ];
  await insertSlackMessages(
    tx,
    waiting.map((each) => ({
      ...{ ...each, kind: SWAP_NOTE, facts, threadOf: each.key },
      key: `swap.${swap.id}.note.unreachable.${each.place.person}`,
    })),
  );
}

async function askManagers(at: FollowContext, swap: Swap): Promise<void> {
  const teams = await readTeams(at.tx, swap.awaiting);
  const managers = [
    ...new Set(teams.flatMap(({ definition }) => (definition as { managers?: string[] }).managers ?? [])),
  ];
  const places = await slackPlacesOf(at.tx, managers);
  await insertSlackMessages(at.tx, personal(swap, 'approver', { people: managers, places }));
}

async function tellApplied(
  at: FollowContext,
  swap: Swap,
  event: Extract<SwapEvent, { readonly type: 'swap.applied' }>,
): Promise<void> {
  const { tx } = at;
  const { by } = event.data;
  const parties = [swap.person, ...(swap.acceptedBy === null ? [] : [swap.acceptedBy])];
  const others = parties.filter((person) => person !== by);
  // Nobody was asked for a running shift that was taken over: then this is the first that they hear of it.
  const places = await slackPlacesOf(tx, others);
  const first = others.filter((person) => swap.origin !== 'request' && places.has(person));
  await insertSlackMessages(tx, personal(swap, 'channel', { people: first, places }));
  const told = [...new Set([...asking(swap), ...parties])].filter((person) => person !== by);
  await note(at, { swap, event, what: 'taken', to: told, about: swap.acceptedBy });
  const posted = new Set((await slackMessagesAbout(tx, swap.id, [SWAP])).map(({ key }) => key));
  const links = (await channelsOfSchedules(tx, schedulesOf(swap))).filter(
    ({ settings }) => settings.shiftPosts,
  );
  await insertSlackMessages(
    tx,
    links
      .filter((link) => !posted.has(channelKey(swap, link)))
      .map((link) =>
        toChannel(link, {
          ...{ key: channelKey(swap, link), kind: SWAP, subject: swap.id, urgent: false },
          facts: { side: 'channel' satisfies SwapSide },
        }),
      ),
  );
}

/** A word in the thread of the messages that these people have about the swap. */
async function note(
  at: FollowContext,
  told: {
    readonly swap: Swap;
    readonly event: SwapEvent;
    readonly what: SwapNote;
    readonly to: readonly string[];
    readonly about: string | null;
  },
): Promise<void> {
  const { swap, event, what, to, about } = told;
  const messages = await slackMessagesAbout(at.tx, swap.id, [SWAP]);
  await insertSlackMessages(
    at.tx,
    messages.flatMap(({ key, workspace, person }) =>
      person === null || !to.includes(person)
        ? []
        : [
            toPerson(
              { workspace, person },
              {
                ...{ key: `swap.${swap.id}.note.${event.id}.${person}`, kind: SWAP_NOTE, subject: swap.id },
                facts: { what, about, ...(person === swap.person ? {} : { whose: swap.person }) },
                ...{ urgent: true, threadOf: key },
              },
            ),
          ],
    ),
  );
}

/** Who waits for an outcome: whose shift it is, and the manager who asked in their name. */
function asking(swap: Swap): string[] {
  const asker = askerOf(swap);
  return asker === null ? [swap.person] : [swap.person, asker];
}

function personal(
  swap: Swap,
  side: SwapSide,
  to: { readonly people: readonly string[]; readonly places: ReadonlyMap<string, SlackAccount> },
): NewSlackMessage[] {
  return to.people.flatMap((person) => {
    const place = to.places.get(person);
    if (place === undefined) return [];
    return [
      toPerson(
        { workspace: place.workspace, person },
        {
          ...{ key: personKey(swap, side, person), kind: SWAP, subject: swap.id, facts: { side } },
          ...{ urgent: true, staleMs: STALE_MS },
        },
      ),
    ];
  });
}

export function personKey(swap: Pick<Swap, 'id'>, side: SwapSide, person: string): string {
  return `swap.${swap.id}.${side}.${person}`;
}

function channelKey(
  swap: Pick<Swap, 'id'>,
  link: { readonly workspace: string; readonly channel: string },
): string {
  return `swap.${swap.id}.channel.${link.workspace}.${link.channel}`;
}

function schedulesOf({ gives, takes }: Swap): string[] {
  return [...new Set([...gives, ...takes].map(({ schedule }) => schedule))];
}
