import type { Swap } from '@watchbill/core';
import type { CommandResult } from '../command.ts';
import { type CommandContext, runCommand } from '../run-command.ts';
import { holdAlone, refuseClosed } from './hold-swap.ts';
import { refuseRequester } from './may-answer.ts';
import { refuseReason } from './refuse-reason.ts';
import { actorOf } from './swap-events.ts';
import { closed, writeAndTell } from './write-swap.ts';

/** Takes a request back that is not applied. */
export function cancelSwap(
  context: CommandContext,
  input: { readonly swap: string; readonly reason?: string | null | undefined },
): Promise<CommandResult<Swap>> {
  return runCommand(context, { name: 'cancelSwap', input }, async (tx) => {
    const reason = input.reason ?? null;
    const long = refuseReason(reason);
    if (long !== null) return long;
    const held = await holdAlone(tx, input.swap);
    if (!held.ok) return held;
    const { swap, now } = held.value;
    const refusal = await refuseRequester(tx, context, swap);
    if (refusal !== null) return refusal;
    const late = swap.state === 'accepted' ? null : await refuseClosed(tx, swap, now);
    if (late !== null) return late;
    const after = closed(swap, { state: 'cancelled', context, reason, now });
    const happening = { type: 'swap.cancelled', by: actorOf(context), reason } as const;
    return writeAndTell(tx, swap, { after, happening, now });
  });
}
