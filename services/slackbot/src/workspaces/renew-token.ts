import { setTimeout as sleep } from 'node:timers/promises';
import { WebClient } from '@slack/web-api';
import { claimTokenRenewal, type Database, keepRenewedToken, restTokenRenewal } from '@watchbill/database';
import type { Logger, SealKeys, SlackOAuth } from '@watchbill/runtime';
import { clientOptions, type SlackAddress } from '../web/slack-clients.ts';
import { failureOf } from '../web/slack-failure.ts';
import { openInstallation, sealInstallation } from './installation.ts';

/** A token that runs out within this time is renewed; Slack's live for twelve hours, and the old one until its end. */
export const RENEW_WITHIN_MS = 2 * 60 * 60_000;
/** Longer than a renewal takes: after it another bot may try. */
const CLAIM_MS = 30_000;
const REQUEST_MS = 10_000;
/** Waits after a try that failed: Slack was away, or it refused. */
const AWAY_MS = 30_000;
const REFUSED_MS = 10 * 60_000;
/** The old refresh token is used up by now, so the new one is not given up lightly. */
const KEEP_TRIES = 5;
const KEEP_PAUSE_MS = 1_000;
const SECOND_MS = 1_000;

export interface RenewalOptions {
  readonly database: Database;
  readonly logger: Logger;
  readonly address: SlackAddress;
  readonly keys: SealKeys | null;
  readonly oauth: SlackOAuth | null;
}

/**
 * Renews the token of a workspace if it runs out within `withinMs` and nobody else is at it: whoever writes the claim
 * asks Slack, alone. True where it is renewed now. Slack's answers never make it reject.
 */
export async function renewToken(options: RenewalOptions, id: string, withinMs: number): Promise<boolean> {
  const { database, logger } = options;
  const before = await claimTokenRenewal(database, id, { withinMs, forMs: CLAIM_MS });
  if (before === null) return false;
  const renewed = await askForToken(options, id, before);
  if ('restMs' in renewed) {
    await restTokenRenewal(database, id, { before, restMs: renewed.restMs });
    return false;
  }
  const kept = await keep(options, id, { before, ...renewed });
  if (kept) logger.info({ workspace: id }, 'the token of a workspace was renewed');
  else
    logger.warn({ workspace: id }, 'a renewed token was not needed: the app was installed again meanwhile');
  return kept;
}

type Renewed = { readonly after: string; readonly expiresAt: number } | { readonly restMs: number };

async function askForToken(
  { logger, address, keys, oauth }: RenewalOptions,
  id: string,
  before: string,
): Promise<Renewed> {
  if (keys === null || oauth === null) {
    logger.error(
      { workspace: id },
      'a token runs out and cannot be renewed without SLACK_CLIENT_ID and the others',
    );
    return { restMs: REFUSED_MS };
  }
  try {
    const { refreshToken } = openInstallation(before, id, keys);
    if (refreshToken === undefined) throw new Error('there is nothing to renew the token with');
    // No token of ours: the client's secret proves who asks.
    const how = { timeout: REQUEST_MS, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true };
    const told = await new WebClient(undefined, { ...clientOptions(address), ...how }).oauth.v2.access({
      ...{ client_id: oauth.clientId, client_secret: oauth.clientSecret },
      ...{ grant_type: 'refresh_token', refresh_token: refreshToken },
    });
    const { access_token: botToken, refresh_token: next, expires_in: seconds } = told;
    if (botToken === undefined || next === undefined || seconds === undefined)
      throw new Error('Slack’s answer has no token that runs out');
    const after = sealInstallation({ botToken, refreshToken: next }, id, keys);
    return { after, expiresAt: Date.now() + seconds * SECOND_MS };
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind === 'rate_limited') return { restMs: failure.retryAfterMs };
    const refused = failure.kind === 'refused';
    const text = refused
      ? 'Slack does not renew the token of a workspace; install the app there again'
      : 'the token of a workspace could not be renewed yet';
    logger[refused ? 'error' : 'warn']({ ...failure, err: refused ? undefined : error, workspace: id }, text);
    return { restMs: refused ? REFUSED_MS : AWAY_MS };
  }
}

async function keep(
  { database, logger }: RenewalOptions,
  id: string,
  token: { readonly before: string; readonly after: string; readonly expiresAt: number },
): Promise<boolean> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await keepRenewedToken(database, id, token);
    } catch (error) {
      if (tries >= KEEP_TRIES) throw error;
      logger.warn({ err: error, workspace: id }, 'a renewed token is not stored yet; trying again');
      await sleep(KEEP_PAUSE_MS);
    }
  }
}
