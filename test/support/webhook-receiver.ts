import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';

/** How a signature looked: `stale` means right, but more than five minutes from this machine's clock. */
export type SignatureVerdict = 'valid' | 'stale' | 'wrong' | 'absent' | 'unchecked';

export interface ReceivedRequest {
  /** Position among all requests, from 0. */
  readonly index: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The exact bytes, as text. */
  readonly body: string;
  /** `webhook-id`: the same over retries. Empty if there is none. */
  readonly id: string;
  /** `type` of the body, such as `shift.started`; empty if the body is not such an object. */
  readonly type: string;
  /** The parsed body, `undefined` if it is not JSON. */
  readonly json: unknown;
  readonly signature: SignatureVerdict;
  /** The status we answered; 0 where we hung up instead. */
  readonly answered: number;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Waits before answering, for time-outs. */
  readonly delayMs?: number;
  /** Ends the connection without an answer. */
  readonly hangUp?: boolean;
}

export interface WebhookReceiver {
  readonly url: string;
  readonly port: number;
  /** All requests in the order in which they came. */
  readonly requests: readonly ReceivedRequest[];
  /** Checks signatures against this secret (`whsec_…`) from now on; several may be trusted at once. */
  trust(secret: string): void;
  /** Decides the answer to each request from now on; the default is 204 to all. */
  answerWith(decide: (request: Omit<ReceivedRequest, 'answered'>) => Answer): void;
  /** Waits until the requests satisfy the test. Throws with what came when they do not in time. */
  waitUntil(test: (requests: readonly ReceivedRequest[]) => boolean, timeoutMs?: number): Promise<void>;
  close(): Promise<void>;
}

const BODY_LIMIT_BYTES = 1024 * 1024;
const DEFAULT_WAIT_MS = 20_000;

/** Starts a receiver of webhooks on a free port of 127.0.0.1. */
export async function startWebhookReceiver(
  options: { readonly secret?: string } = {},
): Promise<WebhookReceiver> {
  const requests: ReceivedRequest[] = [];
  const secrets: string[] = options.secret === undefined ? [] : [options.secret];
  let decide: (request: Omit<ReceivedRequest, 'answered'>) => Answer = () => ({ status: 204 });
  let arrived = 0;
  const wakeUps = new Set<() => void>();

  const server = createServer(async (incoming, response) => {
    const body = await readBody(incoming);
    const request = { ...describe(incoming, body, secrets), index: arrived++ };
    const answer = decide(request);
    requests.push({ ...request, answered: answer.hangUp ? 0 : answer.status });
    for (const wake of wakeUps) wake();
    await reply(response, answer);
  });
  server.listen(0, '127.0.0.1');
  await new Promise<void>((resolve) => server.once('listening', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  return {
    url: `http://127.0.0.1:${port}/hook`,
    port,
    requests,
    trust: (secret) => void secrets.push(secret),
    answerWith: (decision) => {
      decide = decision;
    },
    waitUntil: async (test, timeoutMs = DEFAULT_WAIT_MS) => {
      const startedAt = performance.now();
      while (!test(requests)) {
        const left = timeoutMs - (performance.now() - startedAt);
        if (left <= 0) throw new Error(`Not in ${timeoutMs} ms. What came: ${summary(requests)}`);
        await nextRequest(wakeUps, Math.min(left, 250));
      }
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT_BYTES) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function describe(
  incoming: IncomingMessage,
  body: string,
  secrets: readonly string[],
): Omit<ReceivedRequest, 'answered' | 'index'> {
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
  );
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    json = undefined;
  }
  const type = typeof json === 'object' && json !== null && 'type' in json ? String(json.type) : '';
  return {
    path: incoming.url ?? '',
    headers,
    body,
    id: headers['webhook-id'] ?? '',
    type,
    json,
    signature: checkSignature(headers, body, secrets),
  };
}

function checkSignature(
  headers: Readonly<Record<string, string>>,
  body: string,
  secrets: readonly string[],
): SignatureVerdict {
  if (secrets.length === 0) return 'unchecked';
  const given = headers['webhook-signature'];
  if (given === undefined) return 'absent';
  const sentAt = new Date(Number(headers['webhook-timestamp']) * 1000);
  for (const secret of secrets) {
    const webhook = new Webhook(secret);
    try {
      webhook.verify(body, { ...headers }, { jsonParse: false });
      return 'valid';
    } catch {
      const right = webhook.sign(headers['webhook-id'] ?? '', sentAt, body);
      if (given.split(' ').includes(right)) return 'stale';
    }
  }
  return 'wrong';
}

async function reply(response: ServerResponse, answer: Answer): Promise<void> {
  if (answer.delayMs !== undefined) await sleep(answer.delayMs, undefined, { ref: false });
  if (answer.hangUp) {
    response.socket?.destroy();
    return;
  }
  response.writeHead(answer.status, answer.headers);
  response.end(answer.body ?? '');
}

function nextRequest(wakeUps: Set<() => void>, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      wakeUps.delete(done);
      resolve();
    };
    const timer = setTimeout(done, timeoutMs);
    wakeUps.add(done);
  });
}

function summary(requests: readonly ReceivedRequest[]): string {
  const lines = requests.map(
    (request) => `${request.answered} ${request.type} ${request.id} ${request.signature}`,
  );
  return `${requests.length} requests\n${lines.slice(-30).join('\n')}`;
}
