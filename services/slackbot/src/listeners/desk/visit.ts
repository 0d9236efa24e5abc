import type { WebClient } from '@slack/web-api';
import type { CommandContext } from '@watchbill/commands';
import type { Instant, PersonDraft, ZoneName } from '@watchbill/core';
import { clockNow, findLinkedPerson, readPeople } from '@watchbill/database';
import type { SlackDeps } from '../../slack-deps.ts';
import type { Profile, Profiles } from './profiles.ts';

/** What all listeners of one app stand behind. */
export interface Desk {
  readonly deps: SlackDeps;
  readonly profiles: Profiles;
  /** Who has opened their home tab since the start: theirs is published anew after what they do. */
  readonly homes: Set<string>;
}

/** What a request of Slack's says about itself. */
export interface Request {
  /** The same for every delivery of the same request. */
  readonly key: string;
  readonly client: WebClient;
  readonly workspace: string;
  readonly slackUser: string;
  /** Where it came from; null for a modal and the home tab. */
  readonly channel: string | null;
  /** Opens one modal, within three seconds. */
  readonly trigger: string | null;
}

/** Somebody at the desk: who they are, and how they read times. */
export interface Visit extends Request {
  readonly desk: Desk;
  /** Null while their account belongs to nobody. */
  readonly person: string | null;
  readonly name: string;
  /** Null where Slack did not tell. */
  readonly profile: Profile | null;
  /** Of their Slack profile, else the person's own. */
  readonly zone: ZoneName;
  /** By the clock of schedules. */
  readonly now: Instant;
  /** By the clock of pages. */
  readonly realNow: Instant;
}

/** A visit of somebody who is known. */
export interface KnownVisit extends Visit {
  readonly person: string;
}

export function isKnown(visit: Visit): visit is KnownVisit {
  return visit.person !== null;
}

/** Finds out who came. */
export async function openVisit(desk: Desk, request: Request): Promise<Visit> {
  const { database } = desk.deps;
  const { workspace, slackUser, client } = request;
  const [profile, person, now] = await Promise.all([
    desk.profiles.find(client, { workspace, slackUser }),
    findLinkedPerson(database, { workspace, slackUser }),
    clockNow(database),
  ]);
  const [row] = person === null ? [] : await readPeople(database, [person]);
  const own = (row?.definition as PersonDraft | undefined)?.timeZone;
  return {
    ...request,
    desk,
    person: row?.id ?? null,
    name: row?.name ?? profile?.name ?? '',
    profile,
    zone: profile?.zone ?? own ?? 'UTC',
    now,
    realNow: Date.now(),
  };
}

/**
 * Whether somebody may page others: everybody of the workspace may, also who is in no schedule and nobody knows, but
 * for guests and people of other workspaces.
 */
export function mayPage({ person, profile }: Visit): boolean {
  if (person !== null) return true;
  return profile !== null && !profile.guest && !profile.stranger && !profile.bot && !profile.deactivated;
}

/** How a page is raised: in the name of the person, or of the account where nobody is known behind it. */
export function pagerContext(visit: Visit): CommandContext {
  if (isKnown(visit)) return commandContext(visit);
  return { database: visit.desk.deps.database, actor: `slack ${visit.slackUser}`, idempotencyKey: visit.key };
}

/** How a visitor's commands are run: in their own name, once for each request. */
export function commandContext({ desk, person, key }: KnownVisit): CommandContext {
  const { database, horizon } = desk.deps;
  return {
    database,
    actor: person,
    caller: { person },
    idempotencyKey: key,
    ...(horizon === undefined ? {} : { horizon }),
  };
}
