import type { WebClient } from '@slack/web-api';
import {
  type Database,
  pageChannelLinks,
  peopleOnCallSoon,
  type SlackChannelLink,
  type SlackFinding,
  type SlackReport,
  type SlackWorkspace,
  slackSyncProblems,
  slackUsersOf,
} from '@watchbill/database';
import type { SlackSettings } from '@watchbill/runtime';
import { BOT_SCOPES } from '../scopes.ts';
import { failureOf } from '../web/slack-failure.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';

export interface CheckOptions {
  readonly database: Database;
  readonly workspaces: Workspaces;
  readonly settings: SlackSettings;
  /** What is wrong with the connection, in plain words. */
  readonly connection: () => readonly string[];
}

const SHOWN = 10;
const MOST_CHANNELS = 100;
const ALL_CHANNELS = { workspace: '', channel: '' };

/** Looks at everything the bot needs and says in plain words what is missing. Changes nothing. */
export async function lookAtRights(options: CheckOptions): Promise<SlackReport> {
  const findings: SlackFinding[] = connectionFindings(options);
  const workspaces = await options.workspaces.list();
  if (workspaces.length === 0) findings.push(noWorkspace(options.settings));
  const links = await pageChannelLinks(options.database, ALL_CHANNELS, MOST_CHANNELS);
  for (const workspace of workspaces) {
    const own = links.filter((link) => link.workspace === workspace.id);
    findings.push(...(await workspaceFindings(options, workspace, own)));
  }
  if (workspaces.length > 0 && links.length === 0) {
    findings.push(bad('No channel is linked to a schedule yet: type `/oncall link <schedule>` in one.'));
  }
  const problems = await slackSyncProblems(options.database, SHOWN);
  findings.push(...problems.map(({ where, problem }) => bad(`${where}: ${problem}`)));
  return { findings };
}

function connectionFindings({ settings, connection }: CheckOptions): SlackFinding[] {
  const problems = connection();
  if (problems.length > 0) return problems.map((problem) => bad(`${problem}.`));
  const how =
    settings.mode === 'socket'
      ? 'Socket Mode: connected to Slack.'
      : 'HTTP mode: waiting for requests of Slack at /slack/events.';
  return [good(how)];
}

function noWorkspace({ botToken, oauth }: SlackSettings): SlackFinding {
  if (botToken !== null) return bad('SLACK_BOT_TOKEN was not confirmed by Slack yet; see the log.');
  return bad(
    oauth === null
      ? 'There is no SLACK_BOT_TOKEN.'
      : 'No workspace has installed the app yet: open /slack/install.',
  );
}

async function workspaceFindings(
  options: CheckOptions,
  { id, name, origin }: SlackWorkspace,
  links: readonly SlackChannelLink[],
): Promise<SlackFinding[]> {
  try {
    const { urgent } = await options.workspaces.clients(id);
    const told = await urgent.auth.test();
    const scopes = new Set(told.response_metadata?.scopes ?? []);
    const missing = BOT_SCOPES.filter(({ scope }) => scopes.size > 0 && !scopes.has(scope));
    return [
      good(`Workspace ${name} (${id}): the token is good.`),
      ...missing.map(({ scope, why }) =>
        bad(`${name}: the scope ${scope} is missing, ${why}. Add it and install the app again.`),
      ),
      ...(await channelFindings(urgent, links)),
      ...(await groupFindings(urgent, links)),
      ...(await peopleFindings(options.database, id)),
    ];
  } catch (error) {
    const failure = failureOf(error);
    const reason = 'reason' in failure ? failure.reason : failure.kind;
    return [bad(`Workspace ${name} (${id}): ${accessText(reason, origin)}`)];
  }
}

function accessText(reason: string, origin: SlackWorkspace['origin']): string {
  switch (reason) {
    case 'invalid_auth':
    case 'token_revoked':
    case 'account_inactive':
    case 'not_authed':
      return `the token is not good any more (${reason}): install the app again and set the new token.`;
    case 'token_expired':
      return origin === 'oauth'
        ? 'the token has expired and could not be renewed: look at the log, and install the app again.'
        : 'the token has expired: SLACK_BOT_TOKEN is not renewed. Install by OAuth, or make an app without token rotation.';
    default:
      return `Slack does not answer (${reason}).`;
  }
}

async function channelFindings(
  client: WebClient,
  links: readonly SlackChannelLink[],
): Promise<SlackFinding[]> {
  const findings: SlackFinding[] = [];
  for (const { channel, schedule } of links) {
    try {
      const info = (await client.conversations.info({ channel })).channel;
      const called = `#${info?.name ?? channel}`;
      if (info?.is_archived === true)
        findings.push(bad(`${called}, the channel of ${schedule}, is archived.`));
      else if (info?.is_member === false)
        findings.push(bad(`${called}, the channel of ${schedule}: invite the bot (/invite @watchbill).`));
      else findings.push(good(`${called} shows ${schedule}.`));
    } catch (error) {
      const failure = failureOf(error);
      const gone = failure.kind === 'refused' && failure.reason === 'channel_not_found';
      if (!gone) throw error;
      findings.push(bad(`${channel}, the channel of ${schedule}, is gone, or private and without the bot.`));
    }
  }
  return findings;
}

async function groupFindings(client: WebClient, links: readonly SlackChannelLink[]): Promise<SlackFinding[]> {
  const wanted = [...new Set(links.flatMap(({ settings }) => settings.userGroup ?? []))];
  if (wanted.length === 0) return [];
  const { usergroups = [] } = await client.usergroups.list({ include_disabled: true });
  return wanted.map((id) => {
    const group = usergroups.find((each) => each.id === id);
    if (group === undefined)
      return bad(`The user group ${id} does not exist: link its channel with another one.`);
    const disabled = (group.date_delete ?? 0) > 0;
    return disabled
      ? bad(`The user group @${group.handle} is disabled.`)
      : good(`@${group.handle} follows who is on call.`);
  });
}

/** Who is on call soon and cannot be reached by Slack. */
async function peopleFindings(database: Database, workspace: string): Promise<SlackFinding[]> {
  const people = await peopleOnCallSoon(database);
  const accounts = await slackUsersOf(
    database,
    workspace,
    people.map(({ id }) => id),
  );
  const unlinked = people.filter(({ id }) => !accounts.has(id));
  if (unlinked.length === 0) return [good(`All ${people.length} people on call soon have a Slack account.`)];
  const names = unlinked.slice(0, SHOWN).map(({ name }) => name);
  const more = unlinked.length > SHOWN ? ` and ${unlinked.length - SHOWN} more` : '';
  return [
    bad(
      `No Slack account is known of ${names.join(', ')}${more}: they type \`/oncall connect\`, or name it in the file.`,
    ),
  ];
}

function good(message: string): SlackFinding {
  return { ok: true, message };
}

function bad(message: string): SlackFinding {
  return { ok: false, message };
}
