import type { Swap } from '@watchbill/core';
import { type Queryable, readNames } from '@watchbill/database';
import { ownOrManager } from '../access/caller.ts';
import { type CommandContext, refuse } from '../run-command.ts';
import type { Refusal } from './hold-swap.ts';

/** Refuses somebody who was not asked, the one who asks, and a caller who may not act for the person. */
export async function refuseAnswerer(
  queryable: Queryable,
  context: CommandContext,
  answer: { readonly swap: Swap; readonly person: string },
): Promise<Refusal | null> {
  const { swap, person } = answer;
  if (person === swap.person) {
    const message = 'Nobody swaps with themselves. Cancel the request if it is not needed any more.';
    return refuse('invalid', 'swap/self', { message });
  }
  const schedule = swap.gives[0]?.schedule ?? null;
  const refusal = await ownOrManager(queryable, context.caller, { person, schedule });
  if (refusal !== null) return refusal;
  if (swap.to.kind !== 'person' || swap.to.person === person) return null;
  const name = (await readNames(queryable, [swap.to.person])).get(swap.to.person) ?? swap.to.person;
  const message = `This was asked of ${name} alone.`;
  return refuse('forbidden', 'swap/not-asked', { message });
}

/** Refuses a caller who is neither the one who asks nor a manager of the schedule. */
export function refuseRequester(
  queryable: Queryable,
  context: CommandContext,
  swap: Swap,
): Promise<Refusal | null> {
  const schedule = swap.gives[0]?.schedule ?? null;
  return ownOrManager(queryable, context.caller, { person: swap.person, schedule });
}
