import {
  type AccountRole,
  countAccounts,
  findAccountByEmail,
  findAccountBySubject,
  insertAccount,
  lockAccounts,
  newId,
  setSubject,
  type Transaction,
} from '@watchbill/database';
import type { CommandResult } from '../command.ts';
import { type CommandContext, refuse, runCommand } from '../run-command.ts';
import { accountProblems, MAX_ACCOUNTS, plainEmail } from './account-input.ts';
import { type BegunSession, beginSession, type SignInPlace, withoutSecret } from './start-session.ts';

/** Who an identity provider says it is. */
export interface ProvenIdentity {
  /** The issuer and the subject there: this never changes hands, an address may. */
  readonly subject: string;
  readonly email: string;
  /** Whether the provider has seen that the address is theirs. */
  readonly emailVerified: boolean;
  readonly name: string;
  /** The role that their groups give a new account; null: they may not come in by themselves. */
  readonly role: AccountRole | null;
}

/** Begins a session for somebody whom an identity provider vouches for; makes their account where groups allow it. */
export function signInByProvider(
  context: CommandContext,
  input: { readonly identity: ProvenIdentity; readonly place: SignInPlace },
): Promise<CommandResult<BegunSession>> {
  return runCommand(context, { name: 'signInByProvider', input, remember: withoutSecret }, async (tx) => {
    await lockAccounts(tx);
    const account = await accountOf(tx, { ...input.identity, email: plainEmail(input.identity.email) });
    if (account !== null) return beginSession(tx, { account, place: input.place });
    return refuse('forbidden', 'account/unknown', {
      message: 'There is no account for you here. Ask an admin to invite you by the address of this sign-in.',
    });
  });
}

async function accountOf(tx: Transaction, identity: ProvenIdentity): Promise<string | null> {
  const known = await findAccountBySubject(tx, identity.subject);
  if (known !== null) return known.id;
  // An address that nobody checked could be anybody's.
  if (!identity.emailVerified) return null;
  const invited = await findAccountByEmail(tx, identity.email);
  if (invited !== null) {
    await setSubject(tx, invited.id, identity.subject);
    return invited.id;
  }
  if (identity.role === null || (await countAccounts(tx)).all >= MAX_ACCOUNTS) return null;
  const facts = { email: identity.email, name: identity.name, role: identity.role };
  if (accountProblems(facts).length > 0) return null;
  const id = newId('acc');
  await insertAccount(tx, {
    ...{ id, ...facts, person: null, passwordHash: null, subject: identity.subject },
    createdBy: 'identity provider',
  });
  return id;
}
