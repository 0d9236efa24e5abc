import type { Swap } from '@watchbill/core';
import type { CommandResult } from '../command.ts';
import { type CommandContext, refuse, runCommand } from '../run-command.ts';
import { holdWhole, refuseClosed } from './hold-swap.ts';
import { refuseAnswerer } from './may-answer.ts';
import { settleSwap } from './settle-swap.ts';
import type { SwapAnswer } from './swap-input.ts';

/**
 * Takes the shifts of an open request: applied at once, or after the approval that a team wants. The first one wins;
 * everybody after hears who was faster.
 */
export function acceptSwap(context: CommandContext, input: SwapAnswer): Promise<CommandResult<Swap>> {
  return runCommand(context, { name: 'acceptSwap', input }, async (tx) => {
    const { person } = input;
    const held = await holdWhole(tx, { swap: input.swap, people: [person] });
    if (!held.ok) return held;
    const { swap, now } = held.value;
    const refusal =
      (await refuseAnswerer(tx, context, { swap, person })) ?? (await refuseClosed(tx, swap, now));
    if (refusal !== null) return refusal;
    const takes = swap.takes.filter((stretch) => stretch.person === person);
    if (swap.kind === 'exchange' && takes.length === 0) {
      const message = 'Say which of your shifts comes back: make an offer.';
      return refuse('conflict', 'swap/offer-needed', { message });
    }
    return settleSwap(tx, held.value, { agreement: { person, gives: swap.gives, takes }, context });
  });
}
