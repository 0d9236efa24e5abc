import type { Instant, Swap } from '@watchbill/core';
import { changeSwap, insertEvents, type Transaction } from '@watchbill/database';
import { type CommandContext, type CommandOutcome, done, refuse } from '../run-command.ts';
import { actorOf, type SwapHappening, swapEvent } from './swap-events.ts';

/** Writes the next state of a swap that is held. Nobody else can have changed it; if so, nothing is written. */
export async function writeSwap(tx: Transaction, before: Swap, after: Swap): Promise<CommandOutcome<Swap>> {
  if (await changeSwap(tx, before, after)) return done({ ...after, version: before.version + 1 });
  const message = 'The request changed at the same moment. Look at it and try again.';
  return refuse('conflict', 'swap/not-open', { message });
}

/** Writes the next state of a swap that is held, and its event. */
export async function writeAndTell(
  tx: Transaction,
  before: Swap,
  next: { readonly after: Swap; readonly happening: SwapHappening; readonly now: Instant },
): Promise<CommandOutcome<Swap>> {
  const written = await writeSwap(tx, before, next.after);
  if (written.ok) await insertEvents(tx, [swapEvent(written.value, next.happening, next.now)]);
  return written;
}

/** A swap as it ends. */
export function closed(
  swap: Swap,
  as: {
    readonly state: 'declined' | 'cancelled' | 'expired';
    readonly context: CommandContext | null;
    readonly reason: string | null;
    readonly now: Instant;
  },
): Swap {
  return {
    ...swap,
    state: as.state,
    awaiting: [],
    closedBy: as.context === null ? null : actorOf(as.context),
    closedReason: as.reason,
    closedAt: as.now,
  };
}
