import type { CommandResult } from '@watchbill/commands';
import type { Swap } from '@watchbill/core';
import { findSwap } from '@watchbill/database';
import { type Message, message } from '../../blocks/elements.ts';
import { mention, type People } from '../../blocks/people.ts';
import { swapMessage } from '../../blocks/swap-blocks.ts';
import { escapeWithin } from '../../blocks/text.ts';
import { loadPeople } from '../../render/load-people.ts';
import { zoneOf } from '../../render/zone-of.ts';
import { peopleOfSwaps } from '../reads/own-requests.ts';
import { refusal } from './refusals.ts';
import type { KnownVisit } from './visit.ts';

/**
 * What an answer to a request has come to: the words for it, or, where it came too late, why it was refused and how
 * the request stands instead.
 */
export async function swapOutcome(
  visit: KnownVisit,
  id: string,
  outcome: { readonly result: CommandResult<Swap>; readonly done: (swap: Swap) => string },
): Promise<Message> {
  const { result, done } = outcome;
  if (result.ok) return message(done(result.value));
  const { error } = result;
  if (error.code !== 'conflict' && error.code !== 'precondition') return refusal(error);
  const { database } = visit.desk.deps;
  const swap = await findSwap(database, id);
  if (swap === null) return refusal(error);
  const people = await loadPeople(database, visit.workspace, peopleOfSwaps([swap]));
  const zone = await zoneOf(database, swap.gives[0]?.schedule ?? null);
  const own = error.reason === 'swap/taken' ? ownTaking(swap, visit.person, people) : null;
  if (own !== null) return message(own);
  const stands = swapMessage({ swap, people, zone }, 'channel');
  return message([escapeWithin(error.message, 1_000), `Now it stands so: ${stands.text}`].join('\n'));
}

/** For whoever has taken it themselves, and whoever gave it away, nobody "was faster"; null for the others. */
function ownTaking({ acceptedBy, person, state }: Swap, reader: string, people: People): string | null {
  if (acceptedBy === null || (reader !== acceptedBy && reader !== person)) return null;
  const waits = state === 'accepted';
  if (reader === acceptedBy) {
    return waits
      ? 'You have accepted it already. A manager has to approve it; I tell you when.'
      : 'You have taken it already: it is yours. `/oncall me` shows it.';
  }
  const taker = mention(people, acceptedBy);
  return waits
    ? `${taker} has accepted it already. It waits for a manager to approve.`
    : `${taker} has taken it already. To have it back, ask them with \`/oncall swap\`.`;
}
