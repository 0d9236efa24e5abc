import type { Installation, InstallationStore } from '@slack/bolt';
import {
  type Database,
  listSlackWorkspaces,
  removeSlackWorkspace,
  resealSlackWorkspace,
  saveSlackWorkspace,
} from '@watchbill/database';
import { isSealedWithOldKey, type Logger, type SealKeys, seal, unseal } from '@watchbill/runtime';

/** How many workspaces are kept; more than any installation has. */
export const MAX_WORKSPACES = 1_000;

const SECOND_MS = 1_000;

/** What of an installation is secret: it is sealed for the workspace that it belongs to. */
export interface SealedInstallation {
  readonly botToken: string;
  /** Gets the next token, once; only where the app's tokens run out. */
  readonly refreshToken?: string;
}

/** An installation that the bot cannot work with; the message says what to do. */
export class InstallationError extends Error {}

/** The tokens of a workspace that installed the app. */
export function openInstallation(sealed: string, workspace: string, keys: SealKeys): SealedInstallation {
  return JSON.parse(unseal(sealed, workspace, keys)) as SealedInstallation;
}

/** The tokens as they are stored: they can be opened as those of this workspace only. */
export function sealInstallation(tokens: SealedInstallation, workspace: string, keys: SealKeys): string {
  return seal(JSON.stringify(tokens), workspace, keys);
}

/** Where Bolt keeps installations: in PostgreSQL, with the tokens encrypted. */
export function installationStore(
  database: Database,
  options: { readonly keys: SealKeys; readonly logger: Logger; readonly allowed: readonly string[] },
): InstallationStore {
  const { keys, logger, allowed } = options;
  return {
    storeInstallation: async (installation) => {
      const { team, bot } = checked(installation);
      if (!allowed.includes(team.id)) {
        logger.warn(
          { workspace: team.id },
          'a workspace that SLACK_WORKSPACES does not name tried to install',
        );
        throw new InstallationError(
          `The workspace ${team.id} is not one that this server works for. Who runs it can add it to SLACK_WORKSPACES.`,
        );
      }
      const { token: botToken, refreshToken, expiresAt } = bot;
      const tokens = { botToken, ...(refreshToken === undefined ? {} : { refreshToken }) };
      const workspace = {
        id: team.id,
        name: team.name ?? team.id,
        origin: 'oauth' as const,
        botUser: bot.userId,
        botId: bot.id,
        scopes: [...bot.scopes].sort(),
        sealed: sealInstallation(tokens, team.id, keys),
        tokenExpiresAt: expiresAt === undefined ? null : expiresAt * SECOND_MS,
      };
      await database.transaction((tx) => saveSlackWorkspace(tx, workspace));
      logger.info({ workspace: team.id, by: installation.user.id }, 'a workspace installed the app');
    },
    fetchInstallation: async () => {
      throw new Error('Requests are authorized by the stored workspaces.');
    },
    deleteInstallation: async ({ teamId }) => {
      if (teamId !== undefined) await removeSlackWorkspace(database, teamId);
    },
  };
}

function checked(installation: Installation): {
  readonly team: NonNullable<Installation['team']>;
  readonly bot: NonNullable<Installation['bot']>;
} {
  const { team, bot, isEnterpriseInstall } = installation;
  if (isEnterpriseInstall === true || team === undefined) {
    throw new InstallationError('Install the app into single workspaces, not into a whole organisation.');
  }
  if (bot === undefined) throw new InstallationError('The installation came without a bot token.');
  return { team, bot };
}

/** Seals again with the first key what an older one sealed. Returns how many there were, and how many no key opens. */
export async function resealInstallations(
  database: Database,
  keys: SealKeys,
): Promise<{ readonly resealed: number; readonly lost: readonly string[] }> {
  let resealed = 0;
  const lost: string[] = [];
  for (const { id, sealed } of await listSlackWorkspaces(database, MAX_WORKSPACES)) {
    if (sealed === null || !isSealedWithOldKey(sealed, keys)) continue;
    try {
      const after = seal(unseal(sealed, id, keys), id, keys);
      // False while it is being renewed: that seals it with the first key as well.
      if (await resealSlackWorkspace(database, id, { before: sealed, after })) resealed += 1;
    } catch {
      lost.push(id);
    }
  }
  return { resealed, lost };
}
