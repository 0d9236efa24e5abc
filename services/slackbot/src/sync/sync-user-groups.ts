import {
  channelsOfGroup,
  type Database,
  type DueUserGroup,
  dropUserGroup,
  insertSlackMessages,
  keepUserGroup,
  onCallOf,
  readNames,
  slackUsersOf,
  takeUserGroups,
} from '@watchbill/database';
import type { Logger } from '@watchbill/runtime';
import { escapeWithin } from '../blocks/text.ts';
import { toChannel } from '../follow/follow-event.ts';
import type { MessageKind } from '../message-kinds.ts';
import type { Rests } from '../send/rests.ts';
import { failureOf, type SlackFailure } from '../web/slack-failure.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';
import type { CallBudget } from './call-budget.ts';
import { decideUserGroup } from './decide-user-group.ts';

export interface SyncOptions {
  readonly database: Database;
  readonly workspaces: Workspaces;
  readonly rests: Rests;
  readonly budget: CallBudget;
  readonly logger: Logger;
  /** Hears of each call that changed something. */
  readonly onWritten: (what: 'user_group' | 'topic') => void;
}

/** Roles whose people are not called. */
export const SILENT_ROLES = ['shadow'] as const;
/** How often a group is compared with what Slack says, also when nothing has changed here. */
export const RECONCILE_MS = 30 * 60_000;
const NAME_SHOWN = 80;
const GROUPS_AT_ONCE = 10;
const HOLD_MS = 60_000;
const BROKEN_MS = 30_000;
const UNFIT_MS = 3_600_000;
const SYNC_PROBLEM: MessageKind = 'sync_problem';
/** Slack refuses a whole list for one of these. */
const BAD_MEMBERS = new Set(['invalid_users', 'user_not_found', 'user_is_restricted', 'cannot_add_self']);

/** Looks after the user groups that are due; resolves with how many there were. */
export async function syncUserGroups(options: SyncOptions): Promise<number> {
  const groups = await takeUserGroups(options.database, GROUPS_AT_ONCE, HOLD_MS);
  for (const group of groups) {
    try {
      await syncUserGroup(options, group);
    } catch (error) {
      await afterFailure(options, group, failureOf(error));
    }
  }
  return groups.length;
}

async function syncUserGroup(options: SyncOptions, group: DueUserGroup): Promise<void> {
  const { database, workspaces, rests, budget } = options;
  const { workspace, userGroup, schedules } = group;
  // No channel names it any more: it stays as it is.
  if (schedules.length === 0) return dropUserGroup(database, group);
  const key = groupsKey(workspace);
  // To compare and to write.
  const restMs = Math.max(rests.left(key), budget.waitMs(key, 2));
  if (restMs > 0) return later(options, group, restMs);
  const people = await onCallOf(database, schedules, SILENT_ROLES);
  const [accounts, names] = await Promise.all([
    slackUsersOf(database, workspace, people),
    readNames(database, people),
  ]);
  const isFresh = group.checkedAgoMs !== null && group.checkedAgoMs < RECONCILE_MS / 2;
  const { once } = await workspaces.clients(workspace);
  let current = group.members;
  if (!isFresh) {
    budget.spend(key, 1);
    current = (await once.usergroups.users.list({ usergroup: userGroup })).users ?? [];
  }
  const unfit = new Set([...accounts.values()].filter((id) => rests.left(unfitKey(workspace, id)) > 0));
  const nameOf = (person: string): string => escapeWithin(names.get(person) ?? person, NAME_SHOWN);
  const decision = decideUserGroup({ people, accounts, unfit, nameOf, current });
  if (decision.kind === 'write') {
    budget.spend(key, 1);
    await once.usergroups.users.update({ usergroup: userGroup, users: decision.members.join(',') });
    options.onWritten('user_group');
  }
  const told = await tellProblem(options, group, decision.problem);
  const members = decision.kind === 'write' ? decision.members : isFresh ? null : current;
  await keepUserGroup(database, group, { members, problem: told, nextMs: RECONCILE_MS });
}

async function afterFailure(options: SyncOptions, group: DueUserGroup, failure: SlackFailure): Promise<void> {
  const { database, rests, logger } = options;
  const { workspace, userGroup } = group;
  logger.warn({ workspace, userGroup, ...failure }, 'a user group could not be looked after');
  switch (failure.kind) {
    case 'rate_limited':
      rests.rest(groupsKey(workspace), failure.retryAfterMs);
      return later(options, group, failure.retryAfterMs);
    case 'unreachable':
    case 'unknown':
      return later(options, group, BROKEN_MS);
    case 'refused': {
      if (BAD_MEMBERS.has(failure.reason) && (await findUnfit(options, group)))
        return later(options, group, 0);
      const problem = await tellProblem(options, group, refusalText(failure.reason));
      return keepUserGroup(database, group, { members: null, problem, nextMs: RECONCILE_MS });
    }
  }
}

function later({ database }: SyncOptions, group: DueUserGroup, nextMs: number): Promise<void> {
  return keepUserGroup(database, group, { members: null, problem: group.problem, nextMs });
}

/** Asks about each account of the list that was refused; true when one was found that must be left out. */
async function findUnfit(
  { database, workspaces, rests }: SyncOptions,
  group: DueUserGroup,
): Promise<boolean> {
  const { workspace, schedules } = group;
  const people = await onCallOf(database, schedules, SILENT_ROLES);
  const accounts = await slackUsersOf(database, workspace, people);
  const { urgent } = await workspaces.clients(workspace);
  let found = false;
  for (const id of accounts.values()) {
    if (rests.left(unfitKey(workspace, id)) > 0) continue;
    const user = await urgent.users.info({ user: id }).then(
      (answer) => answer.user,
      () => undefined,
    );
    if (user !== undefined && user.deleted !== true && user.is_ultra_restricted !== true) continue;
    rests.rest(unfitKey(workspace, id), UNFIT_MS);
    found = true;
  }
  return found;
}

/** Tells the channels of the group of a problem that is new; returns what they know now. */
async function tellProblem(
  { database }: SyncOptions,
  group: DueUserGroup,
  problem: string | null,
): Promise<string | null> {
  if (problem === null || problem === group.problem) return problem;
  const { workspace, userGroup, generation, schedules } = group;
  const links = await channelsOfGroup(database, { workspace, userGroup });
  const text = `The user group of ${schedules.join(' and ')} needs a look: ${problem}`;
  await database.transaction((tx) =>
    insertSlackMessages(
      tx,
      links.map((link) =>
        toChannel(link, {
          ...{ key: `sync.${workspace}.${userGroup}.${generation}.${link.channel}`, kind: SYNC_PROBLEM },
          ...{ subject: userGroup, facts: { text }, urgent: false },
        }),
      ),
    ),
  );
  return problem;
}

function refusalText(reason: string): string {
  switch (reason) {
    case 'permission_denied':
    case 'user_not_authorized':
      return 'Slack does not let the bot change it: an owner must let everybody manage user groups in the workspace settings.';
    case 'no_such_subteam':
    case 'subteam_not_found':
      return 'There is no such user group any more: link the channel with another one.';
    case 'missing_scope':
      return 'The bot may not change user groups: install the app again with the scopes of its manifest.';
    case 'paid_teams_only':
    case 'plan_upgrade_required':
      return 'User groups need a paid plan of Slack.';
    default:
      return `Slack refuses the list (${reason}).`;
  }
}

function groupsKey(workspace: string): string {
  return `usergroups ${workspace}`;
}

function unfitKey(workspace: string, account: string): string {
  return `unfit ${workspace}/${account}`;
}
