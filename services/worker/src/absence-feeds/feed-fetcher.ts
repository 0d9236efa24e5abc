import { MAX_URL_LENGTH } from '@watchbill/commands';
import type { AttemptOutcome } from '@watchbill/events';
import type { Agent } from 'undici';
import { errorLine, outcomeOfStatus, retryAfterMs } from '../delivery/answer.ts';
import { type GuardedAgentOptions, openGuardedAgent } from '../delivery/guarded-agent.ts';
import { outcomeOfError } from '../delivery/network-failure.ts';

export interface FeedRequest {
  readonly url: string;
  /** Of the version that is known; null asks for the whole calendar. */
  readonly etag: string | null;
  readonly lastModified: string | null;
}

export type FeedAnswer =
  | {
      readonly kind: 'body';
      readonly bytes: Uint8Array;
      readonly etag: string | null;
      readonly lastModified: string | null;
    }
  | { readonly kind: 'unchanged' }
  | {
      readonly kind: 'failed';
      readonly outcome: AttemptOutcome | 'redirect';
      readonly detail: string;
      /** How long the server asks to be left alone; null where it does not say. */
      readonly retryAfterMs: number | null;
    };

export interface FeedFetcher {
  /** Asks once. A failure of the network or of the server is an answer. Rejects only when `signal` is aborted. */
  fetch(request: FeedRequest, signal: AbortSignal): Promise<FeedAnswer>;
  close(): Promise<void>;
}

export const FEED_MAX_BYTES = 5 * 1024 * 1024;
const USER_AGENT = 'Watchbill-Calendars/1.0';
/** Longer names of a version are not kept; the calendar is then read whole each time. */
const MAX_VERSION_LENGTH = 512;

/** Opens the way by which calendars are fetched: never along a redirect. */
export function openFeedFetcher(options: GuardedAgentOptions): FeedFetcher {
  const { timeoutMs } = options;
  const agent = openGuardedAgent(options);
  return {
    fetch: async (request, signal) => {
      signal.throwIfAborted();
      const timeout = AbortSignal.timeout(timeoutMs);
      try {
        return await ask(agent, request, AbortSignal.any([signal, timeout]));
      } catch (error) {
        signal.throwIfAborted();
        if (timeout.aborted) return failed('timeout', `No whole answer within ${timeoutMs} ms.`);
        return failed(outcomeOfError(error), errorLine(error));
      }
    },
    close: () => agent.destroy(),
  };
}

async function ask(agent: Agent, request: FeedRequest, signal: AbortSignal): Promise<FeedAnswer> {
  const url = addressOf(request.url);
  if (url === null) return failed('bad_address', 'The address is not one that is asked.');
  const { etag, lastModified } = request;
  const answer = await agent.request({
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    method: 'GET',
    headers: {
      accept: 'text/calendar, */*;q=0.5',
      'accept-encoding': 'identity',
      'user-agent': USER_AGENT,
      ...(etag === null ? {} : { 'if-none-match': etag }),
      ...(lastModified === null ? {} : { 'if-modified-since': lastModified }),
    },
    signal,
  });
  const { statusCode: status, headers, body } = answer;
  if (status !== 200) {
    // What is left of the answer is of no use: the connection is cut.
    body.on('error', () => undefined).destroy();
    if (status === 304 && (etag !== null || lastModified !== null)) return { kind: 'unchanged' };
    if (status >= 300 && status < 400) {
      return failed(
        'redirect',
        `The server answered ${status}. Redirects are not followed: name the last address.`,
      );
    }
    const outcome = outcomeOfStatus(status);
    const told = failed(outcome === 'delivered' ? 'bad_answer' : outcome, `The server answered ${status}.`);
    return { ...told, retryAfterMs: retryAfterMs(headers['retry-after'], Date.now()) };
  }
  const bytes = await readBounded(body);
  if (bytes === null) return failed('too_large', `The calendar is larger than ${FEED_MAX_BYTES} bytes.`);
  const version = { etag: versionOf(headers.etag), lastModified: versionOf(headers['last-modified']) };
  return { kind: 'body', bytes, ...version };
}

function addressOf(text: string): URL | null {
  const url = text.length <= MAX_URL_LENGTH && URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.username !== '' || url.password !== '') return null;
  return url.protocol === 'https:' || url.protocol === 'http:' ? url : null;
}

async function readBounded(body: AsyncIterable<Buffer> & { destroy(): void }): Promise<Uint8Array | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > FEED_MAX_BYTES) {
      body.destroy();
      return null;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function versionOf(header: string | string[] | undefined): string | null {
  const text = Array.isArray(header) ? header[0] : header;
  const usable = text !== undefined && text.length <= MAX_VERSION_LENGTH && /^[\x20-\x7e]+$/.test(text);
  return usable ? text : null;
}

function failed(outcome: AttemptOutcome | 'redirect', detail: string) {
  return { kind: 'failed', outcome, detail, retryAfterMs: null } as const;
}
