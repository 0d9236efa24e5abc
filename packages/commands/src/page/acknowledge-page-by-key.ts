import { lockPage, openPageOf, pageMoment } from '@watchbill/database';
import type { CommandResult } from '../command.ts';
import { type CommandContext, type CommandOutcome, done, runCommand } from '../run-command.ts';
import { acknowledgeHeld } from './acknowledge-page.ts';
import type { ActedKey, PageKey } from './page-input.ts';

/** Acknowledges the open page of a key, for a sender that knows nothing else. None is open: `page` is null. */
export function acknowledgePageByKey(
  context: CommandContext,
  input: PageKey,
): Promise<CommandResult<ActedKey>> {
  return runCommand(
    context,
    { name: 'acknowledgePageByKey', input, audited: false },
    async (tx): Promise<CommandOutcome<ActedKey>> => {
      const id = await openPageOf(tx, input);
      const page = id === null ? null : await lockPage(tx, id);
      if (page === null) return done({ page: null, acted: false });
      const moment = await pageMoment(tx);
      const actor = { at: moment.now, person: null, actor: context.actor, via: 'intake' as const };
      const acted = await acknowledgeHeld(tx, { page, moment, actor });
      return acted.ok ? done({ page: page.id, acted: acted.value.acted }) : acted;
    },
  );
}
