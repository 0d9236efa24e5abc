import {
  type AccountFacts,
  type AccountRow,
  changeAccountRow,
  countAccounts,
  endSessions,
  findAccount,
  lockAccounts,
  readNames,
} from '@watchbill/database';
import type { CommandResult } from '../command.ts';
import { type CommandContext, done, refuse, runCommand } from '../run-command.ts';
import { accountProblems } from './account-input.ts';

export interface ChangeAccountInput {
  readonly account: string;
  /** What is left out stays as it is. */
  readonly change: {
    readonly name?: string | undefined;
    readonly role?: AccountFacts['role'] | undefined;
    readonly person?: string | null | undefined;
    readonly disabled?: boolean | undefined;
  };
}

/** Changes an account; who loses rights loses their sessions too. The last admin stays one. */
export function changeAccount(
  context: CommandContext,
  input: ChangeAccountInput,
): Promise<CommandResult<AccountRow>> {
  return runCommand(context, { name: 'changeAccount', input }, async (tx) => {
    await lockAccounts(tx);
    const row = await findAccount(tx, input.account);
    if (row === null)
      return refuse('not_found', 'account/not-found', { message: 'There is no such account.' });
    const { name = row.name, role = row.role, person = row.person } = input.change;
    const disabled = input.change.disabled ?? row.disabledAt !== null;
    const problems = accountProblems({ email: row.email, name, role });
    const [first] = problems;
    if (first !== undefined) return refuse('invalid', first.code, { message: first.message, problems });
    if (person !== null && person !== row.person && !(await readNames(tx, [person])).has(person)) {
      return refuse('not_found', 'person/not-found', { message: `There is no person "${person}".` });
    }
    const wasAdmin = row.role === 'admin' && row.disabledAt === null;
    const staysAdmin = role === 'admin' && !disabled;
    if (wasAdmin && !staysAdmin && (await countAccounts(tx)).admins <= 1) {
      const message = 'This is the last admin. Make somebody else an admin first.';
      return refuse('conflict', 'account/last-admin', { message });
    }
    await changeAccountRow(tx, row.id, { name, role, person, disabled });
    if (role !== row.role || disabled || person !== row.person) await endSessions(tx, row.id);
    return done((await findAccount(tx, row.id)) ?? row, row);
  });
}
