import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inProcess } from '../e2e/cli-in-process.ts';
import { startTestApi, type TestApi } from './api-fixture.ts';
import { CONFIGURATION, makeIntake } from './intake-fixture.ts';

const KEY = 'R0UT1NGKEY00000000000000000000AB';
const PROVIDER = { kind: 'pagerduty', name: 'PagerDuty', key: KEY };
const MIRROR = {
  ...{ schedule: 'payments', providerSchedule: 'PABC123', token: 'u+Token-1234567890' },
  fromEmail: 'Boss@example.com',
};

let api: TestApi;
let bare: TestApi;

beforeAll(async () => {
  api = await startTestApi({ secretKeys: [randomBytes(32)] });
  bare = await startTestApi();
  for (const each of [api, bare])
    await each.send('/v1/configuration', { method: 'POST', body: CONFIGURATION });
});
afterAll(async () => {
  await api?.close();
  await bare?.close();
});

const post = (path: string, body: object) => api.send(path, { method: 'POST', body });
const cli = (argv: readonly string[], more: { readonly key?: string; readonly file?: string } = {}) =>
  inProcess(['provider', ...argv], {
    now: Date.now(),
    ...(more.file !== undefined && { files: { 'key.txt': Buffer.from(more.file) } }),
    env: {
      ...{ WATCHBILL_URL: api.url, WATCHBILL_TOKEN: api.token },
      ...(more.key !== undefined && { WATCHBILL_PROVIDER_KEY: more.key }),
    },
  });

describe('/v1/providers', () => {
  it('makes, shows, changes and deletes one, and never tells its key', async () => {
    const made = await post('/v1/providers', { ...PROVIDER, region: 'eu', schedules: ['payments'] });
    expect(made.status, made.text).toBe(201);
    expect(made.json).toMatchObject({
      ...{ url: 'https://events.eu.pagerduty.com', schedules: ['payments'], policies: null },
      ...{ status: 'active', pending: 0, lastAttempt: null },
    });
    const path = `/v1/providers/${made.json.id}`;
    const change = { name: 'PD', schedules: null, status: 'disabled', key: `${KEY}X` };
    const changed = await api.send(path, { method: 'PATCH', body: change });
    expect(changed.json).toMatchObject({ name: 'PD', schedules: null, status: 'disabled' });
    expect((await api.send('/v1/providers')).json.data).toMatchObject([{ id: made.json.id, name: 'PD' }]);
    expect((await api.send(`${path}/deliveries`)).json.data).toEqual([]);
    // It is no webhook endpoint.
    expect((await api.send('/v1/endpoints')).json.data).toEqual([]);
    expect((await api.send(path, { method: 'DELETE' })).status).toBe(204);
    expect((await api.send(path)).status).toBe(404);
    expect((await api.send(path, { method: 'DELETE' })).status).toBe(404);
    const audit = await api.send('/v1/audit?limit=50');
    expect(audit.text).toContain('createProvider');
    expect(made.text + changed.text + audit.text + api.log()).not.toContain(KEY);
  });

  it('gives the stored answer to a repeated request, and opsgenie its own addresses', async () => {
    const body = { ...PROVIDER, kind: 'opsgenie' };
    const request = { method: 'POST', body, headers: { 'idempotency-key': 'one' } };
    const [first, second] = [
      await api.send('/v1/providers', request),
      await api.send('/v1/providers', request),
    ];
    expect(first.json).toMatchObject({ kind: 'opsgenie', url: 'https://api.opsgenie.com' });
    expect(second.json.id).toBe(first.json.id);
    await api.send(`/v1/providers/${first.json.id}`, { method: 'DELETE' });
  });

  it.each([
    [{ ...PROVIDER, kind: 'victorops' }, 400, /kind/],
    [{ ...PROVIDER, key: 'has blanks in it' }, 400, /without blanks/],
    [{ ...PROVIDER, url: 'http://127.0.0.1:9' }, 422, /https/],
    [{ ...PROVIDER, url: 'https://user:secret@example.com' }, 422, /user name and password/],
    [{ ...PROVIDER, schedules: ['payments', 'nothing'] }, 422, /no schedule "nothing"/],
    [{ ...PROVIDER, policies: ['nothing'] }, 422, /no escalation policy "nothing"/],
    [{ ...PROVIDER, schedules: [] }, 400, /schedules/],
  ])('refuses %j', async (body, status, message) => {
    const answer = await post('/v1/providers', body);
    expect(answer.status).toBe(status);
    expect(JSON.stringify([answer.json.detail, answer.json.errors]).replaceAll('\\', '')).toMatch(message);
  });

  it('refuses the key of an intake of its own, and everything while secrets cannot be encrypted', async () => {
    const intake = await makeIntake(api, 'pagerduty');
    const own = await post('/v1/providers', { ...PROVIDER, key: intake.key });
    expect(own.json).toMatchObject({ status: 422, code: 'provider/own-intake' });
    for (const [path, body] of [
      ['/v1/providers', PROVIDER],
      ['/v1/mirrors', MIRROR],
    ] as const) {
      const answer = await bare.send(path, { method: 'POST', body });
      expect(answer.status).toBe(412);
      expect(answer.json.detail).toMatch(/WATCHBILL_SECRET_KEY/);
    }
  });

  it('is for tokens that may', async () => {
    const made = await post('/v1/tokens', { name: 'reader', scopes: ['endpoints:read'] });
    const { token } = made.json;
    expect((await api.send('/v1/mirrors', { token })).status).toBe(200);
    for (const [path, body] of [
      ['/v1/providers', PROVIDER],
      ['/v1/mirrors', MIRROR],
    ] as const) {
      expect((await api.send(path, { method: 'POST', body, token })).status).toBe(403);
    }
  });
});

describe('/v1/mirrors', () => {
  it('makes, shows, changes and deletes one, and never tells its token', async () => {
    const made = await post('/v1/mirrors', MIRROR);
    expect(made.status, made.text).toBe(201);
    expect(made.json).toMatchObject({
      ...{ schedule: 'payments', role: 'primary', url: 'https://api.pagerduty.com', horizonDays: 14 },
      ...{ fromEmail: 'boss@example.com', status: 'active', found: null, problem: null },
    });
    const path = `/v1/mirrors/${made.json.id}`;
    expect((await post('/v1/mirrors', MIRROR)).json).toMatchObject({ status: 409, code: 'mirror/taken' });
    const changed = await api.send(path, { method: 'PATCH', body: { horizonDays: 30, status: 'disabled' } });
    expect(changed.json).toMatchObject({ horizonDays: 30, status: 'disabled', disabledReason: 'by_request' });
    expect((await api.send(path)).json).toEqual(changed.json);
    expect((await api.send(path, { method: 'DELETE' })).status).toBe(204);
    expect((await api.send('/v1/mirrors')).json.data).toEqual([]);
    const audit = await api.send('/v1/audit?limit=50');
    expect(made.text + audit.text + api.log()).not.toContain(MIRROR.token);
  });

  it.each([
    [{ ...MIRROR, schedule: 'nothing' }, 404, /no schedule "nothing"/],
    [{ ...MIRROR, role: 'tertiary' }, 422, /no role "tertiary"/],
    [{ ...MIRROR, providerSchedule: '../x' }, 400, /id of a schedule of PagerDuty/],
    [{ ...MIRROR, fromEmail: 'nobody' }, 400, /e-mail/],
    [{ ...MIRROR, horizonDays: 91 }, 400, /horizonDays/],
    [{ ...MIRROR, url: 'http://10.0.0.1' }, 422, /https/],
  ])('refuses %j', async (body, status, message) => {
    const answer = await post('/v1/mirrors', body);
    expect(answer.status).toBe(status);
    expect(JSON.stringify([answer.json.detail, answer.json.errors]).replaceAll('\\', '')).toMatch(message);
  });
});

describe('watchbill provider', () => {
  it('forwards, mirrors, shows how that does, and ends it', async () => {
    expect((await cli(['status'])).out).toContain('No providers yet');
    const forward = await cli(['forward', 'PagerDuty', '--kind', 'pagerduty', '--schedule', 'payments'], {
      key: KEY,
    });
    expect(forward).toMatchObject({ code: 0, err: '' });
    const [provider = ''] = /prv_[0-9a-z]{26}/.exec(forward.out) ?? [];
    const mirror = await cli(
      ['mirror', 'payments', '--to', 'PABC123', '--from', 'boss@example.com', '--key-file', 'key.txt'],
      { file: `${MIRROR.token}\n` },
    );
    expect(mirror).toMatchObject({ code: 0, err: '' });
    const [made = ''] = /mir_[0-9a-z]{26}/.exec(mirror.out) ?? [];

    const status = await cli(['status']);
    expect(status).toMatchObject({ code: 0, err: '' });
    expect(status.out).toMatch(new RegExp(`${provider} +pagerduty PagerDuty +active +nothing waits`));
    expect(status.out).toMatch(new RegExp(`${made} +payments primary → PABC123 +active +not looked at yet`));

    const refused = 'PagerDuty answered 401: no';
    await api.database.pool.query(
      `UPDATE mirrors SET status = 'disabled', disabled_reason = 'refused', problem = $1`,
      [refused],
    );
    const trouble = await cli(['status']);
    expect(trouble.code).toBe(1);
    expect(trouble.out).toContain(`refused; ${refused}`);

    expect(await cli(['enable', made], { key: MIRROR.token })).toMatchObject({ code: 0 });
    expect(await cli(['disable', provider])).toMatchObject({ code: 0 });
    const { providers, mirrors } = JSON.parse((await cli(['status', '--format', 'json'])).out);
    expect([providers[0].status, mirrors[0].status]).toEqual(['disabled', 'active']);
    for (const id of [provider, made]) expect(await cli(['delete', id])).toMatchObject({ code: 0, err: '' });
    expect((await cli(['status'])).out).toContain('No providers yet');
  });

  it.each([
    [['forward', 'x', '--kind', 'pagerduty'], /set WATCHBILL_PROVIDER_KEY/],
    [['forward', 'x'], /--kind/],
    [['mirror', 'payments', '--to', 'PABC123'], /--from/],
    [['delete', 'x'], /no provider or mirror/],
    [['delete', `prv_${'0'.repeat(26)}`], /refuses \(404\)/],
  ])('%j is refused with what to do', async (argv, message) => {
    const { code, out, err } = await cli(argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(message);
  });
});
