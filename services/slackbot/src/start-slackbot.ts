import type { RequestListener } from 'node:http';
import type { Database } from '@watchbill/database';
import { type HealthCheck, type Logger, type Metrics, type Settings, sealKeysOf } from '@watchbill/runtime';
import { listenToSlack } from './connection/listen-to-slack.ts';
import { createSlackbotMetrics } from './slackbot-metrics.ts';
import { startOutgoing } from './start-outgoing.ts';
import type { SlackAddress } from './web/slack-clients.ts';
import { slackLogger } from './web/slack-logger.ts';
import { openWorkspaces } from './workspaces/workspaces.ts';

export type SlackbotSettings = Pick<
  Settings,
  'slack' | 'secretKeys' | 'publicUrl' | 'horizonWeeks' | 'startingSoonMinutes'
>;

export interface SlackbotOptions {
  readonly database: Database;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly settings: SlackbotSettings;
}

export interface Slackbot {
  /** For readiness: not well while Slack is not connected. */
  readonly check: HealthCheck;
  /** Takes the raw requests below `/slack/`; null where Slack sends none and nobody installs by OAuth. */
  readonly httpHandler: RequestListener | null;
  /** Takes no more requests, finishes what is being done, and stops. May be called twice. */
  close(): Promise<void>;
}

/**
 * Starts the bot, without waiting for Slack: while it is away the connection is tried again and again, what
 * is to be said waits in the database, and nothing else of the product is held up. Any number of bots may run; it
 * needs PostgreSQL only, so a lost Redis keeps no page back. Throws where the settings have no bot.
 */
export function startSlackbot(options: SlackbotOptions): Slackbot {
  const { database, logger, settings } = options;
  const figures = createSlackbotMetrics(options.metrics, database);
  const address: SlackAddress = { apiUrl: settings.slack.apiUrl, logger: slackLogger(logger) };
  const keys = sealKeysOf(settings.secretKeys);
  const workspaces = openWorkspaces({ database, logger, settings: settings.slack, keys, address });
  const listening = listenToSlack({ database, logger, settings, workspaces, address, keys });
  const connection = (): readonly string[] => listening.connection?.problems() ?? [];
  const outgoing = startOutgoing({ database, logger, settings, workspaces, figures, connection });
  logger.info({ mode: settings.slack.mode }, 'Slack bot started');
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await listening.close();
    await outgoing.close();
  };
  return {
    check: { name: 'slack', check: async () => connection() },
    httpHandler: listening.httpHandler,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}
