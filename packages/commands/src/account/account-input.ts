import type { Problem } from '@watchbill/core';
import { ACCOUNT_ROLES, type AccountRole } from '@watchbill/database';

export const MAX_ACCOUNTS = 20_000;
export const EMAIL_LIMIT = 254;
export const NAME_LIMIT = 100;

/** Something before and after one @, a dot after it, no blanks: whether it exists only a mail can tell. */
const EMAIL = /^[^\s@]{1,64}@[^\s@]+\.[^\s@]+$/u;

/** An address as it is stored and compared. */
export function plainEmail(text: string): string {
  return text.trim().toLowerCase();
}

/** What is wrong with the facts of an account; every problem at once. `email` as `plainEmail` gives it. */
export function accountProblems(facts: {
  readonly email: string;
  readonly name: string;
  readonly role: AccountRole;
}): Problem[] {
  const problems: Problem[] = [];
  if (!EMAIL.test(facts.email) || facts.email.length > EMAIL_LIMIT) {
    const message = 'Give an e-mail address such as amara@example.com.';
    problems.push({ path: ['email'], code: 'account/email', message });
  }
  if (facts.name.trim() === '' || facts.name.length > NAME_LIMIT) {
    const message = `A name has 1 to ${NAME_LIMIT} characters.`;
    problems.push({ path: ['name'], code: 'account/name', message });
  }
  if (!ACCOUNT_ROLES.includes(facts.role)) {
    const message = `A role is one of ${ACCOUNT_ROLES.join(', ')}.`;
    problems.push({ path: ['role'], code: 'account/role', message });
  }
  return problems;
}
