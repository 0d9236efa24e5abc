import { resolve } from '@watchbill/core';
import {
  cancelNotifications,
  closeFolds,
  savePage,
  type Transaction,
  unfollowRoles,
} from '@watchbill/database';
import type { CommandResult } from '../command.ts';
import { type CommandContext, type CommandOutcome, done } from '../run-command.ts';
import { actOnPage, type HeldPage } from './hold-page.ts';
import { actorFactsOf, pageEvent } from './page-events.ts';
import type { ActedPage, PageAct } from './page-input.ts';
import { recordAct } from './record-act.ts';

/** Ends a page: its key may call anew. Over already: `acted` is false, and the page says who ended it. */
export function resolvePage(context: CommandContext, input: PageAct): Promise<CommandResult<ActedPage>> {
  return actOnPage(context, { name: 'resolvePage', input }, resolveHeld);
}

/** The same for a page that the transaction holds already. */
export async function resolveHeld(tx: Transaction, held: HeldPage): Promise<CommandOutcome<ActedPage>> {
  const { page, moment, actor } = held;
  if (page.place.state === 'resolved') return done({ page, acted: false });
  const saved = await savePage(tx, { ...page, place: resolve(page.place), resolved: actor });
  await cancelNotifications(tx, page.id);
  await unfollowRoles(tx, page.id);
  if (page.folds) await closeFolds(tx, page.id);
  const data = { actor: actorFactsOf(actor) };
  const event = pageEvent(saved, { type: 'page.resolved', mark: saved.version, moment, data });
  await recordAct(tx, held, { kind: 'resolved', event });
  return done({ page: saved, acted: true });
}
