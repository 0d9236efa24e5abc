import type { Instant, Swap } from '@watchbill/core';
import { saveRefusal, type Transaction } from '@watchbill/database';
import type { CommandResult } from '../command.ts';
import { type CommandContext, type CommandOutcome, refuse, runCommand } from '../run-command.ts';
import { holdAlone, refuseClosed } from './hold-swap.ts';
import { refuseAnswerer } from './may-answer.ts';
import { refuseReason } from './refuse-reason.ts';
import { actorOf } from './swap-events.ts';
import type { SwapAnswer } from './swap-input.ts';
import { closed, writeAndTell } from './write-swap.ts';

/**
 * Says no. A request to one person ends with it, and so does one to many when all who were asked said no; else it
 * stays open for the others. Whoever accepted may say so too while it waits for approval.
 */
export function declineSwap(
  context: CommandContext,
  input: SwapAnswer & { readonly reason?: string | null | undefined },
): Promise<CommandResult<Swap>> {
  return runCommand(context, { name: 'declineSwap', input }, async (tx) => {
    const { person } = input;
    const reason = input.reason ?? null;
    const long = refuseReason(reason);
    if (long !== null) return long;
    const held = await holdAlone(tx, input.swap);
    if (!held.ok) return held;
    const { swap, now } = held.value;
    const refusal = await refuseAnswerer(tx, context, { swap, person });
    if (refusal !== null) return refusal;
    const withdraws = swap.state === 'accepted' && swap.acceptedBy === person;
    if (!withdraws) {
      const late = await refuseClosed(tx, swap, now);
      if (late !== null) return late;
      if (swap.refusals.some((one) => one.person === person)) {
        const message = 'You have said no already; the others are still asked.';
        return refuse('conflict', 'swap/answered', { message });
      }
    }
    return noteRefusal(tx, swap, { person, reason, now, context });
  });
}

async function noteRefusal(
  tx: Transaction,
  swap: Swap,
  by: {
    readonly person: string;
    readonly reason: string | null;
    readonly now: Instant;
    readonly context: CommandContext;
  },
): Promise<CommandOutcome<Swap>> {
  const { person, reason, now, context } = by;
  const refusal = { person, reason, at: now };
  await saveRefusal(tx, swap.id, refusal);
  const refusals = [...swap.refusals.filter((one) => one.person !== person), refusal];
  const offers = swap.offers.filter((offer) => offer.person !== person);
  const open: Swap = {
    ...swap,
    ...{ refusals, offers },
    state: 'open',
    awaiting: [],
    acceptedBy: null,
    acceptedAt: null,
  };
  const over =
    swap.to.kind === 'person' ||
    // What the others could have given back is settled already.
    (swap.state === 'accepted' && swap.kind === 'exchange') ||
    swap.asked.every((one) => refusals.some((no) => no.person === one));
  const after = over ? closed(open, { state: 'declined', context, reason, now }) : open;
  const happening = { type: 'swap.declined', by: actorOf(context), person, reason } as const;
  return writeAndTell(tx, swap, { after, happening, now });
}
