import { setTimeout as sleep } from 'node:timers/promises';
import type { Authorize } from '@slack/bolt';
import {
  type Database,
  expiringSlackTokens,
  findSlackWorkspace,
  listSlackWorkspaces,
  removeTokenWorkspaces,
  type SlackWorkspace,
  saveSlackWorkspace,
} from '@watchbill/database';
import type { Logger, SealKeys, SlackSettings } from '@watchbill/runtime';
import type { SlackClients } from '../slack-deps.ts';
import { makeClients, type SlackAddress } from '../web/slack-clients.ts';
import { MAX_WORKSPACES, openInstallation, resealInstallations } from './installation.ts';
import { RENEW_WITHIN_MS, renewToken } from './renew-token.ts';

/** A workspace that we have no token for. */
export class UnknownWorkspaceError extends Error {}

/** The workspaces that have the app, and the way to each. */
export interface Workspaces {
  /** Rejects with an UnknownWorkspaceError for a workspace that has not installed the app. */
  clients(workspace: string): Promise<SlackClients>;
  list(): Promise<readonly SlackWorkspace[]>;
  /** For Bolt: who we are in the workspace of a request, by what is stored. Asks nobody. */
  readonly authorize: Authorize<boolean>;
  /** Asks Slack whose the token of the settings is, and keeps it. Rejects when Slack cannot be reached or refuses. */
  identify(): Promise<void>;
  /** Seals again what an older key sealed. */
  reseal(): Promise<void>;
  /** Renews the tokens that run out soon and that no other bot renews. */
  renewTokens(): Promise<void>;
  /** Forgets what is kept in memory of a workspace. */
  forget(workspace: string): void;
}

/** How long a stored workspace is believed without looking again. */
const KEEP_MS = 60_000;
const KEEP_NEAR_END_MS = 10_000;
/** A token that runs out within this time is renewed before it is used, whatever the round does that renews them. */
const NEAR_END_MS = 5 * 60_000;
/** How long to wait for another bot that renews a token which has run out. */
const RENEWAL_LOOKS = 6;
const RENEWAL_LOOK_MS = 500;
const RENEWED_AT_ONCE = 50;

export interface WorkspaceOptions {
  readonly database: Database;
  readonly logger: Logger;
  readonly settings: Pick<SlackSettings, 'botToken' | 'oauth'>;
  readonly keys: SealKeys | null;
  readonly address: SlackAddress;
}

interface Known {
  readonly workspace: SlackWorkspace;
  readonly token: string;
  readonly clients: SlackClients;
  readonly readAt: number;
}

export function openWorkspaces(options: WorkspaceOptions): Workspaces {
  const { database, settings, address } = options;
  const known = new Map<string, Known>();

  const find = async (id: string): Promise<Known> => {
    const kept = known.get(id);
    const keepMs = kept !== undefined && nearsEnd(kept.workspace) ? KEEP_NEAR_END_MS : KEEP_MS;
    if (kept !== undefined && performance.now() - kept.readAt < keepMs) return kept;
    const workspace = await freshWorkspace(options, id);
    if (workspace === null) {
      known.delete(id);
      throw new UnknownWorkspaceError(`The workspace ${id} does not have the app.`);
    }
    const token = tokenOf(workspace, options);
    const clients = kept?.token === token ? kept.clients : makeClients(address, token);
    const found = { workspace, token, clients, readAt: performance.now() };
    known.set(id, found);
    return found;
  };

  return {
    clients: async (id) => (await find(id)).clients,
    list: () => listSlackWorkspaces(database, MAX_WORKSPACES),
    authorize: async ({ teamId }) => {
      try {
        const { workspace, token } = await find(teamId ?? '');
        const { id, botId, botUser } = workspace;
        return {
          botToken: token,
          teamId: id,
          ...(botId === null ? {} : { botId }),
          ...(botUser === null ? {} : { botUserId: botUser }),
        };
      } catch (error) {
        if (!(error instanceof UnknownWorkspaceError) || settings.botToken === null) throw error;
        const others = await listSlackWorkspaces(database, MAX_WORKSPACES);
        if (others.some(({ origin }) => origin === 'token')) throw error;
        // The very first request, before Slack has told us whose our token is: it can only be its own workspace's.
        return { botToken: settings.botToken, ...(teamId === undefined ? {} : { teamId }) };
      }
    },
    identify: async () => {
      if (settings.botToken === null) await removeTokenWorkspaces(database);
      else known.delete(await identify(options, settings.botToken));
    },
    reseal: async () => {
      if (options.keys === null) return;
      const { resealed, lost } = await resealInstallations(database, options.keys);
      if (resealed > 0) options.logger.info({ workspaces: resealed }, 'sealed again with the newest key');
      if (lost.length > 0) {
        options.logger.error({ workspaces: lost }, 'no key opens these tokens; install the app there again');
      }
    },
    renewTokens: async () => {
      const bound = { withinMs: RENEW_WITHIN_MS, limit: RENEWED_AT_ONCE };
      for (const id of await expiringSlackTokens(database, bound)) {
        if (await renewToken({ ...options, oauth: settings.oauth }, id, RENEW_WITHIN_MS)) known.delete(id);
      }
    },
    forget: (id) => void known.delete(id),
  };
}

function nearsEnd({ tokenExpiresAt }: SlackWorkspace, withinMs = NEAR_END_MS): boolean {
  return tokenExpiresAt !== null && tokenExpiresAt - Date.now() < withinMs;
}

/** A workspace as it is stored, with a token that lasts; one that has run out only where it cannot be renewed now. */
async function freshWorkspace(options: WorkspaceOptions, id: string): Promise<SlackWorkspace | null> {
  const { database, settings } = options;
  let workspace = await findSlackWorkspace(database, id);
  if (workspace === null || !nearsEnd(workspace)) return workspace;
  const renewed = await renewToken({ ...options, oauth: settings.oauth }, id, NEAR_END_MS);
  workspace = await findSlackWorkspace(database, id);
  for (let look = 0; !renewed && look < RENEWAL_LOOKS; look += 1) {
    if (workspace === null || !nearsEnd(workspace, 0)) return workspace;
    await sleep(RENEWAL_LOOK_MS);
    workspace = await findSlackWorkspace(database, id);
  }
  return workspace;
}

function tokenOf(workspace: SlackWorkspace, { settings, keys }: WorkspaceOptions): string {
  const { id, origin, sealed } = workspace;
  if (origin === 'token') {
    if (settings.botToken !== null) return settings.botToken;
    throw new UnknownWorkspaceError(`The workspace ${id} was known by SLACK_BOT_TOKEN, which is not set.`);
  }
  if (sealed === null || keys === null) {
    throw new UnknownWorkspaceError(`The token of ${id} cannot be read without WATCHBILL_SECRET_KEY.`);
  }
  return openInstallation(sealed, id, keys).botToken;
}

async function identify({ database, address, logger }: WorkspaceOptions, botToken: string): Promise<string> {
  const told = await makeClients(address, botToken).urgent.auth.test();
  const { team_id: id, team, user_id: botUser, bot_id: botId } = told;
  if (id === undefined) throw new Error('Slack did not say whose the token is.');
  const scopes = [...(told.response_metadata?.scopes ?? [])].sort();
  const before = await findSlackWorkspace(database, id);
  await database.transaction((tx) =>
    saveSlackWorkspace(tx, {
      ...{ id, name: team ?? id, origin: 'token', scopes, sealed: null, tokenExpiresAt: null },
      ...{ botUser: botUser ?? null, botId: botId ?? null },
    }),
  );
  if (before === null) logger.info({ workspace: id, name: team }, 'the token belongs to this workspace');
  return id;
}
