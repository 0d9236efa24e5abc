import {
  type AccountRole,
  countAccounts,
  findAccountByEmail,
  insertAccount,
  lockAccounts,
  newId,
  readNames,
  replaceSetupLink,
} from '@watchbill/database';
import { hashSecret } from '../access/secret.ts';
import type { CommandResult } from '../command.ts';
import { type CommandContext, done, refuse, runCommand } from '../run-command.ts';
import { accountProblems, MAX_ACCOUNTS, plainEmail } from './account-input.ts';
import { LINK_LIFE_MS, newLinkSecret } from './account-secret.ts';

export interface CreateAccountInput {
  readonly email: string;
  readonly name: string;
  readonly role: AccountRole;
  /** The person of the configuration who it is. */
  readonly person: string | null;
}

/** An account just made. `link` sets its password; null where the answer is a stored one. */
export interface CreatedAccount {
  readonly id: string;
  readonly link: string | null;
}

/** Makes an account without a password, and the link by which its holder sets one. */
export function createAccount(
  context: CommandContext,
  input: CreateAccountInput,
): Promise<CommandResult<CreatedAccount>> {
  const facts = { ...input, email: plainEmail(input.email) };
  const call = {
    name: 'createAccount',
    input: facts,
    remember: (created: CreatedAccount) => ({ ...created, link: null }),
  };
  return runCommand(context, call, async (tx) => {
    const problems = accountProblems(facts);
    const [first] = problems;
    if (first !== undefined) return refuse('invalid', first.code, { message: first.message, problems });
    await lockAccounts(tx);
    if (facts.person !== null && !(await readNames(tx, [facts.person])).has(facts.person)) {
      return refuse('not_found', 'person/not-found', { message: `There is no person "${facts.person}".` });
    }
    if ((await findAccountByEmail(tx, facts.email)) !== null) {
      const message = `There is an account with the address ${facts.email} already.`;
      return refuse('conflict', 'account/email-taken', { message });
    }
    if ((await countAccounts(tx)).all >= MAX_ACCOUNTS) {
      return refuse('limit', 'limit/accounts', { message: `There are ${MAX_ACCOUNTS} accounts already.` });
    }
    const id = newId('acc');
    await insertAccount(tx, { id, ...facts, passwordHash: null, subject: null, createdBy: context.actor });
    const link = newLinkSecret();
    await replaceSetupLink(tx, {
      id: newId('lnk'),
      hash: hashSecret(link),
      account: id,
      createdBy: context.actor,
      expiresAt: Date.now() + LINK_LIFE_MS,
    });
    return done({ id, link });
  });
}
