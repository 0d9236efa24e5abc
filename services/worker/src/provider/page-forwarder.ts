import type { Attempt } from '@watchbill/commands';
import { type Database, type LaneHead, pageDetails } from '@watchbill/database';
import { SealError, type SealKeys, unseal } from '@watchbill/runtime';
import { type GuardedAgentOptions, openGuardedAgent } from '../delivery/guarded-agent.ts';
import { type Ending, failure, type Posted, post } from '../delivery/post.ts';
import { type ForwardedPage, forwardedPage } from './forwarded-page.ts';
import { opsgenieRequest } from './opsgenie-request.ts';
import { pagerdutyEvent } from './pagerduty-event.ts';
import { incurable } from './verdict-of-provider.ts';

/** An event on its way to a provider. */
export interface Forwarding {
  /** The endpoint, which is the id of the provider. */
  readonly endpoint: string;
  readonly url: string;
  readonly provider: NonNullable<LaneHead['provider']>;
  readonly event: LaneHead['event'];
}

export interface PageForwarder {
  /** Makes one attempt. A failure is an outcome. Rejects only when `signal` is aborted, or the database is away. */
  send(forwarding: Forwarding, signal: AbortSignal): Promise<Attempt>;
  close(): Promise<void>;
}

export interface PageForwarderOptions {
  readonly database: Database;
  readonly network: GuardedAgentOptions;
  /** Null where no key is set: nothing that was sealed can be opened. */
  readonly keys: SealKeys | null;
  readonly publicUrl: string;
}

const USER_AGENT = 'Watchbill-Pages/1.0';
const NOTHING_TO_SAY: Ending = {
  ...{ outcome: 'delivered', statusCode: null, responseExcerpt: null },
  ...{ error: null, retryAfterMs: null },
};

/** Opens the way by which pages are forwarded to other providers. */
export function openPageForwarder({
  database,
  network,
  keys,
  publicUrl,
}: PageForwarderOptions): PageForwarder {
  const agent = openGuardedAgent(network);
  const { timeoutMs } = network;
  const attempt = async (forwarding: Forwarding, signal: AbortSignal): Promise<Ending & Incurable> => {
    const { provider, endpoint, event } = forwarding;
    const secret = openKey(provider.sealedKey, endpoint, keys);
    if (secret === null) {
      const why =
        'The key of this provider cannot be decrypted: WATCHBILL_SECRET_KEY is not the one it was stored with. Enter the key again.';
      return { ...failure('bad_address', why), incurable: 'refused' };
    }
    const id = (event.data.page as { readonly id?: string } | undefined)?.id ?? '';
    const page = forwardedPage(event, await pageDetails(database, id), publicUrl);
    const posted = page === null ? null : requestOf(forwarding, page, secret);
    if (posted === null) return NOTHING_TO_SAY;
    const ending = await post(agent, posted, { timeoutMs, signal });
    return { ...ending, incurable: incurable(provider.kind, ending) };
  };
  return {
    send: async (forwarding, signal) => {
      signal.throwIfAborted();
      const startedAt = Date.now();
      const start = performance.now();
      const ending = await attempt(forwarding, signal);
      signal.throwIfAborted();
      return { ...ending, startedAt, durationMs: Math.round(performance.now() - start) };
    },
    close: () => agent.destroy(),
  };
}

type Incurable = Pick<Attempt, 'incurable'>;

function openKey(sealed: string | null, about: string, keys: SealKeys | null): string | null {
  if (sealed === null || keys === null) return null;
  try {
    return unseal(sealed, about, keys);
  } catch (error) {
    if (error instanceof SealError) return null;
    throw error;
  }
}

function requestOf({ url, provider }: Forwarding, page: ForwardedPage, secret: string): Posted | null {
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    'user-agent': USER_AGENT,
  };
  switch (provider.kind) {
    case 'pagerduty': {
      const event = pagerdutyEvent(page);
      const body = JSON.stringify({ routing_key: secret, ...event });
      return event === null ? null : { url: `${url}/v2/enqueue`, headers, body };
    }
    case 'opsgenie': {
      const request = opsgenieRequest(page);
      if (request === null) return null;
      const authorization = `GenieKey ${secret}`;
      const body = JSON.stringify(request.body);
      return { url: `${url}${request.path}`, headers: { ...headers, authorization }, body };
    }
  }
}
