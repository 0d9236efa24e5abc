import { aheadOf, type Swap, type SwapStretch, withoutStretches } from '@watchbill/core';
import { dropAnswer, type Transaction } from '@watchbill/database';
import type { CommandResult } from '../command.ts';
import { type CommandContext, type CommandOutcome, done, refuse, runCommand } from '../run-command.ts';
import { type HeldSwap, holdAlone, holdWhole, type Refusal, refuseClosed } from './hold-swap.ts';
import { refuseRequester } from './may-answer.ts';
import { open } from './request-swap.ts';
import { settleSwap } from './settle-swap.ts';
import { actorOf } from './swap-events.ts';
import type { OfferAnswer, SwapAnswer } from './swap-input.ts';
import { writeAndTell } from './write-swap.ts';

/**
 * The requester takes the offer of a person. What nobody has taken is asked of the others in a request of its own
 * (`restOf`), or stays with the requester: where one person alone was asked, or `rest` says so.
 */
export function acceptCounter(context: CommandContext, input: OfferAnswer): Promise<CommandResult<Swap>> {
  return runCommand(context, { name: 'acceptCounter', input }, async (tx) => {
    const held = await holdWhole(tx, { swap: input.swap, people: [input.person] });
    if (!held.ok) return held;
    const { swap, now } = held.value;
    const refusal = (await refuseRequester(tx, context, swap)) ?? (await refuseClosed(tx, swap, now));
    if (refusal !== null) return refusal;
    const offer = swap.offers.find((one) => one.person === input.person);
    if (offer === undefined) return noOffer(input.person);
    const { person, gives, takes } = offer;
    const settled = await settleSwap(tx, held.value, { agreement: { person, gives, takes }, context });
    if (!settled.ok) return settled;
    const rest = aheadOf(withoutStretches(swap.gives, gives), now);
    const keep = swap.kind === 'exchange' || (input.rest ?? defaultRest(swap)) === 'keep';
    if (rest.length === 0 || keep) return settled;
    return askRest(tx, held.value, { rest, settled: settled.value, context });
  });
}

function defaultRest(swap: Swap): 'ask' | 'keep' {
  return swap.to.kind === 'person' ? 'keep' : 'ask';
}

async function askRest(
  tx: Transaction,
  { swap, now }: HeldSwap,
  of: { readonly rest: readonly SwapStretch[]; readonly settled: Swap; readonly context: CommandContext },
): Promise<CommandOutcome<Swap>> {
  const others = swap.asked.filter((one) => one !== of.settled.acceptedBy);
  const asked = others.length > 0 ? others : swap.asked;
  const opened = await open(tx, {
    input: swap,
    ...{ gives: of.rest, takes: [], asked, now, context: of.context },
    restOf: swap.id,
  });
  return opened.ok ? done(of.settled) : opened;
}

/** The requester declines the offer of a person; the request stays open. */
export function declineCounter(context: CommandContext, input: SwapAnswer): Promise<CommandResult<Swap>> {
  return runCommand(context, { name: 'declineCounter', input }, async (tx) => {
    const held = await holdAlone(tx, input.swap);
    if (!held.ok) return held;
    const { swap, now } = held.value;
    const refusal = (await refuseRequester(tx, context, swap)) ?? (await refuseClosed(tx, swap, now));
    if (refusal !== null) return refusal;
    const { person } = input;
    if (!swap.offers.some((one) => one.person === person)) return noOffer(person);
    await dropAnswer(tx, swap.id, person);
    const offers = swap.offers.filter((one) => one.person !== person);
    const happening = { type: 'swap.offer_declined', by: actorOf(context), person } as const;
    return writeAndTell(tx, swap, { after: { ...swap, offers }, happening, now });
  });
}

function noOffer(person: string): Refusal {
  const message = `${person} offers nothing, or took the offer back.`;
  return refuse('conflict', 'swap/no-offer', { message });
}
