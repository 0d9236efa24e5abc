import { HOUR_MS } from '@watchbill/core';
import {
  clockNow,
  type Database,
  type ExpiringSwap,
  insertSlackMessages,
  type NewSlackMessage,
  slackMessagesAbout,
  swapsExpiringWithin,
} from '@watchbill/database';
import type { SwapNote } from '../follow/follow-swap.ts';
import type { MessageKind } from '../message-kinds.ts';

const SWAP: MessageKind = 'swap';
const SWAP_NOTE: MessageKind = 'swap_note';
/** How long before a request runs out those who can answer are reminded, the longest first. */
const LEADS_MS = [24 * HOUR_MS, 2 * HOUR_MS] as const;
/** A request made shortly before such a moment needs no reminder then: by this part of the lead. */
const LEAST_AGE_SHARE = 0.25;
const AT_ONCE = 200;

/** The lead that is due for a request, if it is not too young for it; null when none is. */
export function leadDue(swap: Pick<ExpiringSwap, 'createdAt' | 'expiresAt'>, now: number): number | null {
  const left = swap.expiresAt - now;
  const lead = [...LEADS_MS].reverse().find((each) => left <= each);
  if (lead === undefined) return null;
  const madeBeforeMs = swap.expiresAt - lead - swap.createdAt;
  return madeBeforeMs >= lead * LEAST_AGE_SHARE ? lead : null;
}

/** Writes reminders into the threads of requests that run out soon; each once. */
export async function writeSwapReminders(database: Database): Promise<void> {
  const swaps = await swapsExpiringWithin(database, LEADS_MS[0], AT_ONCE);
  if (swaps.length === 0) return;
  const now = await clockNow(database);
  for (const swap of swaps) {
    const lead = leadDue(swap, now);
    if (lead === null) continue;
    const side = swap.state === 'open' ? 'asked' : 'approver';
    const messages = await slackMessagesAbout(database, swap.id, [SWAP]);
    const waiting = messages.filter(({ key, status }) => isFor(key, swap.id, side) && status === 'sent');
    await database.transaction((tx) =>
      insertSlackMessages(
        tx,
        waiting.map(({ key, workspace, channel, person }): NewSlackMessage => {
          const what: SwapNote = 'soon';
          return {
            ...{ key: `${key}.soon.${lead}`, kind: SWAP_NOTE, subject: swap.id, workspace, threadOf: key },
            facts: { what, about: null, broadcast: person === null },
            place: person === null ? { channel: channel ?? '', person: null } : { channel: null, person },
            ...{ urgent: false, afterMs: 0, staleMs: 2 * HOUR_MS },
          };
        }),
      ),
    );
  }
}

/** Messages to the side that can answer: those asked, one by one or in a channel, or the managers who approve. */
function isFor(key: string, swap: string, side: 'asked' | 'approver'): boolean {
  if (key.startsWith(`swap.${swap}.${side}.`)) return true;
  return side === 'asked' && key.startsWith(`swap.${swap}.channel.`) && !key.includes('.soon.');
}
