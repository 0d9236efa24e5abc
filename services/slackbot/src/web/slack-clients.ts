import type { Logger as BoltLogger } from '@slack/bolt';
import { WebClient, type WebClientOptions } from '@slack/web-api';
import type { SlackClients } from '../slack-deps.ts';

/** What people wait for: gives up within some 15 seconds, and never waits for a limit of Slack's. */
const URGENT = { timeout: 5_000, retryConfig: { retries: 2, minTimeout: 300 }, rejectRateLimitedCalls: true };
/** What can wait: comes again by itself, also after a limit. */
const BULK = {
  timeout: 15_000,
  retryConfig: { retries: 5, minTimeout: 1_000 },
  rejectRateLimitedCalls: false,
};
/** What must not be said twice: one try, whose outcome is ours to judge. */
const ONCE = { timeout: 5_000, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true };
const CONCURRENCY = 20;

export interface SlackAddress {
  readonly apiUrl: string;
  readonly logger: BoltLogger;
}

/** Options of every client: where Slack is, and that no payload may lead anywhere else. A new object each time. */
export function clientOptions({ apiUrl, logger }: SlackAddress): WebClientOptions {
  return { slackApiUrl: apiUrl, logger, allowAbsoluteUrls: false, maxRequestConcurrency: CONCURRENCY };
}

/** What a listener's own client does: people wait for it. */
export function urgentOptions(address: SlackAddress): WebClientOptions {
  return { ...clientOptions(address), ...URGENT, retryConfig: { ...URGENT.retryConfig } };
}

/** The clients of one token. */
export function makeClients(address: SlackAddress, token: string): SlackClients {
  const make = (how: typeof URGENT | typeof BULK | typeof ONCE): WebClient =>
    new WebClient(token, { ...clientOptions(address), ...how, retryConfig: { ...how.retryConfig } });
  return { urgent: make(URGENT), bulk: make(BULK), once: make(ONCE) };
}
