import { type Attempt, makeEndpointUrl } from '@watchbill/commands';
import { MAX_BODY_BYTES } from '@watchbill/events';
import { Webhook } from 'standardwebhooks';
import { type GuardedAgentOptions, openGuardedAgent } from './guarded-agent.ts';
import { type Ending, failure, post } from './post.ts';

export interface WebhookRequest {
  readonly url: string;
  /** The event's id: the same at every attempt and every delivery. */
  readonly id: string;
  readonly body: string;
  /** `whsec_…`; one signature is sent for each. */
  readonly secrets: readonly string[];
}

export interface WebhookSender {
  /**
   * Makes one attempt. A failure of the network or of the receiver is an outcome, not an error. Rejects only when
   * `signal` is aborted, with its reason: the caller no longer owns the delivery.
   */
  send(request: WebhookRequest, signal: AbortSignal): Promise<Attempt>;
  close(): Promise<void>;
}

const USER_AGENT = 'Watchbill-Webhooks/1.0';

/** Opens the way by which webhooks are sent: one attempt at a time, each with its outcome. */
export function openWebhookSender(options: GuardedAgentOptions): WebhookSender {
  const { timeoutMs } = options;
  const agent = openGuardedAgent(options);
  return {
    send: async (request, signal) => {
      signal.throwIfAborted();
      const startedAt = Date.now();
      const start = performance.now();
      const ending = refusal(request) ?? (await post(agent, posted(request), { timeoutMs, signal }));
      signal.throwIfAborted();
      return { ...ending, startedAt, durationMs: Math.round(performance.now() - start) };
    },
    close: () => agent.destroy(),
  };
}

/** What can never be sent is not sent, and says why. */
function refusal({ url, body }: WebhookRequest): Ending | null {
  const bytes = Buffer.byteLength(body);
  if (bytes > MAX_BODY_BYTES) {
    return failure('too_large', `The event has ${bytes} bytes; ${MAX_BODY_BYTES} are allowed.`);
  }
  // Whether plain http is right depends on the address, which is judged at the connection.
  const made = makeEndpointUrl(url, { plainHttp: true });
  return made.ok
    ? null
    : failure('bad_address', made.problems[0]?.message ?? 'The URL is not one we send to.');
}

function posted(request: WebhookRequest) {
  return { url: request.url, headers: signedHeaders(request, new Date()), body: request.body };
}

/** The headers of Standard Webhooks 1.0 and our own. The signature covers the id, the timestamp and the exact body. */
export function signedHeaders(
  request: Pick<WebhookRequest, 'id' | 'body' | 'secrets'>,
  now: Date,
): Record<string, string> {
  const { id, body, secrets } = request;
  return {
    'content-type': 'application/json',
    'user-agent': USER_AGENT,
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, now, body)).join(' '),
  };
}
