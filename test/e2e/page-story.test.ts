import { createHmac } from 'node:crypto';
import { startApi } from '@watchbill/api';
import { createFirstToken, sendDue } from '@watchbill/commands';
import { type Database, openDatabase, statement } from '@watchbill/database';
import { openQueues, type Queues } from '@watchbill/queue';
import { createLogger, createMetrics, readSettings, type Settings } from '@watchbill/runtime';
import { startScheduler } from '@watchbill/scheduler';
import { startWorker } from '@watchbill/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';

const NUMBER = '+441632960961';
const AUTH_TOKEN = 'twilio-secret';
const FILE = `
version: 1
people:
  - { id: amara, name: Amara Okafor, email: amara@example.com, timeZone: Europe/London }
  - { id: benji, name: Benji Katz, email: benji@example.com, timeZone: Europe/London }
teams:
  - { id: payments, name: Payments, members: [amara, benji], managers: [benji] }
schedules:
  - id: payments
    team: payments
    timeZone: Europe/London
    roles: [primary, secondary]
    rotations:
      - { id: first, role: primary, roster: [amara], cadence: { every: 1, unit: week }, start: 2026-01-05T09:00 }
      - { id: second, role: secondary, roster: [benji], cadence: { every: 1, unit: week }, start: 2026-01-05T09:00 }
escalationPolicies:
  - id: payments
    steps:
      - { notify: [{ schedule: payments, role: primary }], wait: 4s }
      - { notify: [{ schedule: payments, role: secondary }], wait: 60s }
`;

let place: TestDatabase;
let database: Database;
let queues: Queues;
let mail: MailServer;
let twilio: WebhookReceiver;
let stream: WebhookReceiver;
let settings: Settings;
let url: string;
let token: string;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  place = await createTestDatabase();
  mail = await startMailServer();
  twilio = await startWebhookReceiver();
  stream = await startWebhookReceiver();
  twilio.answerWith(({ path }) => ({
    status: 201,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ sid: path.includes('Calls') ? 'CA1' : 'SM1' }),
  }));
  const port = await freePort();
  settings = readSettings({
    ...{ DATABASE_URL: place.connectionString, PORT: String(port), LOG_LEVEL: 'silent' },
    ...{ SMTP_URL: mail.url, WATCHBILL_MAIL_FROM: 'oncall@example.com' },
    ...{ TWILIO_ACCOUNT_SID: 'AC1', TWILIO_AUTH_TOKEN: AUTH_TOKEN, TWILIO_FROM: '+15005550006' },
    TWILIO_BASE_URL: `http://127.0.0.1:${twilio.port}`,
    WATCHBILL_WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8',
  });
  database = openDatabase({ connectionString: place.connectionString, max: 20 });
  queues = openQueues({
    ...{ redis: null, postgres: { connectionString: place.connectionString } },
    ...{ settings: settings.queue, onError: () => undefined },
  });
  const logger = createLogger(settings, 'test');
  const tools = { database, queues, logger, metrics: createMetrics({ processFigures: false }), settings };
  const scheduler = await startScheduler(tools);
  const worker = await startWorker(tools);
  const api = await startApi(tools);
  closing.push(api.close, worker.close, scheduler.close, queues.close, database.close);
  url = api.url;
  token = (await createFirstToken(database)) ?? '';
});
afterAll(async () => {
  for (const close of closing) await close();
  await Promise.all([mail?.close(), twilio?.close(), stream?.close()]);
  await place?.drop();
});

async function send(method: string, path: string, body?: unknown, type = 'application/json') {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': type }) },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const json = text.startsWith('{') ? JSON.parse(text) : {};
  return { status: response.status, text, json };
}

async function until<T>(look: () => Promise<T | undefined> | T | undefined, what: string): Promise<T> {
  const end = performance.now() + 30_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const form = (body: string): URLSearchParams => new URLSearchParams(body);
const smsTo = (number: string) =>
  twilio.requests.filter(({ path, body }) => path.includes('/Messages') && form(body).get('To') === number);

/** What Alertmanager posts: a group of alerts, firing or resolved. */
function alertGroup(status: 'firing' | 'resolved') {
  const alert = {
    ...{ status, labels: { alertname: 'CheckoutDown', severity: 'critical' }, fingerprint: 'f1' },
    ...{ annotations: { summary: 'Checkout answers 503' }, startsAt: '2026-11-30T09:00:00Z' },
    ...{ endsAt: status === 'firing' ? '0001-01-01T00:00:00Z' : '2026-11-30T09:05:00Z', generatorURL: '' },
  };
  return {
    ...{ version: '4', groupKey: '{}:{alertname="CheckoutDown"}', truncatedAlerts: 0, status },
    ...{
      receiver: 'watchbill',
      groupLabels: { alertname: 'CheckoutDown' },
      externalURL: 'http://alerts.example',
    },
    ...{ commonLabels: alert.labels, commonAnnotations: alert.annotations, alerts: [alert] },
  };
}

describe('the whole story of a page', () => {
  it('a telephone is verified by the code that comes to it', async () => {
    const applied = await send('POST', '/v1/configuration', FILE, 'application/yaml');
    expect(applied.status, applied.text).toBe(200);
    const hook = await send('POST', '/v1/endpoints', { url: stream.url, eventTypes: ['page.*'] });
    expect(hook.status, hook.text).toBe(201);
    stream.trust(hook.json.secret);
    const methods = '/v1/people/amara/contact-methods';
    const added = await send('POST', methods, { kind: 'sms', address: '+44 1632 960961' });
    expect([added.status, added.json.address, added.json.verifiedAt]).toEqual([201, NUMBER, null]);
    const rule = { contactMethod: added.json.id, afterSeconds: 2 };
    const early = await send('PUT', '/v1/people/amara/notification-rules', {
      ...{ high: [rule], low: [], quietHours: null },
    });
    expect([early.status, early.json.code]).toEqual([422, 'contact/rule']);
    const [sms] = await until(() => (smsTo(NUMBER).length > 0 ? smsTo(NUMBER) : undefined), 'the code');
    const code = /^\d{6}/.exec(form(sms?.body ?? '').get('Body') ?? '')?.[0] ?? '';
    const wrong = await send('POST', `${methods}/${added.json.id}/verify`, { code: 'nothing' });
    expect([wrong.status, wrong.json.code]).toEqual([422, 'contact/wrong-code']);
    const right = await send('POST', `${methods}/${added.json.id}/verify`, { code });
    expect([right.status, right.json.verifiedAt]).toEqual([200, expect.any(String)]);
    const mailMethod = await send('POST', methods, { kind: 'email', address: 'amara@example.com' });
    const letter = await until(
      () => mail.mails.find((one) => one.text.includes('your Watchbill code')),
      'mail',
    );
    const mailCode = /^\d{6}/.exec(letter.text)?.[0];
    const verified = await send('POST', `${methods}/${mailMethod.json.id}/verify`, { code: mailCode });
    expect(verified.status, verified.text).toBe(200);
    const rules = await send('PUT', '/v1/people/amara/notification-rules', {
      high: [{ contactMethod: mailMethod.json.id, afterSeconds: 0 }, rule],
      ...{ low: [], quietHours: { from: '22:00', to: '07:00' } },
    });
    expect([rules.status, rules.json.high[1]]).toEqual([200, rule]);
  });

  it('goes from an alert to the primary, by SMS, to the secondary, to an answer by link, and ends with the alert', async () => {
    const intake = await send('POST', '/v1/intakes', {
      name: 'alerts',
      kind: 'alertmanager',
      policy: 'payments',
    });
    expect(intake.status, intake.text).toBe(201);
    const door = `/v1/intakes/${intake.json.key}/alertmanager`;
    expect((await send('POST', door, alertGroup('firing'))).status).toBeLessThan(300);
    const first = await until(() => mail.mails.find((one) => one.subject.startsWith('[critical] #')), 'mail');
    expect([first.to, first.text]).toEqual([
      'amara@example.com',
      expect.stringContaining('Checkout answers 503'),
    ]);
    const sms = await until(() => smsTo(NUMBER)[1], 'the SMS to the primary');
    expect(form(sms.body).get('Body')).toMatch(/^#1 critical: .* Reply ACK 1 or RES 1, or http/);
    const second = await until(
      () => mail.mails.find((one) => one.to === 'benji@example.com'),
      'the secondary',
    );

    const link = /http\S+\/a\/wba_\S+/.exec(second.text)?.[0] ?? '';
    const looked = await (await fetch(link)).text();
    expect(looked).toContain('Nobody has answered yet.');
    expect((await send('GET', '/v1/pages/1')).json.state).toBe('triggered');
    const twice = await Promise.all(
      [0, 1].map(() => fetch(link, { method: 'POST', body: new URLSearchParams({ act: 'acknowledge' }) })),
    );
    for (const answer of twice) expect(await answer.text()).toContain('Acknowledged by benji');
    expect((await send('POST', door, alertGroup('resolved'))).status).toBeLessThan(300);
    const page = await until(async () => {
      const { json } = await send('GET', '/v1/pages/1');
      return json.state === 'resolved' ? json : undefined;
    }, 'the end');
    expect(page.number).toBe(1);
    await stream.waitUntil((all) => all.some(({ type }) => type === 'page.resolved'));
    expect(stream.requests.map(({ type, signature }) => [type, signature])).toEqual(
      ['page.triggered', 'page.escalated', 'page.escalated', 'page.acknowledged', 'page.resolved'].map(
        (type) => [...[type, 'valid']],
      ),
    );
    // Nobody was told twice by one way.
    expect(mail.mails.filter((one) => one.to === 'benji@example.com')).toHaveLength(1);
    expect(smsTo(NUMBER)).toHaveLength(2);
  });

  it('is answered by a text message with Twilio’s signature, and by no other', async () => {
    const made = await send('POST', '/v1/pages', {
      summary: 'Disk full',
      severity: 'critical',
      policy: 'payments',
    });
    expect(made.status, made.text).toBe(201);
    const number = made.json.number;
    const fields = { Body: `Ack #${number}`, From: NUMBER };
    const address = `${settings.publicUrl}/v1/twilio/sms`;
    const text = `${address}${Object.entries(fields)
      .map(([name, value]) => `${name}${value}`)
      .join('')}`;
    const signature = createHmac('sha1', AUTH_TOKEN).update(text).digest('base64');
    const post = (given: string) =>
      fetch(`${url}/v1/twilio/sms`, {
        ...{ method: 'POST', body: new URLSearchParams(fields) },
        headers: { 'x-twilio-signature': given },
      });
    expect((await post(createHmac('sha1', 'guess').update(text).digest('base64'))).status).toBe(403);
    expect((await send('GET', `/v1/pages/${number}`)).json.state).toBe('triggered');
    expect(await (await post(signature)).text()).toContain(`#${number} is yours`);
    expect((await send('GET', `/v1/pages/${number}`)).json).toMatchObject({
      ...{ state: 'acknowledged', acknowledged: { person: 'amara', via: 'sms' } },
    });
    expect(await (await post(signature)).text()).toContain(`#${number} was acknowledged already by amara`);
  });

  it('tries again when the mail server is away, and sends once when two workers want to', async () => {
    mail.answer = '451 come back later';
    const before = mail.mails.length;
    const made = await send('POST', '/v1/pages', {
      summary: 'Queue stuck',
      severity: 'critical',
      policy: 'payments',
    });
    const pending = statement(
      'test.pending',
      `SELECT id, attempts, outcome FROM notifications WHERE page_id = $1 AND way = 'email' AND outcome IS NOT NULL`,
    );
    const [row] = await until(async () => {
      const rows = await database.query<{ id: string; outcome: string }>(pending, [made.json.page]);
      return rows.length > 0 ? rows : undefined;
    }, 'a try');
    expect(row?.outcome).toBe('unreachable');
    mail.answer = null;
    const due = statement('test.due', 'UPDATE notifications SET due_at = clock_timestamp() WHERE id = $1');
    await database.query(due, [row?.id]);
    let sent = 0;
    const slow = async () => {
      sent += 1;
      await new Promise((resolve) => setTimeout(resolve, 200));
      return { ok: true, receipt: 'x' } as const;
    };
    const both = await Promise.all([0, 1, 2].map(() => sendDue(database, [row?.id ?? ''], slow)));
    // The worker may have been quicker than all of them.
    expect(sent + mail.mails.length - before).toBe(1);
    expect(both.flat().length).toBe(sent);
  });
});
