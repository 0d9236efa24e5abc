import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type GuardedAgentOptions, openWebhookSender, type WebhookSender } from '@watchbill/worker';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const OTHER_SECRET = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
const LOOPBACK = ['127.0.0.0/8', '::1/128'];
const BODY = JSON.stringify({
  type: 'shift.started',
  timestamp: '2026-11-30T09:00:00Z',
  data: { person: 'Åsa' },
});
const never = new AbortController().signal;

let receiver: WebhookReceiver;
const opened: WebhookSender[] = [];
const rawServers: Server[] = [];
const rawSockets: Socket[] = [];

beforeAll(async () => {
  receiver = await startWebhookReceiver({ secret: SECRET });
});
afterEach(async () => {
  receiver.answerWith(() => ({ status: 204 }));
  await Promise.all(opened.splice(0).map((sender) => sender.close()));
  for (const socket of rawSockets.splice(0)) socket.destroy();
  await Promise.all(rawServers.splice(0).map((server) => new Promise((done) => server.close(done))));
});
afterAll(() => receiver.close());

function open(options: Partial<GuardedAgentOptions> = {}): WebhookSender {
  const sender = openWebhookSender({ timeoutMs: 5_000, allowedNetworks: LOOPBACK, ...options });
  opened.push(sender);
  return sender;
}

function to(url: string, secrets: readonly string[] = [SECRET]) {
  return { url, id: 'evt_01', body: BODY, secrets };
}

/** A server that answers with whatever bytes it likes. */
async function rawServer(answer: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    rawSockets.push(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => answer(socket));
  });
  rawServers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/hook`;
}

describe('a signed message', () => {
  it('carries the exact body and headers that the library verifies', async () => {
    const attempt = await open().send(to(receiver.url), never);
    expect(attempt).toMatchObject({
      outcome: 'delivered',
      statusCode: 204,
      error: null,
      responseExcerpt: null,
    });
    const request = receiver.requests.at(-1);
    expect(request).toMatchObject({ signature: 'valid', id: 'evt_01', body: BODY });
    expect(request?.headers['content-type']).toBe('application/json');
    expect(request?.headers['user-agent']).toMatch(/^Watchbill/);
    const verified = new Webhook(SECRET).verify(BODY, { ...request?.headers } as Record<string, string>);
    expect(verified).toEqual(JSON.parse(BODY));
  });

  it('has a signature of each live secret', async () => {
    await open().send(to(receiver.url, [OTHER_SECRET, SECRET]), never);
    const headers = { ...receiver.requests.at(-1)?.headers } as Record<string, string>;
    expect(headers['webhook-signature']?.split(' ')).toHaveLength(2);
    for (const secret of [SECRET, OTHER_SECRET]) {
      expect(() => new Webhook(secret).verify(BODY, headers)).not.toThrow();
    }
  });

  it('is not sent when it is over the limit', async () => {
    const count = receiver.requests.length;
    const attempt = await open().send({ ...to(receiver.url), body: 'é'.repeat(10_241) }, never);
    expect(attempt).toMatchObject({ outcome: 'too_large', statusCode: null });
    expect(attempt.error).toContain('20482');
    expect((await open().send({ ...to(receiver.url), body: 'é'.repeat(10_240) }, never)).outcome).toBe(
      'delivered',
    );
    expect(receiver.requests).toHaveLength(count + 1);
  });
});

describe('the outcome of an answer', () => {
  it.each([
    [200, 'delivered'],
    [299, 'delivered'],
    [304, 'status_3xx'],
    [400, 'status_4xx'],
    [410, 'status_4xx'],
    [429, 'status_4xx'],
    [500, 'status_5xx'],
    [599, 'status_5xx'],
    [999, 'bad_answer'],
  ])('of status %i is %s', async (status, outcome) => {
    receiver.answerWith(() => ({ status }));
    expect(await open().send(to(receiver.url), never)).toMatchObject({ outcome, statusCode: status });
  });

  it('of a redirect is a failure, and nobody follows it', async () => {
    const target = await startWebhookReceiver();
    receiver.answerWith(() => ({ status: 307, headers: { location: target.url } }));
    expect((await open().send(to(receiver.url), never)).outcome).toBe('status_3xx');
    expect(target.requests).toHaveLength(0);
    await target.close();
  });

  it('keeps the first bytes as plain text', async () => {
    const body = `line one\r\nline\ttwo\0\u001b[31m red\u202e ${'x'.repeat(5_000)}`;
    receiver.answerWith(() => ({ status: 500, body }));
    const { responseExcerpt } = await open().send(to(receiver.url), never);
    expect(responseExcerpt).toMatch(/^line one line two\[31m red x+$/);
    expect(Buffer.byteLength(responseExcerpt ?? '')).toBeLessThanOrEqual(1_024);
  });

  it.each([
    ['120', 119_999, 120_001],
    ['0', -1, 1],
    ['soon', null, null],
    ['-5', null, null],
    ['2', 1_999, 2_001],
  ])('reads Retry-After: %s', async (header, from, to_) => {
    receiver.answerWith(() => ({ status: 503, headers: { 'retry-after': header } }));
    const { retryAfterMs } = await open().send(to(receiver.url), never);
    if (from === null || to_ === null) return expect(retryAfterMs).toBeNull();
    expect(retryAfterMs).toBeGreaterThan(from);
    expect(retryAfterMs).toBeLessThan(to_);
  });

  it('reads Retry-After as a date', async () => {
    receiver.answerWith(() => ({
      status: 429,
      headers: { 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() },
    }));
    const { retryAfterMs } = await open().send(to(receiver.url), never);
    expect(retryAfterMs).toBeGreaterThan(3_500_000);
    expect(retryAfterMs).toBeLessThanOrEqual(3_600_000);
  });
});

describe('a failure of the network', () => {
  it('is refused where nobody listens', async () => {
    const port = await freePort();
    expect((await open().send(to(`http://127.0.0.1:${port}/`), never)).outcome).toBe('refused');
  });

  it('is reset where the receiver hangs up', async () => {
    receiver.answerWith(() => ({ status: 0, hangUp: true }));
    expect((await open().send(to(receiver.url), never)).outcome).toBe('reset');
  });

  it('is tls where the other side does not speak it', async () => {
    const attempt = await open().send(to(`https://127.0.0.1:${receiver.port}/`), never);
    expect(attempt.outcome).toBe('tls');
    expect(attempt.error).not.toBe('');
  });

  it('is dns where the name leads nowhere', async () => {
    const failing = () =>
      Promise.reject(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }));
    const sender = open({ resolve: failing });
    expect((await sender.send(to('https://nowhere.invalid/'), never)).outcome).toBe('dns');
  });

  it('is bad_answer where it is not HTTP', async () => {
    const url = await rawServer((socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n'));
    expect((await open().send(to(url), never)).outcome).toBe('bad_answer');
  });

  it('is bad_answer where the headers never end', async () => {
    const url = await rawServer((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\n${'x-filler: '.padEnd(1_000, 'x')}\r\n`);
      socket.write(`${'x-filler: '.padEnd(1_000, 'x')}\r\n`.repeat(40));
    });
    expect((await open().send(to(url), never)).outcome).toBe('bad_answer');
  });
});

describe('a slow receiver', () => {
  it('that says nothing is a timeout', async () => {
    receiver.answerWith(() => ({ status: 204, delayMs: 3_000 }));
    const attempt = await open({ timeoutMs: 200 }).send(to(receiver.url), never);
    expect(attempt).toMatchObject({ outcome: 'timeout', statusCode: null });
    expect(attempt.durationMs).toBeLessThan(2_500);
  });

  it('that drips its headers is a timeout all the same', async () => {
    const url = await rawServer((socket) => void drip(socket, 'HTTP/1.1 200 OK\r\nx-slow: '));
    const attempt = await open({ timeoutMs: 400 }).send(to(url), never);
    expect(attempt.outcome).toBe('timeout');
    expect(attempt.durationMs).toBeLessThan(2_500);
  });

  it('that drips its body has said its status already', async () => {
    const url = await rawServer((socket) => {
      void drip(socket, 'HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n');
    });
    const attempt = await open({ timeoutMs: 500 }).send(to(url), never);
    expect(attempt).toMatchObject({ outcome: 'delivered', statusCode: 200 });
    expect(attempt.durationMs).toBeLessThan(2_500);
  });

  it('does not hold a caller that has lost its lane', async () => {
    receiver.answerWith(() => ({ status: 204, delayMs: 4_000 }));
    const lost = new AbortController();
    const sending = open().send(to(receiver.url), lost.signal);
    const count = receiver.requests.length;
    await receiver.waitUntil((requests) => requests.length > count);
    lost.abort(new Error('the lease was lost'));
    await expect(sending).rejects.toThrow('the lease was lost');
  });
});

it('reads no more of a huge answer than it needs', async () => {
  let written = 0;
  const url = await rawServer((socket) => {
    socket.write('HTTP/1.1 500 No\r\ncontent-length: 1000000000\r\n\r\n');
    const pour = (): void => {
      while (!socket.destroyed && socket.write('y'.repeat(65_536))) written += 65_536;
    };
    socket.on('drain', pour);
    pour();
  });
  const attempt = await open().send(to(url), never);
  expect(attempt).toMatchObject({
    outcome: 'status_5xx',
    statusCode: 500,
    responseExcerpt: 'y'.repeat(1_024),
  });
  await sleep(50);
  expect(written).toBeLessThan(50_000_000);
});

describe('an address that is not for us', () => {
  it.each([
    'http://127.0.0.1/',
    'http://localhost/',
    'http://127.1/',
    'http://0x7f000001/',
    'http://2130706433/',
    'http://017700000001/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::]/',
    'http://0.0.0.0/',
    'https://10.1.2.3/',
    'https://169.254.169.254/latest/meta-data/',
    'https://[fd00::1]/',
    'https://[fe80::1]/',
    'https://100.64.0.1/',
    'https://224.0.0.1/',
  ])('is blocked: %s', async (url) => {
    const attempt = await open({ allowedNetworks: [] }).send(to(url), never);
    expect(attempt).toMatchObject({ outcome: 'blocked_address', statusCode: null });
  });

  it('is blocked when a public name leads there, at the very connection', async () => {
    const count = receiver.requests.length;
    const answers = [[{ address: '127.0.0.1', family: 4 }], [{ address: '::ffff:127.0.0.1', family: 6 }]];
    for (const answer of answers) {
      const sender = open({ allowedNetworks: [], resolve: () => Promise.resolve(answer) });
      const attempt = await sender.send(to(`https://hooks.example.com:${receiver.port}/`), never);
      expect(attempt.outcome).toBe('blocked_address');
    }
    expect(receiver.requests).toHaveLength(count);
  });

  it('is left out of an answer that also names a permitted one', async () => {
    const mixed = [
      { address: '10.1.2.3', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ];
    const sender = open({ allowedNetworks: ['127.0.0.0/8'], resolve: () => Promise.resolve(mixed) });
    const attempt = await sender.send(to(`http://hooks.example.com:${receiver.port}/hook`), never);
    expect(attempt.outcome).toBe('delivered');
  });

  it('is judged anew at every connection, so a name that changes its answer gains nothing', async () => {
    const answers = ['127.0.0.1', '10.1.2.3'];
    const resolve = () => Promise.resolve([{ address: answers.shift() ?? '', family: 4 }]);
    const sender = open({ allowedNetworks: ['127.0.0.0/8'], resolve });
    receiver.answerWith(() => ({ status: 204, headers: { connection: 'close' } }));
    const url = `http://hooks.example.com:${receiver.port}/hook`;
    expect((await sender.send(to(url), never)).outcome).toBe('delivered');
    expect((await sender.send(to(url), never)).outcome).toBe('blocked_address');
  });

  it('is a public one that is called over plain http', async () => {
    const sender = open({ resolve: () => Promise.resolve([{ address: '93.184.215.14', family: 4 }]) });
    const attempt = await sender.send(to('http://hooks.example.com/'), never);
    expect(attempt.outcome).toBe('blocked_address');
    expect(attempt.error).toContain('plain http');
    expect((await sender.send(to('http://93.184.215.14/'), never)).outcome).toBe('blocked_address');
  });

  it.each([
    'ftp://127.0.0.1/',
    'http://ana:secret@127.0.0.1/',
    'not a url',
    `http://127.0.0.1/${'a'.repeat(3_000)}`,
  ])('is not an address at all: %.40s', async (url) => {
    expect((await open().send(to(url), never)).outcome).toBe('bad_address');
  });
});

async function drip(socket: Socket, first: string): Promise<void> {
  socket.write(first);
  while (!socket.destroyed) {
    await sleep(20, undefined, { ref: false });
    socket.write('x');
  }
}
