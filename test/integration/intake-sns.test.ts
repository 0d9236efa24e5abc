import { createSign } from 'node:crypto';
import { isCertificateAddress, isSubscribeAddress } from '@watchbill/commands';
import { createLogger } from '@watchbill/runtime';
import { openSnsFetcher, type SnsFetcher, startSnsPoller } from '@watchbill/worker';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { selfSigned } from '../support/self-signed-certificate.ts';
import type { TestApi } from './api-fixture.ts';
import {
  type MadeIntake,
  makeIntake,
  pagesOf,
  sendAs,
  startIntakeApi,
  storedRows,
} from './intake-fixture.ts';

const DAY_MS = 24 * 3_600_000;
const HOST = 'https://sns.eu-central-1.amazonaws.com';
const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:alarms';
const NOW = Date.now();
const amazon = selfSigned({ from: NOW - DAY_MS, until: NOW + DAY_MS });
const forger = selfSigned({ from: NOW - DAY_MS, until: NOW + DAY_MS });

let api: TestApi;
let made = 0;
let stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  api = await startIntakeApi();
});
afterEach(async () => {
  for (const stop of stops) await stop();
  stops = [];
});
afterAll(() => api?.close());

type Message = Record<string, string>;

/** A new certificate address for each test, because what was fetched once is known. */
function newCertificateUrl(): string {
  made += 1;
  return `${HOST}/SimpleNotificationService-${String(made).padStart(32, 'a')}.pem`;
}

function signed(message: Message, key = amazon.privateKey): Message {
  const whole = {
    ...{
      MessageId: `id-${Math.random()}`.replace('.', ''),
      TopicArn: TOPIC,
      Timestamp: new Date().toISOString(),
    },
    SignatureVersion: '2',
    ...message,
  } as Message;
  const keys = ['Message', 'MessageId', 'Subject', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
  const text = keys
    .filter((name) => whole[name] !== undefined)
    .map((name) => `${name}\n${whole[name]}\n`)
    .join('');
  const algorithm = whole.SignatureVersion === '1' ? 'RSA-SHA1' : 'RSA-SHA256';
  return { ...whole, Signature: createSign(algorithm).update(text).sign(key, 'base64') };
}

function alarm(state: string, url: string, more: Message = {}): Message {
  const Message = JSON.stringify({
    AlarmName: 'api-5xx',
    NewStateValue: state,
    AlarmArn: 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:api-5xx',
  });
  return { Type: 'Notification', Message, SigningCertURL: url, ...more };
}

function post(intake: MadeIntake, message: unknown) {
  const headers = { 'content-type': 'text/plain; charset=UTF-8', 'x-amz-sns-message-type': 'Notification' };
  const body = JSON.stringify(message);
  return sendAs(api, `/v1/intakes/${intake.key}/sns`, { body, headers });
}

/** A worker whose network is this list of answers; what is asked is noted. */
function startWorker(answers: Readonly<Record<string, string>>): string[] {
  const asked: string[] = [];
  const fetcher: SnsFetcher = {
    fetch: async (url) => {
      asked.push(url);
      const text = answers[url];
      return text === undefined
        ? { kind: 'failed', outcome: 'status_4xx', detail: 'Amazon SNS answered 404.' }
        : { kind: 'body', text };
    },
    close: async () => undefined,
  };
  const logger = createLogger({ logLevel: 'silent' }, 'worker');
  const poller = startSnsPoller({ database: api.database, logger, fetcher });
  stops.push(() => poller.close());
  return asked;
}

describe('SNS', () => {
  it('is asked for its certificate by a worker, sends again, and triggers and resolves', async () => {
    const intake = await makeIntake(api, 'sns');
    const url = newCertificateUrl();
    const first = signed(alarm('ALARM', url));
    const early = await post(intake, first);
    expect([early.status, early.json.code]).toEqual([503, 'intake/certificate']);
    expect(await pagesOf(api, intake.id)).toEqual([]);
    expect((await post(intake, first)).status).toBe(503);

    const asked = startWorker({ [url]: amazon.certificate });
    await expect.poll(() => post(intake, first).then(({ status }) => status), { timeout: 20_000 }).toBe(200);
    expect(asked).toEqual([url]);
    expect(await pagesOf(api, intake.id)).toMatchObject([
      { summary: 'api-5xx', place: { state: 'triggered' } },
    ]);
    const over = signed(alarm('OK', url, { SignatureVersion: '1' }));
    expect((await post(intake, over)).json.signals).toMatchObject([{ outcome: 'resolved' }]);

    // Sent again by SNS, or by somebody who wrote it down: the trouble is over, and nobody is woken.
    expect((await post(intake, first)).status).toBe(200);
    expect((await pagesOf(api, intake.id)).map(({ place }) => place.state)).toEqual(['resolved']);
  });

  it('is believed nothing that it did not sign', async () => {
    const intake = await makeIntake(api, 'sns');
    const url = newCertificateUrl();
    startWorker({ [url]: amazon.certificate });
    const good = signed(alarm('OK', url));
    await expect.poll(() => post(intake, good).then(({ status }) => status), { timeout: 20_000 }).toBe(200);
    const before = await storedRows(api);
    const forged = [
      signed(alarm('ALARM', url), forger.privateKey),
      { ...signed(alarm('ALARM', url)), Message: '{"AlarmName":"other","NewStateValue":"ALARM"}' },
      { ...signed(alarm('ALARM', url)), Signature: 'AAAA' },
      { ...signed(alarm('ALARM', url)), Subject: 'added' },
    ];
    for (const message of forged) {
      const { status, json } = await post(intake, message);
      expect([status, json.code]).toEqual([401, 'intake/signature']);
    }
    expect(await storedRows(api)).toBe(before);
  });

  it('is refused before anything is fetched where its message cannot be its own', async () => {
    const intake = await makeIntake(api, 'sns');
    const before = await storedRows(api);
    const url = newCertificateUrl();
    const odd: [object | string | null, number][] = [
      [{}, 400],
      [null, 400],
      ['text', 400],
      [
        signed(
          alarm(
            'ALARM',
            'https://sns.eu-central-1.amazonaws.com.example.com/SimpleNotificationService-a.pem',
          ),
        ),
        400,
      ],
      [signed(alarm('ALARM', 'http://169.254.169.254/SimpleNotificationService-a.pem')), 400],
      [signed(alarm('ALARM', url, { Timestamp: new Date(NOW - 2 * DAY_MS).toISOString() })), 400],
      [signed(alarm('ALARM', url, { Timestamp: 'never' })), 400],
      [signed(alarm('ALARM', url, { SignatureVersion: '3' })), 400],
      [signed(alarm('ALARM', url, { TopicArn: 'alarms' })), 400],
    ];
    for (const [message, status] of odd) expect((await post(intake, message)).status).toBe(status);
    expect(await storedRows(api)).toBe(before);
  });

  it('is heard from the topics that are named, and no others', async () => {
    const intake = await makeIntake(api, 'sns', { settings: { topics: [`${TOPIC}-other`] } });
    const { status, json } = await post(intake, signed(alarm('ALARM', newCertificateUrl())));
    expect([status, json.code]).toEqual([403, 'intake/topic']);
  });

  const confirmation = (url: string): Message => ({
    ...{ Type: 'SubscriptionConfirmation', Message: 'You have chosen to subscribe', Token: 'f'.repeat(64) },
    SubscribeURL: `${HOST}/?Action=ConfirmSubscription&TopicArn=${TOPIC}&Token=${'f'.repeat(64)}`,
    SigningCertURL: url,
  });
  const fetches = (intake: MadeIntake) =>
    api.send(`/v1/intakes/${intake.id}/fetches`).then(({ json }) => json.data);

  it('is confirmed by a worker, once, when the signature holds', async () => {
    const intake = await makeIntake(api, 'sns');
    const url = newCertificateUrl();
    const message = signed(confirmation(url));
    expect((await post(intake, message)).json).toMatchObject({ status: 'ignored', signals: [] });
    await post(intake, message);
    const asked = startWorker({ [url]: amazon.certificate, [String(message.SubscribeURL)]: '<xml/>' });
    await expect
      .poll(() => fetches(intake), { timeout: 20_000 })
      .toMatchObject([{ kind: 'confirmation', outcome: 'confirmed', attempts: 1 }]);
    expect(asked).toEqual([url, message.SubscribeURL]);
  });

  it('is not confirmed for anybody else', async () => {
    const intake = await makeIntake(api, 'sns');
    const url = newCertificateUrl();
    const message = signed(confirmation(url), forger.privateKey);
    await post(intake, message);
    const asked = startWorker({ [url]: amazon.certificate, [String(message.SubscribeURL)]: '<xml/>' });
    await expect
      .poll(() => fetches(intake), { timeout: 20_000 })
      .toMatchObject([{ outcome: 'bad_signature' }]);
    expect(asked).toEqual([url]);
    // Now that the certificate is known, the API itself says so.
    expect((await post(intake, message)).status).toBe(401);
    const elsewhere = signed({
      ...confirmation(url),
      SubscribeURL: 'https://example.com/?Action=ConfirmSubscription',
    });
    expect((await post(intake, elsewhere)).status).toBe(400);
  });

  it('is asked again when it cannot be reached, and what is no certificate is not kept', async () => {
    const intake = await makeIntake(api, 'sns');
    const [missing, wrong, old] = [newCertificateUrl(), newCertificateUrl(), newCertificateUrl()];
    const past = selfSigned({ from: NOW - 2 * DAY_MS, until: NOW - DAY_MS });
    startWorker({ [wrong]: 'no certificate', [old]: past.certificate });
    for (const url of [missing, wrong, old]) await post(intake, signed(alarm('ALARM', url)));
    await expect
      .poll(() => fetches(intake), { timeout: 20_000 })
      .toMatchObject([
        { outcome: 'status_4xx' },
        { outcome: 'bad_certificate' },
        { outcome: 'bad_certificate' },
      ]);
    const { rows } = await api.database.pool.query(
      'SELECT (SELECT count(*) FROM watchbill.sns_certificates WHERE url = ANY($1)) AS kept',
      [[missing, wrong, old]],
    );
    expect(Number(rows[0].kept)).toBe(0);
  });

  it('makes us call no more than so often, whatever a sender asks for', async () => {
    const intake = await makeIntake(api, 'sns');
    for (let at = 0; at < 60; at += 1) await post(intake, signed(alarm('ALARM', newCertificateUrl())));
    expect(await fetches(intake)).toHaveLength(50);
  });
});

describe('the way to SNS', () => {
  it.each([
    [`${HOST}/SimpleNotificationService-0123456789abcdef.pem`, true],
    ['https://sns.cn-north-1.amazonaws.com.cn/SimpleNotificationService-a.pem', true],
    [`${HOST}/other.pem`, false],
    [`${HOST}:8443/SimpleNotificationService-a.pem`, false],
    ['https://user@sns.eu-central-1.amazonaws.com/SimpleNotificationService-a.pem', false],
    ['https://sns.eu-central-1.amazonaws.com@example.com/SimpleNotificationService-a.pem', false],
    ['https://evil-sns.eu-central-1.amazonaws.com/SimpleNotificationService-a.pem', false],
    ['https://sns.a.b.amazonaws.com/SimpleNotificationService-a.pem', false],
    ['https://sns.eu-central-1.amazonaws.com/../SimpleNotificationService-a.pem?x=1', false],
    ['file:///SimpleNotificationService-a.pem', false],
  ])('%s leads there: %s', (address, leads) => expect(isCertificateAddress(address)).toBe(leads));

  it('confirms nothing but subscriptions', () => {
    expect(isSubscribeAddress(`${HOST}/?Action=ConfirmSubscription&Token=a`)).toBe(true);
    expect(isSubscribeAddress(`${HOST}/?Action=DeleteTopic&Token=a`)).toBe(false);
    expect(isSubscribeAddress(`${HOST}/path?Action=ConfirmSubscription`)).toBe(false);
  });

  it('leads to no address of a private network, whatever the name says', async () => {
    const fetcher = openSnsFetcher({
      timeoutMs: 5_000,
      allowedNetworks: [],
      resolve: async () => [{ address: '127.0.0.1', family: 4 }],
    });
    const { signal } = new AbortController();
    const answer = await fetcher.fetch(`${HOST}/SimpleNotificationService-a.pem`, signal);
    const other = await fetcher.fetch('https://example.com/SimpleNotificationService-a.pem', signal);
    expect([answer, other]).toMatchObject([{ outcome: 'blocked_address' }, { outcome: 'bad_address' }]);
    await fetcher.close();
  });
});
