import { clip, escapeWithin } from './text.ts';

/** How people are named in a message: their names, and their accounts in the workspace that reads it. */
export interface People {
  readonly names: ReadonlyMap<string, string>;
  readonly accounts: ReadonlyMap<string, string>;
}

/** A person by id, with the name that people know. */
export interface NamedId {
  readonly id: string;
  readonly name: string;
}

const NAME_LIMIT = 80;

export const NOBODY: People = { names: new Map(), accounts: new Map() };

/** A person's name as plain text. */
export function nameOf(people: People, person: string): string {
  return clip(people.names.get(person) ?? person, NAME_LIMIT);
}

/** A person in mrkdwn: by their account, so that a click leads to them; by name where none is known. */
export function mention(people: People, person: string): string {
  const account = people.accounts.get(person);
  return account === undefined ? `*${escapedName(people, person)}*` : `<@${account}>`;
}

/** A person's name in mrkdwn, that wakes nobody. */
export function escapedName(people: People, person: string): string {
  return escapeWithin(people.names.get(person) ?? person, NAME_LIMIT);
}
