import { type Queryable, readNames, slackUsersOf } from '@watchbill/database';
import type { People } from '../blocks/people.ts';

/** Names and accounts of people, for a message in a workspace. */
export async function loadPeople(
  queryable: Queryable,
  workspace: string,
  ids: readonly string[],
): Promise<People> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return { names: new Map(), accounts: new Map() };
  const [names, accounts] = await Promise.all([
    readNames(queryable, wanted),
    slackUsersOf(queryable, workspace, wanted),
  ]);
  return { names, accounts };
}
