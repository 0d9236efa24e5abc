import { isFinal, type Swap } from '@watchbill/core';
import { findSwap } from '@watchbill/database';
import { type SwapSide, swapMessage } from '../blocks/swap-blocks.ts';
import { swapNoteMessage } from '../blocks/swap-note-blocks.ts';
import type { SwapNote } from '../follow/follow-swap.ts';
import { loadPeople } from './load-people.ts';
import type { Render } from './render.ts';
import { zoneOf } from './zone-of.ts';

/** A swap for one side of it. A request that is over before anybody heard of it is not told at all. */
export const renderSwap: Render = async (database, { subject, workspace, facts, ts }) => {
  const swap = await findSwap(database, subject);
  if (swap === null) return null;
  const side = facts.side as SwapSide;
  const unheard = ts === null && (side === 'asked' || side === 'approver');
  if (unheard && isFinal(swap.state)) return null;
  if (ts === null && side === 'approver' && swap.state !== 'accepted') return null;
  const people = await loadPeople(database, workspace, peopleOf(swap));
  return swapMessage({ swap, people, zone: await zoneOf(database, swap.gives[0]?.schedule ?? null) }, side);
};

/** A word in the thread of a swap. One that asks for an answer is not said when none is needed any more. */
export const renderSwapNote: Render = async (database, { subject, workspace, facts, ts }) => {
  const what = facts.what as SwapNote;
  const about = typeof facts.about === 'string' ? facts.about : null;
  const asks = what === 'soon' || what === 'offered' || what === 'waits' || what === 'unreachable';
  if (asks && ts === null) {
    const swap = await findSwap(database, subject);
    if (swap === null || isFinal(swap.state)) return null;
  }
  const whose = typeof facts.whose === 'string' ? facts.whose : null;
  const named = [about, whose].filter((person) => person !== null);
  return swapNoteMessage({ what, about, whose, people: await loadPeople(database, workspace, named) });
};

function peopleOf(swap: Swap): string[] {
  const audience = swap.to.kind === 'person' ? [swap.to.person] : [];
  const answers = [...swap.offers, ...swap.refusals].map(({ person }) => person);
  const taken = swap.takes.map(({ person }) => person);
  const acted = [swap.acceptedBy, swap.closedBy].filter((person) => person !== null);
  return [swap.person, swap.createdBy, ...audience, ...answers, ...taken, ...acted];
}
