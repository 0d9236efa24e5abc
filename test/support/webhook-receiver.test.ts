import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startWebhookReceiver, type WebhookReceiver } from './webhook-receiver.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const OTHER = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
const BODY = JSON.stringify({ type: 'shift.started', timestamp: '2026-11-30T09:00:00Z', data: {} });

let receiver: WebhookReceiver;

beforeAll(async () => {
  receiver = await startWebhookReceiver({ secret: SECRET });
});
beforeEach(() => receiver.answerWith(() => ({ status: 204 })));
afterAll(() => receiver.close());

function post(headers: Record<string, string>): Promise<number> {
  return fetch(receiver.url, {
    method: 'POST',
    body: BODY,
    headers: { ...headers, connection: 'close' },
  }).then(
    (answer) => answer.status,
    () => 0,
  );
}

function signed(secret: string, sentAt: Date): Record<string, string> {
  return {
    'webhook-id': 'evt_1',
    'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign('evt_1', sentAt, BODY),
  };
}

it('tells a right signature from a wrong, an old and a missing one', async () => {
  const now = new Date();
  const longAgo = new Date(now.getTime() - 3_600_000);
  await post(signed(SECRET, now));
  await post(signed(OTHER, now));
  await post(signed(SECRET, longAgo));
  await post({});
  expect(receiver.requests.map((request) => request.signature)).toEqual([
    'valid',
    'wrong',
    'stale',
    'absent',
  ]);
  expect(receiver.requests[0]).toMatchObject({
    id: 'evt_1',
    type: 'shift.started',
    path: '/hook',
    body: BODY,
  });
  receiver.trust(OTHER);
  await post(signed(OTHER, now));
  expect(receiver.requests.at(-1)?.signature).toBe('valid');
});

it('answers as it is told, and can hang up', async () => {
  receiver.answerWith((request) =>
    request.headers['x-try'] === '1' ? { status: 503 } : { status: 0, hangUp: true },
  );
  expect(await post({ 'x-try': '1' })).toBe(503);
  expect(await post({ 'x-try': '2' })).toBe(0);
  expect(receiver.requests.slice(-2).map((request) => request.answered)).toEqual([503, 0]);
});

it('waits for what is to come, and says what came when it does not', async () => {
  const count = receiver.requests.length;
  const waiting = receiver.waitUntil((requests) => requests.length > count);
  await post(signed(SECRET, new Date()));
  await waiting;
  await expect(receiver.waitUntil(() => false, 60)).rejects.toThrow(/shift\.started evt_1/);
});
