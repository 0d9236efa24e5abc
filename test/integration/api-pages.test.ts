import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiAnswer, startTestApi, type TestApi } from './api-fixture.ts';

const CONFIGURATION = {
  version: 1,
  people: ['amara', 'benji', 'cleo'].map((id) => ({
    id,
    name: id,
    email: `${id}@example.com`,
    timeZone: 'UTC',
  })),
  teams: [{ id: 'payments', name: 'Payments', members: ['amara', 'benji'], managers: ['cleo'] }],
  schedules: [
    {
      id: 'payments',
      team: 'payments',
      timeZone: 'UTC',
      coreHours: { days: ['mon'], from: '09:00', to: '17:00' },
      rotations: [
        { id: 'week', roster: ['amara'], cadence: { every: 1, unit: 'week' }, start: '2026-01-05T09:00' },
      ],
    },
  ],
  escalationPolicies: [
    {
      id: 'careful',
      steps: [
        { notify: [{ schedule: 'payments' }], wait: '5m', severities: ['critical'], roundRobin: true },
        { notify: [{ person: 'benji' }, { webhook: 'https://example.com/pager?key=secret' }], wait: '1h30m' },
      ],
      repeat: 1,
      lastResort: [{ person: 'cleo' }],
      retriggerAfter: '2h',
    },
  ],
};

let api: TestApi;
const post = (path: string, body?: object, headers = {}): Promise<ApiAnswer> =>
  api.send(path, { method: 'POST', headers, ...(body !== undefined && { body }) });
const page = async (more: object = {}): Promise<string> => {
  const answer = await post('/v1/pages', { summary: 'Checkout answers 503', schedule: 'payments', ...more });
  expect(answer.status, answer.text).toBe(201);
  return answer.json.page;
};

beforeAll(async () => {
  api = await startTestApi({ horizonWeeks: 8 });
  const applied = await post('/v1/configuration', CONFIGURATION);
  expect(applied.status, applied.text).toBe(200);
});
afterAll(() => api.close());

describe('escalation policies', () => {
  it('are printed back as they were applied, and applying them again changes nothing', async () => {
    const printed = await api.send('/v1/configuration');
    expect(printed.text).toContain('roundRobin: true');
    expect(printed.text).toContain('retriggerAfter: 2h');
    const again = await api.send('/v1/configuration', {
      ...{ method: 'POST', body: printed.text, headers: { 'content-type': 'application/yaml' } },
    });
    expect(again.json).toMatchObject({ unchanged: true });
    const changed = structuredClone(CONFIGURATION);
    changed.escalationPolicies[0] = { ...changed.escalationPolicies[0], repeat: 2 } as never;
    expect((await post('/v1/configuration?dryRun=true', changed)).json.unchanged).toBe(false);
    expect((await api.send('/v1/configuration')).text).toContain('repeat: 1');
  });
});

describe('pages', () => {
  it('are triggered, read, listed and ended', async () => {
    const made = await post('/v1/pages', {
      ...{ summary: 'Checkout answers 503', policy: 'careful', dedupKey: 'checkout', source: 'web-1' },
      ...{ details: { load: [1, 2] }, links: [{ href: 'https://example.com/graph', text: 'Graph' }] },
    });
    expect(made.status, made.text).toBe(201);
    expect(made.headers.get('location')).toBe(`/v1/pages/${made.json.page}`);
    const repeat = await post('/v1/pages', { summary: 'Again', policy: 'careful', dedupKey: 'checkout' });
    expect([repeat.status, repeat.json.outcome, repeat.json.page]).toEqual([200, 'repeated', made.json.page]);
    const read = await api.send(`/v1/pages/${made.json.number}`);
    expect(read.json).toMatchObject({
      ...{
        id: made.json.page,
        state: 'triggered',
        severity: 'critical',
        repeats: 1,
        details: { load: [1, 2] },
      },
      steps: [{ number: 1, told: [{ person: 'amara' }] }],
      notifications: [{ person: 'amara', way: 'email', status: 'pending' }],
    });
    expect(read.json.log.map((line: { kind: string }) => line.kind)).toEqual(['triggered', 'escalated']);
    expect(read.text).not.toContain('secret');
    const resolved = await post(`/v1/pages/${made.json.number}/resolve`, { person: 'amara', via: 'cli' });
    expect(resolved.json).toMatchObject({ acted: true, page: { resolved: { person: 'amara', via: 'cli' } } });
    const list = await api.send('/v1/pages?state=resolved&person=amara');
    expect(list.json.data.map((row: { id: string }) => row.id)).toEqual([made.json.page]);
    expect((await api.send('/v1/pages?state=triggered&state=acknowledged')).json.data).toEqual([]);
  });

  it('take every act, and say whether it did anything', async () => {
    const id = await page();
    const act = (verb: string, body?: object) => post(`/v1/pages/${id}/${verb}`, body);
    expect((await act('acknowledge')).json).toMatchObject({ acted: true, page: { state: 'acknowledged' } });
    const second = await act('acknowledge', { person: 'benji' });
    expect(second.json).toMatchObject({ acted: false, page: { acknowledged: { person: null, via: 'api' } } });
    expect((await act('escalate', { fired: 0 })).json.acted).toBe(false);
    expect((await act('escalate')).json).toMatchObject({
      acted: true,
      page: { state: 'triggered', fired: 2 },
    });
    const snoozed = await act('snooze', { minutes: 30 });
    expect(Date.parse(snoozed.json.page.snoozedUntil) - Date.now()).toBeGreaterThan(29 * 60_000);
    expect((await act('snooze', {})).status).toBe(422);
    expect((await act('reassign', { to: { person: 'benji' } })).json.page.assignedTo).toBe('benji');
    expect((await act('reassign', { to: { policy: 'careful' } })).json.page.policy).toBe('careful');
    expect((await act('notes', { text: 'The certificate has expired.' })).json.acted).toBe(true);
    expect((await act('resolve')).json.acted).toBe(true);
    const late = await act('escalate');
    expect([late.status, late.json.code]).toEqual([409, 'page/resolved']);
    const log = (await api.send(`/v1/pages/${id}`)).json.log.map((line: { kind: string }) => line.kind);
    expect(log.slice(-3)).toEqual(['escalated', 'noted', 'resolved']);
  });

  it('are listed page by page, the newest first', async () => {
    const ids = [await page(), await page(), await page()].reverse();
    const first = await api.send('/v1/pages?limit=2&schedule=payments');
    const rest = await api.send(`/v1/pages?limit=2&schedule=payments&cursor=${first.json.nextCursor}`);
    const got = [...first.json.data, ...rest.json.data].map((row: { id: string }) => row.id);
    expect(got.slice(0, 3)).toEqual(ids);
  });

  it('are triggered once for one idempotency key', async () => {
    const body = { summary: 'Once', schedule: 'payments' };
    const key = { 'idempotency-key': 'once' };
    const [one, two] = [await post('/v1/pages', body, key), await post('/v1/pages', body, key)];
    expect(two.json).toEqual(one.json);
    expect(two.headers.get('idempotency-replayed')).toBe('true');
  });

  it('are refused where they cannot be, and to tokens that may not', async () => {
    const refused: [object, number][] = [
      [{ summary: 'x' }, 422],
      [{ summary: 'x', schedule: 'payments', policy: 'careful' }, 422],
      [{ summary: 'x', schedule: 'unheard' }, 404],
      [{ summary: '', schedule: 'payments' }, 400],
      [{ summary: 'x', schedule: 'payments', severity: 'urgent' }, 400],
      [{ summary: 'x', schedule: 'payments', extra: 1 }, 400],
    ];
    for (const [body, status] of refused) expect((await post('/v1/pages', body)).status).toBe(status);
    expect((await api.send('/v1/pages/pag_00000000000000000000000000')).status).toBe(404);
    expect((await api.send('/v1/pages/999999')).status).toBe(404);
    expect((await api.send('/v1/pages/what')).status).toBe(400);
    const { token } = (await post('/v1/tokens', { name: 'reader', scopes: ['pages:read'] })).json;
    expect((await api.send('/v1/pages', { token })).status).toBe(200);
    const denied = await api.send('/v1/pages', {
      token,
      method: 'POST',
      body: { summary: 'x', schedule: 'payments' },
    });
    expect(denied.status).toBe(403);
  });
});
