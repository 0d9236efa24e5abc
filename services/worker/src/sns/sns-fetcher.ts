import { isCertificateAddress, isSubscribeAddress } from '@watchbill/commands';
import type { AttemptOutcome } from '@watchbill/events';
import type { Agent } from 'undici';
import { errorLine, outcomeOfStatus } from '../delivery/answer.ts';
import { type GuardedAgentOptions, openGuardedAgent } from '../delivery/guarded-agent.ts';
import { outcomeOfError } from '../delivery/network-failure.ts';

export type SnsAnswer =
  | { readonly kind: 'body'; readonly text: string }
  | { readonly kind: 'failed'; readonly outcome: AttemptOutcome; readonly detail: string };

export interface SnsFetcher {
  /** Asks Amazon SNS once. Every failure is an answer. Rejects only when `signal` is aborted. */
  fetch(url: string, signal: AbortSignal): Promise<SnsAnswer>;
  close(): Promise<void>;
}

/** A certificate has about 2 KB. */
const MAX_ANSWER_BYTES = 32_768;
const USER_AGENT = 'Watchbill-Intakes/1.0';

/** Opens the way by which certificates are fetched and subscriptions confirmed: only at Amazon SNS, along no redirect. */
export function openSnsFetcher(options: GuardedAgentOptions): SnsFetcher {
  const { timeoutMs } = options;
  const agent = openGuardedAgent(options);
  return {
    fetch: async (url, signal) => {
      signal.throwIfAborted();
      const timeout = AbortSignal.timeout(timeoutMs);
      try {
        return await ask(agent, url, AbortSignal.any([signal, timeout]));
      } catch (error) {
        signal.throwIfAborted();
        if (timeout.aborted) return failed('timeout', `No whole answer within ${timeoutMs} ms.`);
        return failed(outcomeOfError(error), errorLine(error));
      }
    },
    close: () => agent.destroy(),
  };
}

async function ask(agent: Agent, address: string, signal: AbortSignal): Promise<SnsAnswer> {
  // Checked when it came in, and again here, where the connection is made.
  if (!isCertificateAddress(address) && !isSubscribeAddress(address)) {
    return failed('bad_address', 'The address is not one of Amazon SNS.');
  }
  const url = new URL(address);
  const { statusCode: status, body } = await agent.request({
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    method: 'GET',
    headers: { 'accept-encoding': 'identity', 'user-agent': USER_AGENT },
    signal,
  });
  if (status !== 200) {
    body.on('error', () => undefined).destroy();
    const outcome = outcomeOfStatus(status);
    return failed(outcome === 'delivered' ? 'bad_answer' : outcome, `Amazon SNS answered ${status}.`);
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) {
      body.destroy();
      return failed('too_large', `The answer is larger than ${MAX_ANSWER_BYTES} bytes.`);
    }
    chunks.push(chunk);
  }
  return { kind: 'body', text: Buffer.concat(chunks).toString('utf8') };
}

function failed(outcome: AttemptOutcome, detail: string): SnsAnswer {
  return { kind: 'failed', outcome, detail };
}
