import { snooze } from '@watchbill/core';
import { cancelNotifications, isoInstant, savePage, type Transaction } from '@watchbill/database';
import type { CommandResult } from '../command.ts';
import { type CommandContext, type CommandOutcome, done, refuse } from '../run-command.ts';
import { actOnPage, type HeldPage, refuseResolved } from './hold-page.ts';
import { actorFactsOf, pageEvent } from './page-events.ts';
import type { ActedPage, SnoozeInput } from './page-input.ts';
import { PAGE_LIMITS, SECOND_CLICK_MS } from './page-limits.ts';
import { isSecondClick, recordAct, withFirstAnswer } from './record-act.ts';

/**
 * Leaves everybody alone until an instant of real time; then the page is triggered again with its first step. Refuses
 * a page that is resolved, and an instant that is past or more than thirty days ahead.
 */
export function snoozePage(context: CommandContext, input: SnoozeInput): Promise<CommandResult<ActedPage>> {
  return actOnPage(context, { name: 'snoozePage', input }, (tx, held) => snoozeHeld(tx, held, input));
}

async function snoozeHeld(
  tx: Transaction,
  held: HeldPage,
  { until }: SnoozeInput,
): Promise<CommandOutcome<ActedPage>> {
  const refusal = refuseResolved(held);
  if (refusal !== null) return refusal;
  const { page, moment, actor } = held;
  const { now } = moment;
  if (!Number.isInteger(until) || until <= now || until > now + PAGE_LIMITS.snoozeMs) {
    const message = `A snooze ends after now (${isoInstant(now)}, real time) and within 30 days.`;
    return refuse('invalid', 'page/snooze-until', { message });
  }
  const snoozed = page.place.snoozedUntil !== null;
  if (snoozed && isSecondClick(page.acknowledged?.at ?? null, now, SECOND_CLICK_MS)) {
    return done({ page, acted: false });
  }
  const place = snooze(page.place, until);
  const saved = await savePage(tx, withFirstAnswer({ ...page, place, acknowledged: actor }, now));
  await cancelNotifications(tx, page.id);
  const data = { actor: actorFactsOf(actor), until: isoInstant(until) };
  const event = pageEvent(saved, { type: 'page.snoozed', mark: saved.version, moment, data });
  await recordAct(tx, held, { kind: 'snoozed', event, detail: { until: isoInstant(until) } });
  return done({ page: saved, acted: true });
}
