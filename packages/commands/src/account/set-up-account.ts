import {
  countAccounts,
  endSessions,
  findSetupLink,
  insertAccount,
  lockAccounts,
  newId,
  setPasswordHash,
  type Transaction,
  useSetupLink,
} from '@watchbill/database';
import { hashSecret } from '../access/secret.ts';
import type { CommandResult } from '../command.ts';
import { type CommandContext, type CommandOutcome, refuse, runCommand } from '../run-command.ts';
import { accountProblems, plainEmail } from './account-input.ts';
import { looksLikeLink } from './account-secret.ts';
import { type BegunSession, beginSession, type SignInPlace, withoutSecret } from './start-session.ts';

export interface SetUpInput {
  /** The secret part of the link. */
  readonly link: string;
  /** argon2id of the chosen password. */
  readonly passwordHash: string;
  /** Who the first account is; other links know it already. */
  readonly first: { readonly email: string; readonly name: string } | null;
  readonly place: SignInPlace;
}

/**
 * Uses a link: sets the password, makes the first admin where there is no account yet, ends the account's other
 * sessions and begins one. A link works once, also when it is followed twice at the same time.
 */
export function setUpAccount(
  context: CommandContext,
  input: SetUpInput,
): Promise<CommandResult<BegunSession>> {
  // Neither the link nor the hash is to be kept anywhere.
  return runCommand(
    context,
    { name: 'setUpAccount', input: { first: input.first }, remember: withoutSecret },
    async (tx) => {
      const link = looksLikeLink(input.link) ? await findSetupLink(tx, hashSecret(input.link)) : null;
      if (link === null || !(await useSetupLink(tx, link.id))) return usedUp();
      const account = link.account ?? (await makeFirst(tx, input));
      if (typeof account !== 'string') return account;
      await setPasswordHash(tx, account, input.passwordHash);
      await endSessions(tx, account);
      return beginSession(tx, { account, place: input.place });
    },
  );
}

async function makeFirst(
  tx: Transaction,
  { first, passwordHash }: SetUpInput,
): Promise<string | Extract<CommandOutcome<never>, { ok: false }>> {
  await lockAccounts(tx);
  if ((await countAccounts(tx)).all > 0) return usedUp();
  const facts = { email: plainEmail(first?.email ?? ''), name: first?.name ?? '', role: 'admin' as const };
  const problems = accountProblems(facts);
  const [problem] = problems;
  if (problem !== undefined) return refuse('invalid', problem.code, { message: problem.message, problems });
  const id = newId('acc');
  await insertAccount(tx, {
    ...{ id, ...facts, person: null, passwordHash, subject: null },
    createdBy: 'the first link',
  });
  return id;
}

function usedUp(): Extract<CommandOutcome<never>, { ok: false }> {
  return refuse('not_found', 'link/not-found', {
    message: 'This link was used already, or its time is over. Ask an admin for another one.',
  });
}

/** What a link is for: `first` makes the first account; null when it leads nowhere. */
export async function purposeOfLink(
  queryable: Parameters<typeof findSetupLink>[0],
  link: string,
): Promise<'first' | 'password' | null> {
  const row = looksLikeLink(link) ? await findSetupLink(queryable, hashSecret(link)) : null;
  if (row === null) return null;
  return row.account === null ? 'first' : 'password';
}
