import type { WebClient } from '@slack/web-api';
import type { HorizonSettings } from '@watchbill/commands';
import type { Database } from '@watchbill/database';
import type { Logger } from '@watchbill/runtime';

/**
 * Three ways to the same workspace: `urgent` gives up within seconds, `bulk` waits for its turn, `once` tries only
 * once, for what must not be said twice.
 */
export interface SlackClients {
  readonly urgent: WebClient;
  readonly bulk: WebClient;
  readonly once: WebClient;
}

/** What every listener needs. */
export interface SlackDeps {
  readonly database: Database;
  readonly logger: Logger;
  /** The clients of a workspace, by its team id. Rejects for a workspace that has not installed the app. */
  readonly clients: (workspace: string) => Promise<SlackClients>;
  /** How far ahead shifts are stored; `DEFAULT_HORIZON` unless said. */
  readonly horizon?: HorizonSettings;
}
