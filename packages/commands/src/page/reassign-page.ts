import { triggerAgain } from '@watchbill/core';
import {
  cancelNotifications,
  type PageRow,
  savePage,
  type Transaction,
  unfollowRoles,
} from '@watchbill/database';
import type { CommandResult } from '../command.ts';
import { type CommandContext, type CommandOutcome, done } from '../run-command.ts';
import { actOnPage, type HeldPage, refuseResolved, refuseStranger } from './hold-page.ts';
import { actorFactsOf, pageEvent } from './page-events.ts';
import type { ActedPage, PageReceiver, ReassignInput } from './page-input.ts';
import { SECOND_CLICK_MS } from './page-limits.ts';
import { isSecondClick, recordAct } from './record-act.ts';
import { policyReceiver, type Receiver, receiverOfSchedule } from './resolve-receiver.ts';
import { storeAdvance } from './store-advance.ts';

/**
 * Gives a page to a person, who is told at once, and its policy goes on after five minutes without an answer; or to
 * another policy or schedule instead of its own. Refuses a page that is resolved, and whom nobody knows.
 */
export function reassignPage(
  context: CommandContext,
  input: ReassignInput,
): Promise<CommandResult<ActedPage>> {
  return actOnPage(context, { name: 'reassignPage', input }, (tx, held) => reassignHeld(tx, held, input.to));
}

async function reassignHeld(
  tx: Transaction,
  held: HeldPage,
  to: PageReceiver,
): Promise<CommandOutcome<ActedPage>> {
  const refusal = refuseResolved(held);
  if (refusal !== null) return refusal;
  const { page, moment, actor } = held;
  const { now } = moment;
  const received = await receive(tx, page, to);
  if (!received.ok) return received;
  if (isThere(page, received.value) && isSecondClick(page.escalatedAt, now, SECOND_CLICK_MS)) {
    return done({ page, acted: false });
  }
  await cancelNotifications(tx, page.id);
  await unfollowRoles(tx, page.id);
  const saved = await savePage(tx, {
    ...page,
    ...received.value,
    place: triggerAgain(page.place, now),
    acknowledged: null,
    escalatedAt: now,
    escalatedBy: actor.person ?? actor.actor,
  });
  const data = { actor: actorFactsOf(actor), to: receiverFacts(to) };
  const event = pageEvent(saved, { type: 'page.reassigned', mark: saved.version, moment, data });
  await recordAct(tx, held, { kind: 'reassigned', event, detail: { to: receiverFacts(to) } });
  const stored = await storeAdvance(tx, saved, { moment, actor });
  return done({ page: stored?.page ?? saved, acted: true });
}

type Received = Receiver & Pick<PageRow, 'assignedTo'>;

async function receive(tx: Transaction, page: PageRow, to: PageReceiver): Promise<CommandOutcome<Received>> {
  if ('person' in to) {
    const stranger = await refuseStranger(tx, to.person);
    const { policyKey, policy, schedule, escalation } = page;
    return stranger ?? done({ policyKey, policy, schedule, escalation, assignedTo: to.person });
  }
  const receiver =
    'policy' in to ? await policyReceiver(tx, to.policy) : await receiverOfSchedule(tx, to.schedule);
  return receiver.ok ? done({ ...receiver.value, assignedTo: null }) : receiver;
}

function isThere(page: PageRow, { assignedTo, policyKey }: Received): boolean {
  return page.assignedTo === assignedTo && page.policyKey === policyKey;
}

function receiverFacts(to: PageReceiver): { kind: 'person' | 'policy' | 'schedule'; id: string } {
  if ('person' in to) return { kind: 'person', id: to.person };
  return 'policy' in to ? { kind: 'policy', id: to.policy } : { kind: 'schedule', id: to.schedule };
}
