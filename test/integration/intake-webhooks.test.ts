import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiAnswer, TestApi } from './api-fixture.ts';
import { type MadeIntake, makeIntake, pagesOf, startIntakeApi, storedRows } from './intake-fixture.ts';

let api: TestApi;

beforeAll(async () => {
  api = await startIntakeApi();
});
afterAll(() => api?.close());

/** Posts to the address of an intake, and holds the answer to the description. */
function post(kind: string, { key }: MadeIntake, body: unknown, headers = {}): Promise<ApiAnswer> {
  return api.send(`/v1/intakes/${key}/${kind}`, { method: 'POST', token: null, body, headers });
}

const group = {
  version: '4',
  groupKey: '{}:{alertname="TargetDown"}',
  status: 'firing',
  receiver: 'watchbill',
  groupLabels: { alertname: 'TargetDown' },
  commonLabels: { alertname: 'TargetDown', severity: 'critical' },
  commonAnnotations: {},
  externalURL: 'http://alertmanager.example.com',
  alerts: ['a', 'b'].map((name) => ({
    status: 'firing',
    labels: { alertname: 'TargetDown', severity: 'critical', instance: name },
    annotations: { summary: `${name} is down` },
    startsAt: '2026-01-02T03:04:05Z',
    fingerprint: name,
  })),
};
const over = {
  ...group,
  status: 'resolved',
  alerts: group.alerts.map((alert) => ({ ...alert, status: 'resolved' })),
};

describe('Alertmanager', () => {
  it('opens one page for a group and resolves it', async () => {
    const intake = await makeIntake(api, 'alertmanager');
    const first = await post('alertmanager', intake, group);
    expect(first.status).toBe(200);
    expect(first.json).toMatchObject({
      status: 'accepted',
      signals: [
        { action: 'trigger', dedupKey: group.groupKey, outcome: 'triggered', page: expect.any(String) },
      ],
    });
    expect((await post('alertmanager', intake, group)).json.signals).toMatchObject([{ outcome: 'repeated' }]);
    expect((await post('alertmanager', intake, over)).json.signals).toMatchObject([{ outcome: 'resolved' }]);
    expect((await post('alertmanager', intake, over)).json.signals).toMatchObject([
      { outcome: 'none', page: null },
    ]);
    expect(await pagesOf(api, intake.id)).toMatchObject([
      { summary: 'TargetDown (2 alerts)', severity: 'critical', repeats: 1, place: { state: 'resolved' } },
    ]);
  });

  it('opens a page for each alert where it is to, and all of them are stored before the answer', async () => {
    const intake = await makeIntake(api, 'alertmanager', { settings: { by: 'alert' } });
    await post('alertmanager', intake, group);
    expect((await pagesOf(api, intake.id)).map(({ summary }) => summary)).toEqual(['a is down', 'b is down']);
    const { json } = await post('alertmanager', intake, over);
    expect(json.signals).toMatchObject([
      { outcome: 'resolved' },
      { outcome: 'resolved' },
      { outcome: 'none' },
    ]);
  });

  it('takes the key as a bearer token, too', async () => {
    const intake = await makeIntake(api, 'alertmanager');
    const answer = await api.send('/v1/intakes/alertmanager', {
      method: 'POST',
      body: group,
      token: intake.key,
    });
    expect(answer.json.signals).toMatchObject([{ outcome: 'triggered' }]);
  });
});

describe('the other formats', () => {
  it('of Grafana trigger and resolve', async () => {
    const intake = await makeIntake(api, 'grafana');
    const rule = { ruleId: 7, ruleName: 'CPU', state: 'alerting', title: '[Alerting] CPU', tags: {} };
    expect((await post('grafana', intake, { ...group, title: 't', orgId: 1 })).json.signals).toMatchObject([
      { outcome: 'triggered' },
    ]);
    expect((await post('grafana', intake, over)).json.signals).toMatchObject([{ outcome: 'resolved' }]);
    expect((await post('grafana', intake, rule)).json.signals).toMatchObject([{ outcome: 'triggered' }]);
    expect((await post('grafana', intake, { ...rule, state: 'ok' })).json.signals).toMatchObject([
      { outcome: 'resolved' },
    ]);
    expect((await post('grafana', intake, { ...rule, state: 'paused' })).json).toMatchObject({
      status: 'ignored',
    });
  });

  it('of Datadog trigger and resolve', async () => {
    const intake = await makeIntake(api, 'datadog');
    const monitor = {
      cycle: '77',
      transition: 'Triggered',
      title: '[Triggered] CPU is high',
      priority: 'P1',
    };
    await post('datadog', intake, monitor);
    await post('datadog', intake, { ...monitor, transition: 'Recovered' });
    expect(await pagesOf(api, intake.id)).toMatchObject([
      { dedupKey: '77', summary: 'CPU is high', severity: 'critical', place: { state: 'resolved' } },
    ]);
  });

  it('of anybody trigger, acknowledge and resolve, in our words or by a mapping', async () => {
    const plain = await makeIntake(api, 'generic');
    for (const action of ['trigger', 'acknowledge', 'resolve']) {
      await post('generic', plain, { action, dedupKey: 'backup', summary: 'Backup failed' });
    }
    expect(await pagesOf(api, plain.id)).toMatchObject([
      { dedupKey: 'backup', place: { state: 'resolved' } },
    ]);

    const mapping = {
      ...{ each: '$.checks[*]', summary: '{$.name} on {$.host}', dedupKey: '$.id', action: '$.state' },
      ...{ severity: '$.level', severities: { critical: ['DISASTER!'] } },
    };
    const mapped = await makeIntake(api, 'generic', { settings: { mapping } });
    const check = { id: 5, name: 'Disk', host: 'db-3', state: 'PROBLEM', level: 'disaster!' };
    await post('generic', mapped, { checks: [check] });
    await post('generic', mapped, { checks: [{ ...check, state: 'OK' }] });
    expect(await pagesOf(api, mapped.id)).toMatchObject([
      { dedupKey: '5', summary: 'Disk on db-3', severity: 'critical', place: { state: 'resolved' } },
    ]);
  });

  it('of Sentry must be signed once the secret is known, and count once', async () => {
    const intake = await makeIntake(api, 'sentry');
    const issue = { id: '9', title: 'TypeError', level: 'error', web_url: 'https://sentry.example.com/9' };
    const sent = (action: string) => JSON.stringify({ action, data: { issue } });
    const headers = { 'sentry-hook-resource': 'issue', 'content-type': 'application/json' };
    const sign = (body: string) => createHmac('sha256', 'client-secret').update(body).digest('hex');
    expect((await post('sentry', intake, sent('created'), headers)).json.signals).toMatchObject([
      { outcome: 'triggered', dedupKey: 'issue 9' },
    ]);
    await api.send(`/v1/intakes/${intake.id}`, { method: 'PATCH', body: { signingSecret: 'client-secret' } });

    const before = await storedRows(api);
    for (const signature of [undefined, '', 'f'.repeat(64), sign('{}')]) {
      const signed = signature === undefined ? headers : { ...headers, 'sentry-hook-signature': signature };
      const answer = await post('sentry', intake, sent('resolved'), signed);
      expect([answer.status, answer.json.code]).toEqual([401, 'intake/signature']);
    }
    expect(await storedRows(api)).toBe(before);
    const signed = (body: string) =>
      post('sentry', intake, body, { ...headers, 'sentry-hook-signature': sign(body) });
    expect((await signed(sent('resolved'))).json.signals).toMatchObject([{ outcome: 'resolved' }]);
    expect((await signed(sent('created'))).json.signals).toMatchObject([{ outcome: 'triggered' }]);
    // Written down by somebody and sent again after it is over: nobody is woken.
    await signed(JSON.stringify({ action: 'resolved', data: { issue }, again: 1 }));
    expect((await signed(sent('created'))).status).toBe(200);
    expect((await pagesOf(api, intake.id)).map(({ place }) => place.state)).toEqual(['resolved', 'resolved']);
  });
});

describe('what is refused', () => {
  it.each([
    ['nothing', '', 400, 'body/invalid-json'],
    ['half of it', '{', 400, 'body/invalid-json'],
    ['what is nested too deep', '['.repeat(100_000), 400, 'body/invalid-json'],
    ['another type', '[]', 400, 'intake/unreadable'],
    ['a text', '"x"', 400, 'intake/unreadable'],
    ['no key to resolve', '{"action":"resolve"}', 400, 'intake/unreadable'],
    ['more than 512 KB', JSON.stringify({ summary: 'x'.repeat(600_000) }), 413, 'body/too-large'],
  ])('%s', async (_name, body, status, code) => {
    const intake = await makeIntake(api, 'generic');
    const before = await storedRows(api);
    const answer = await post('generic', intake, body, { 'content-type': 'application/json' });
    expect([answer.status, answer.json.code]).toEqual([status, code]);
    expect(await storedRows(api)).toBe(before);
  });

  it('nothing that a page can be made of', async () => {
    const intake = await makeIntake(api, 'generic');
    const odd =
      '{"summary":1e999,"details":{"a\\u0000":"\\ud800","__proto__":{"x":1}},"severity":[],"links":[{}]}';
    expect((await post('generic', intake, odd)).status).toBe(200);
    expect((await post('generic', intake, '\uFEFF{"summary":"with a mark in front"}')).status).toBe(200);
  });

  it('a key that is none, or of another kind, and too many of them', async () => {
    const intake = await makeIntake(api, 'generic');
    const other = await post('grafana', intake, group);
    expect([other.status, other.json.code]).toEqual([404, 'intake/other-kind']);
    const wrong = { id: '', key: `wbi${'0'.repeat(29)}` };
    const statuses = new Set<number>();
    for (let sent = 0; sent < 70; sent += 1) statuses.add((await post('generic', wrong, group)).status);
    expect([...statuses]).toEqual([401, 429]);
    // Whoever has a key is not held responsible for others at the same address.
    expect((await post('generic', intake, { summary: 'x' })).status).toBe(200);
  });

  it('a page that cannot be stored: the sender is to send it again', async () => {
    const intake = await makeIntake(api, 'generic');
    await api.database.pool.query('UPDATE watchbill.intakes SET schedule_id = $2 WHERE id = $1', [
      intake.id,
      'gone',
    ]);
    const answer = await post('generic', intake, { summary: 'x' });
    expect([answer.status, answer.json.code]).toEqual([503, 'intake/unserved']);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(api.log()).toContain('the pages of an intake are refused');
  });
});
