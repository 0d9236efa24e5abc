import { escalate } from '@watchbill/core';
import type { Transaction } from '@watchbill/database';
import type { CommandResult } from '../command.ts';
import { type CommandContext, type CommandOutcome, done } from '../run-command.ts';
import { actOnPage, type HeldPage, refuseResolved } from './hold-page.ts';
import type { ActedPage, EscalateInput } from './page-input.ts';
import { SECOND_CLICK_MS } from './page-limits.ts';
import { isSecondClick } from './record-act.ts';
import { storeAdvance } from './store-advance.ts';

/**
 * Fires the next step of a page at once, whatever its state; where all are over, the first one again. Two clicks at
 * once fire one step: the second is told with `acted` false what the first did. Refuses a page that is resolved.
 */
export function escalatePage(
  context: CommandContext,
  input: EscalateInput,
): Promise<CommandResult<ActedPage>> {
  return actOnPage(context, { name: 'escalatePage', input }, (tx, held) => escalateHeld(tx, held, input));
}

async function escalateHeld(
  tx: Transaction,
  held: HeldPage,
  input: EscalateInput,
): Promise<CommandOutcome<ActedPage>> {
  const refusal = refuseResolved(held);
  if (refusal !== null) return refusal;
  const { page, moment, actor } = held;
  const moved = input.fired !== undefined && input.fired !== page.place.fired;
  if (moved || isSecondClick(page.escalatedAt, moment.now, SECOND_CLICK_MS)) {
    return done({ page, acted: false });
  }
  const pushed = {
    ...page,
    place: escalate(page.place, moment.now),
    acknowledged: null,
    escalatedAt: moment.now,
    escalatedBy: actor.person ?? actor.actor,
  };
  const stored = await storeAdvance(tx, pushed, { moment, actor });
  // A page that is due has always something to store.
  return done({ page: stored?.page ?? page, acted: stored !== null });
}
