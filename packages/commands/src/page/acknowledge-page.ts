import { acknowledge } from '@watchbill/core';
import { cancelNotifications, savePage, type Transaction } from '@watchbill/database';
import type { CommandResult } from '../command.ts';
import { type CommandContext, type CommandOutcome, done } from '../run-command.ts';
import { actOnPage, type HeldPage } from './hold-page.ts';
import { actorFactsOf, pageEvent } from './page-events.ts';
import type { ActedPage, PageAct } from './page-input.ts';
import { recordAct, withFirstAnswer } from './record-act.ts';

/**
 * Says that somebody takes care of a page: no step fires any more and nobody else is told. Done already, or too late:
 * `acted` is false, and the page says who it was.
 */
export function acknowledgePage(context: CommandContext, input: PageAct): Promise<CommandResult<ActedPage>> {
  return actOnPage(context, { name: 'acknowledgePage', input }, acknowledgeHeld);
}

/** The same for a page that the transaction holds already. */
export async function acknowledgeHeld(tx: Transaction, held: HeldPage): Promise<CommandOutcome<ActedPage>> {
  const { page, moment, actor } = held;
  const { state, snoozedUntil } = page.place;
  if (state === 'resolved' || (state === 'acknowledged' && snoozedUntil === null)) {
    return done({ page, acted: false });
  }
  const place = acknowledge(page.place, page.escalation, moment.now);
  const saved = await savePage(tx, withFirstAnswer({ ...page, place, acknowledged: actor }, moment.now));
  await cancelNotifications(tx, page.id);
  const data = { actor: actorFactsOf(actor) };
  const event = pageEvent(saved, { type: 'page.acknowledged', mark: saved.version, moment, data });
  await recordAct(tx, held, { kind: 'acknowledged', event });
  return done({ page: saved, acted: true });
}
