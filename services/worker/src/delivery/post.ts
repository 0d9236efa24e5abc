import type { Attempt } from '@watchbill/commands';
import type { AttemptOutcome } from '@watchbill/events';
import type { Agent } from 'undici';
import { errorLine, outcomeOfStatus, readExcerpt, retryAfterMs } from './answer.ts';
import { outcomeOfError } from './network-failure.ts';

/** How a request ended. */
export type Ending = Pick<Attempt, 'outcome' | 'statusCode' | 'responseExcerpt' | 'error' | 'retryAfterMs'>;

export interface Posted {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Makes one POST, within a time for the whole of it. Never rejects: a failure is an ending. */
export async function post(
  agent: Agent,
  { url: address, headers, body }: Posted,
  limits: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<Ending> {
  const overall = new AbortController();
  const timer = setTimeout(() => overall.abort(new AttemptTimeout(limits.timeoutMs)), limits.timeoutMs);
  const onAbort = (): void => overall.abort(limits.signal.reason);
  limits.signal.addEventListener('abort', onAbort, { once: true });
  try {
    const url = new URL(address);
    const answer = await agent.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: 'POST',
      headers,
      body,
      signal: overall.signal,
    });
    const excerpt = await readExcerpt(answer.body);
    return {
      outcome: outcomeOfStatus(answer.statusCode),
      statusCode: answer.statusCode,
      responseExcerpt: excerpt,
      error: null,
      retryAfterMs: retryAfterMs(answer.headers['retry-after'], Date.now()),
    };
  } catch (error) {
    const cause: unknown = overall.signal.aborted ? overall.signal.reason : error;
    return failure(cause instanceof AttemptTimeout ? 'timeout' : outcomeOfError(cause), errorLine(cause));
  } finally {
    clearTimeout(timer);
    limits.signal.removeEventListener('abort', onAbort);
  }
}

class AttemptTimeout extends Error {
  constructor(timeoutMs: number) {
    super(`No answer within ${timeoutMs} ms.`);
    this.name = 'AttemptTimeout';
  }
}

/** A request that got no answer, or was not made. */
export function failure(outcome: AttemptOutcome, error: string): Ending {
  return { outcome, statusCode: null, responseExcerpt: null, error, retryAfterMs: null };
}
