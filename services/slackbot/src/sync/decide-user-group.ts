/** What is to be done with a user group. `keep`: it stays as it is, and `problem` says why where that is not well. */
export type GroupDecision =
  | { readonly kind: 'write'; readonly members: readonly string[]; readonly problem: string | null }
  | { readonly kind: 'keep'; readonly problem: string | null };

export interface GroupState {
  /** Who should be in it: people on call now in any of its schedules. */
  readonly people: readonly string[];
  /** Their accounts; who has none is left out and named. */
  readonly accounts: ReadonlyMap<string, string>;
  /** Accounts that Slack does not take into a user group: they are gone, or may not be in one. */
  readonly unfit: ReadonlySet<string>;
  readonly nameOf: (person: string) => string;
  /** Who is in it now, as far as is known. */
  readonly current: readonly string[] | null;
}

const UNCHANGED = 'so it stays as it was.';

/**
 * Decides about a user group: written only when it differs, and never emptied, since then `@group` would wake nobody
 * at all. Whoever cannot be in it is named.
 */
export function decideUserGroup(state: GroupState): GroupDecision {
  const { people, accounts, unfit, nameOf, current } = state;
  const left = people.filter((person) => {
    const account = accounts.get(person);
    return account === undefined || unfit.has(account);
  });
  const members = [
    ...new Set(people.flatMap((person) => (left.includes(person) ? [] : [accounts.get(person) ?? '']))),
  ].sort();
  if (people.length === 0) return { kind: 'keep', problem: `Nobody is on call now, ${UNCHANGED}` };
  const missing = leftOut(left, state, nameOf);
  if (members.length === 0)
    return { kind: 'keep', problem: `${missing} Nobody else is on call, ${UNCHANGED}` };
  return sameMembers(members, current)
    ? { kind: 'keep', problem: missing }
    : { kind: 'write', members, problem: missing };
}

function leftOut(
  left: readonly string[],
  { accounts }: GroupState,
  nameOf: (person: string) => string,
): string | null {
  const unlinked = left.filter((person) => !accounts.has(person)).map(nameOf);
  const gone = left.filter((person) => accounts.has(person)).map(nameOf);
  const parts = [
    ...(unlinked.length === 0
      ? []
      : [`${unlinked.join(', ')}: no linked Slack account (\`/oncall connect\`).`]),
    ...(gone.length === 0
      ? []
      : [`${gone.join(', ')}: Slack does not take the account; it may be deactivated.`]),
  ];
  return parts.length === 0 ? null : parts.join(' ');
}

export function sameMembers(a: readonly string[], b: readonly string[] | null): boolean {
  if (b === null || a.length !== b.length) return false;
  const other = new Set(b);
  return a.every((member) => other.has(member));
}
