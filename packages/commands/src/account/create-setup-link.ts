import {
  countAccounts,
  type Database,
  findAccount,
  lockAccounts,
  newId,
  replaceSetupLink,
} from '@watchbill/database';
import { hashSecret } from '../access/secret.ts';
import type { CommandResult } from '../command.ts';
import { type CommandContext, done, refuse, runCommand } from '../run-command.ts';
import { LINK_LIFE_MS, newLinkSecret } from './account-secret.ts';

/**
 * Makes the link that makes the first account, and returns its secret part: show it once, it is stored nowhere. Null
 * when there is an account already. Each call replaces the link before.
 */
export function createFirstLink(database: Database): Promise<string | null> {
  return database.transaction(async (tx) => {
    await lockAccounts(tx);
    if ((await countAccounts(tx)).all > 0) return null;
    const link = newLinkSecret();
    await replaceSetupLink(tx, {
      id: newId('lnk'),
      hash: hashSecret(link),
      account: null,
      createdBy: 'start',
      expiresAt: Date.now() + LINK_LIFE_MS,
    });
    return link;
  });
}

/** Makes a new link by which the holder of an account sets a password; the links before it lead nowhere. */
export function createSetupLink(
  context: CommandContext,
  input: { readonly account: string },
): Promise<CommandResult<{ readonly link: string | null }>> {
  const call = { name: 'createSetupLink', input, remember: () => ({ link: null }) };
  return runCommand<{ readonly link: string | null }>(context, call, async (tx) => {
    const row = await findAccount(tx, input.account);
    if (row === null)
      return refuse('not_found', 'account/not-found', { message: 'There is no such account.' });
    const link = newLinkSecret();
    await replaceSetupLink(tx, {
      id: newId('lnk'),
      hash: hashSecret(link),
      account: row.id,
      createdBy: context.actor,
      expiresAt: Date.now() + LINK_LIFE_MS,
    });
    return done({ link });
  });
}
