import type { Swap } from '@watchbill/core';
import { clockNow, holdExpiredSwaps, insertEvents, type Transaction } from '@watchbill/database';
import type { CommandContext } from '../run-command.ts';
import { swapEvent } from './swap-events.ts';
import { closed, writeSwap } from './write-swap.ts';

/** Swaps that one call ends; the next call goes on. */
export const EXPIRIES_PER_CALL = 100;

/** Ends requests that nobody took, or nobody approved, before the shifts began; a batch of them. */
export function expireSwaps({ database }: Pick<CommandContext, 'database'>): Promise<readonly Swap[]> {
  return database.transaction(async (tx) => {
    const now = await clockNow(tx);
    const swaps = await holdExpiredSwaps(tx, now, EXPIRIES_PER_CALL);
    const ended: Swap[] = [];
    for (const swap of swaps) ended.push(...(await expire(tx, swap, now)));
    return ended;
  });
}

async function expire(tx: Transaction, swap: Swap, now: number): Promise<Swap[]> {
  const after = closed(swap, { state: 'expired', context: null, reason: null, now });
  const written = await writeSwap(tx, swap, after);
  if (!written.ok) return [];
  await insertEvents(tx, [swapEvent(written.value, { type: 'swap.expired' }, now)]);
  return [written.value];
}
