import type { WebClient } from '@slack/web-api';
import { linkPerson } from '@watchbill/commands';
import {
  type Database,
  namedPeople,
  noteSlackMiss,
  peopleToLink,
  type SlackLinkOrigin,
} from '@watchbill/database';
import type { Logger } from '@watchbill/runtime';
import type { Rests } from '../send/rests.ts';
import { failureOf, isAccessReason } from '../web/slack-failure.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';
import { type SlackUserFacts, unfitFor } from './account-fitness.ts';

export interface LinkingOptions {
  readonly database: Database;
  readonly workspaces: Workspaces;
  readonly rests: Rests;
  readonly logger: Logger;
}

/** So many accounts are looked for in a minute: less than half of what Slack allows. */
const A_MINUTE = 20;
const EVERY_MS = 60_000;
const LOOK_AGAIN_MS = 24 * 3_600_000;
const NO_ACCESS_MS = 10 * 60_000;
const BROKEN_MS = 60_000;

/** Somebody whose account is looked for, and how. */
interface Search {
  readonly person: string;
  readonly origin: SlackLinkOrigin;
  readonly find: (client: WebClient) => Promise<SlackUserFacts | undefined>;
  /** Why an account that was found is not taken; null when it is. */
  readonly refuse: (user: SlackUserFacts) => string | null;
}

/**
 * Looks for the accounts of people by their verified e-mail, some at a time, so that nobody has to do anything to be
 * reached. With several workspaces it also looks in which of them an account is that the configuration names. Who was
 * not found is looked for again a day later.
 */
export async function linkPeople(options: LinkingOptions): Promise<number> {
  const { database, workspaces, rests } = options;
  const all = await workspaces.list();
  for (const { id } of all) {
    if (rests.left(restKey(id)) > 0) continue;
    const named = all.length > 1 ? await searchesByName(database, id) : [];
    await linkIn(options, id, [...named, ...(await searchesByEmail(database, id))].slice(0, A_MINUTE));
  }
  return EVERY_MS;
}

async function searchesByEmail(database: Database, workspace: string): Promise<Search[]> {
  const people = await peopleToLink(database, workspace, A_MINUTE);
  return people.map(({ id: person, email }) => ({
    ...{ person, origin: 'email' as const },
    find: async (client) => (await client.users.lookupByEmail({ email })).user,
    refuse: (user) => unfitFor(user, workspace),
  }));
}

async function searchesByName(database: Database, workspace: string): Promise<Search[]> {
  const people = await namedPeople(database, workspace, A_MINUTE);
  return people.map(({ id: person, slackUser }) => ({
    ...{ person, origin: 'configuration' as const },
    find: async (client) => (await client.users.info({ user: slackUser })).user,
    refuse: (user) => (user.deleted === true || user.team_id !== workspace ? 'elsewhere' : null),
  }));
}

async function linkIn(
  options: LinkingOptions,
  workspace: string,
  searches: readonly Search[],
): Promise<void> {
  const { workspaces, rests, logger } = options;
  let linked = 0;
  for (const search of searches) {
    try {
      const { once } = await workspaces.clients(workspace);
      if (await linkOne(options, workspace, { search, user: await search.find(once) })) linked += 1;
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind === 'refused' && !isAccessReason(failure.reason)) {
        await miss(options, workspace, [search.person, failure.reason]);
        continue;
      }
      const pauseMs = failure.kind === 'rate_limited' ? failure.retryAfterMs : BROKEN_MS;
      rests.rest(restKey(workspace), failure.kind === 'refused' ? NO_ACCESS_MS : pauseMs);
      logger.warn({ workspace, ...failure }, 'accounts cannot be looked for now');
      break;
    }
  }
  if (linked > 0) logger.info({ workspace, people: linked }, 'accounts linked');
}

async function linkOne(
  options: LinkingOptions,
  workspace: string,
  found: { readonly search: Search; readonly user: SlackUserFacts | undefined },
): Promise<boolean> {
  const { person, origin, refuse } = found.search;
  const slackUser = found.user?.id;
  const why = found.user === undefined ? 'unknown' : refuse(found.user);
  if (why !== null || slackUser === undefined) {
    await miss(options, workspace, [person, why ?? 'no_id']);
    return false;
  }
  const context = { database: options.database, actor: 'slack' };
  return (await linkPerson(context, { workspace, slackUser, person, origin })).ok;
}

function miss(
  { database }: LinkingOptions,
  workspace: string,
  [person, reason]: readonly [string, string],
): Promise<void> {
  return noteSlackMiss(database, { workspace, person, reason, retryMs: LOOK_AGAIN_MS });
}

function restKey(workspace: string): string {
  return `linking ${workspace}`;
}
