import type { RequestListener } from 'node:http';
import type { App } from '@slack/bolt';
import { DAY_MS } from '@watchbill/core';
import { type Database, removeSlackWorkspace } from '@watchbill/database';
import type { Logger, SealKeys, Settings } from '@watchbill/runtime';
import { buildApp } from '../build-app.ts';
import { type SlackAddress, urgentOptions } from '../web/slack-clients.ts';
import { installHandler } from '../workspaces/install-handler.ts';
import { installationStore } from '../workspaces/installation.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';
import { countRunning } from './count-running.ts';
import { httpReceiver, slackHandler } from './http-handler.ts';
import { keepConnected, type SlackConnection, socketReceiver } from './socket-connection.ts';

const WEEK_MS = 7 * DAY_MS;
/** Requests that are being worked on when the bot stops. */
const DRAIN_MS = 8_000;

export interface ListeningOptions {
  readonly database: Database;
  readonly logger: Logger;
  readonly settings: Pick<Settings, 'slack' | 'publicUrl' | 'horizonWeeks' | 'startingSoonMinutes'>;
  readonly workspaces: Workspaces;
  readonly address: SlackAddress;
  readonly keys: SealKeys | null;
}

export interface Listening {
  readonly connection: SlackConnection | null;
  readonly httpHandler: RequestListener | null;
  /** Takes no more requests and waits for those that run. */
  close(): Promise<void>;
}

/** The way in: Bolt's app behind Socket Mode or HTTP, and the pages that install it. */
export function listenToSlack(options: ListeningOptions): Listening {
  const { database, logger, settings, workspaces, address, keys } = options;
  const { slack, publicUrl, horizonWeeks, startingSoonMinutes } = settings;
  const horizon = { horizonMs: horizonWeeks * WEEK_MS, leadMinutes: startingSoonMinutes };
  const socket = slack.mode === 'socket' ? socketReceiver(slack.appToken ?? '', address) : null;
  const http = slack.mode === 'http' ? httpReceiver(slack.signingSecret ?? '', address) : null;
  const receiver = socket ?? http;
  if (receiver === null) throw new Error('The settings name no way for Slack to reach the bot.');
  const deps = { database, logger, clients: workspaces.clients, horizon };
  const { authorize } = workspaces;
  const app = buildApp(deps, {
    ...{ receiver, authorize, logger: address.logger },
    clientOptions: urgentOptions(address),
  });
  forgetUninstalled(app, { database, workspaces, logger });
  const running = countRunning(app);
  const connection = socket === null ? null : keepConnected(socket, logger);
  const install =
    slack.oauth === null || keys === null
      ? null
      : installHandler(slack.oauth, {
          ...{ address, publicUrl },
          store: installationStore(database, { keys, logger, allowed: slack.oauth.workspaces }),
        });
  const events = http?.requestListener ?? null;
  return {
    connection,
    httpHandler: events === null && install === null ? null : slackHandler({ events, install }),
    close: async () => {
      await connection?.close();
      await running.ended(DRAIN_MS);
    },
  };
}

/** A workspace that threw the app out is left alone. */
function forgetUninstalled(
  app: App,
  {
    database,
    workspaces,
    logger,
  }: { readonly database: Database; readonly workspaces: Workspaces; readonly logger: Logger },
): void {
  const forget = async (workspace: string | undefined): Promise<void> => {
    if (workspace === undefined) return;
    workspaces.forget(workspace);
    if (await removeSlackWorkspace(database, workspace))
      logger.warn({ workspace }, 'the app was uninstalled');
  };
  app.event('app_uninstalled', ({ body }) => forget(body.team_id));
  app.event('tokens_revoked', async ({ body, event }) => {
    if ((event.tokens.bot ?? []).length > 0) await forget(body.team_id);
  });
}
