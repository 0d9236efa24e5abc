import {
  countFolds,
  endFold,
  foldedIn,
  lockPage,
  openPageOf,
  pageMoment,
  type Transaction,
} from '@watchbill/database';
import type { CommandResult } from '../command.ts';
import { type CommandContext, type CommandOutcome, done, runCommand } from '../run-command.ts';
import type { ActedKey, PageKey } from './page-input.ts';
import { STORM_KEYS_KEPT } from './page-limits.ts';
import { resolveHeld } from './resolve-page.ts';

/**
 * Ends the open page of a key, for a sender that knows nothing else. A key that was folded into the page of a storm
 * ends its part there; with the last one that page is over, too. None is open: `page` is null.
 */
export function resolvePageByKey(context: CommandContext, input: PageKey): Promise<CommandResult<ActedKey>> {
  return runCommand(context, { name: 'resolvePageByKey', input, audited: false }, async (tx) => {
    const id = await openPageOf(tx, input);
    return id === null ? resolveFold(tx, context, input) : resolveIt(tx, context, id);
  });
}

async function resolveIt(
  tx: Transaction,
  context: CommandContext,
  id: string,
): Promise<CommandOutcome<ActedKey>> {
  const page = await lockPage(tx, id);
  if (page === null) return done({ page: null, acted: false });
  const moment = await pageMoment(tx);
  const actor = { at: moment.now, person: null, actor: context.actor, via: 'intake' as const };
  const acted = await resolveHeld(tx, { page, moment, actor });
  return acted.ok ? done({ page: page.id, acted: acted.value.acted }) : acted;
}

async function resolveFold(
  tx: Transaction,
  context: CommandContext,
  input: PageKey,
): Promise<CommandOutcome<ActedKey>> {
  const page = await foldedIn(tx, input);
  // The page is held before its keys are counted: of two that end at once, the second sees the first.
  if (page === null || (await lockPage(tx, page)) === null) return done({ page: null, acted: false });
  const { now } = await pageMoment(tx);
  await endFold(tx, page, { dedupKey: input.dedupKey, at: now });
  const { open, kept } = await countFolds(tx, page);
  // What was not remembered may still go on, so somebody has to end the page by hand.
  if (open === 0 && kept < STORM_KEYS_KEPT) return resolveIt(tx, context, page);
  return done({ page, acted: true });
}
