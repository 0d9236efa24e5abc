import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';

/** A webhook that came in. */
export interface ReceivedWebhook {
  readonly id: string;
  readonly type: string;
  /** `data` of the body. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Whether the signature is right: checked here as any receiver should. */
  readonly signed: boolean;
}

export interface DemonstrationReceiver {
  readonly url: string;
  /** The secret of the endpoint, once it is known. */
  trust(secret: string): void;
  close(): Promise<void>;
}

const BODY_LIMIT_BYTES = 64 * 1024;

/** Listens on a free port of this machine and shows what a receiver of webhooks gets. */
export async function startReceiver(
  onWebhook: (webhook: ReceivedWebhook) => void,
): Promise<DemonstrationReceiver> {
  let key: Buffer | undefined;
  const server = createServer(async (request, response) => {
    const body = await readBody(request);
    const webhook = body === undefined ? undefined : readWebhook(request, body, key);
    response.writeHead(webhook === undefined ? 400 : 204).end();
    if (webhook !== undefined) onWebhook(webhook);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/`,
    trust: (secret) => {
      key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > BODY_LIMIT_BYTES) return undefined;
      chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks).toString('utf8');
}

function readWebhook(
  request: IncomingMessage,
  body: string,
  key: Buffer | undefined,
): ReceivedWebhook | undefined {
  try {
    const { type, data } = JSON.parse(body) as { type?: unknown; data?: unknown };
    if (typeof type !== 'string' || typeof data !== 'object' || data === null) return undefined;
    const id = String(request.headers['webhook-id'] ?? '');
    return { id, type, data: data as Record<string, unknown>, signed: isSigned(request, body, key) };
  } catch {
    return undefined;
  }
}

/** Standard Webhooks: HMAC-SHA256 of `id.timestamp.body`; there may be several signatures while a secret changes. */
function isSigned(request: IncomingMessage, body: string, key: Buffer | undefined): boolean {
  if (key === undefined) return false;
  const {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures,
  } = request.headers;
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest();
  return String(signatures ?? '')
    .split(' ')
    .map((signature) => Buffer.from(signature.replace(/^v1,/, ''), 'base64'))
    .some((given) => given.length === expected.length && timingSafeEqual(given, expected));
}
