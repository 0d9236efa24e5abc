import type { Authorize } from '@slack/bolt';
import {
  type Database,
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
  /** Forgets what is kept in memory of a workspace. */
  forget(workspace: string): void;
}

/** How long a stored workspace is believed without looking again. */
const KEEP_MS = 60_000;

export interface WorkspaceOptions {
  readonly database: Database;
  readonly logger: Logger;
  readonly settings: Pick<SlackSettings, 'botToken'>;
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
    if (kept !== undefined && performance.now() - kept.readAt < KEEP_MS) return kept;
    const workspace = await findSlackWorkspace(database, id);
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
    forget: (id) => void known.delete(id),
  };
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
  return openInstallation(sealed, id, keys);
}

async function identify({ database, address, logger }: WorkspaceOptions, botToken: string): Promise<string> {
  const told = await makeClients(address, botToken).urgent.auth.test();
  const { team_id: id, team, user_id: botUser, bot_id: botId } = told;
  if (id === undefined) throw new Error('Slack did not say whose the token is.');
  const scopes = [...(told.response_metadata?.scopes ?? [])].sort();
  const before = await findSlackWorkspace(database, id);
  await database.transaction((tx) =>
    saveSlackWorkspace(tx, {
      ...{ id, name: team ?? id, origin: 'token', scopes, sealed: null },
      ...{ botUser: botUser ?? null, botId: botId ?? null },
    }),
  );
  if (before === null) logger.info({ workspace: id, name: team }, 'the token belongs to this workspace');
  return id;
}
