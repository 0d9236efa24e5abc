import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from './api-fixture.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api?.close());

const SCOPES_OF_ROUTES: readonly (readonly [string, string])[] = [
  ['/v1/schedules', 'schedules:read'],
  ['/v1/on-call', 'schedules:read'],
  ['/v1/people', 'people:read'],
  ['/v1/endpoints', 'endpoints:read'],
  ['/v1/events', 'events:read'],
  ['/v1/tokens', 'tokens:read'],
  ['/v1/feeds', 'feeds:read'],
  ['/v1/configuration', 'schedules:read'],
  ['/metrics', 'metrics:read'],
];

async function tokenWith(
  scopes: readonly string[],
  more: object = {},
): Promise<{ id: string; token: string }> {
  const { status, json } = await api.send('/v1/tokens', {
    method: 'POST',
    body: { name: 'test', scopes, ...more },
  });
  expect(status).toBe(201);
  return json;
}

describe('tokens', () => {
  it('are asked for, and the answer says how', async () => {
    const answer = await api.send('/v1/schedules', { token: null });
    expect([answer.status, answer.json.code]).toEqual([401, 'token/missing']);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="watchbill"');
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  it.each(['wb_', 'nonsense', `wb_${'a'.repeat(43)}`, "wb_' OR 1=1 --", `wb_${'a'.repeat(500)}`])(
    'that are none are refused: %s',
    async (token) => {
      const answer = await api.send('/v1/schedules', { token });
      expect([answer.status, answer.json.code]).toEqual([401, 'token/invalid']);
      expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"');
    },
  );

  it.each(['Basic abc', 'Bearer', 'bearer', 'Token x'])(
    'in another form are refused: %s',
    async (authorization) => {
      const answer = await api.send('/v1/schedules', { token: null, headers: { authorization } });
      expect(answer.status).toBe(401);
    },
  );

  it('take any spelling of Bearer', async () => {
    const headers = { authorization: `bEARER ${api.token}` };
    expect((await api.send('/v1/schedules', { token: null, headers })).status).toBe(200);
  });

  it.each(SCOPES_OF_ROUTES)('open %s with the scope %s and nothing else', async (path, scope) => {
    const { token: right } = await tokenWith([scope]);
    const { token: wrong } = await tokenWith(['overrides:write']);
    expect((await api.send(path, { token: right })).status).toBe(200);
    const refused = await api.send(path, { token: wrong });
    expect([refused.status, refused.json.code]).toEqual([403, 'token/scope']);
    expect(refused.headers.get('www-authenticate')).toContain(`scope="${scope}"`);
  });

  it('cannot give away what they do not have', async () => {
    const { token } = await tokenWith(['tokens:write', 'people:read']);
    const make = (scopes: readonly string[]) =>
      api.send('/v1/tokens', { method: 'POST', token, body: { name: 'x', scopes } });
    expect((await make(['people:read'])).status).toBe(201);
    for (const scopes of [['admin'], ['schedules:read'], ['people:read', 'metrics:read']]) {
      const refused = await make(scopes);
      expect([refused.status, refused.json.code]).toEqual([403, 'token/beyond-own-scopes']);
    }
  });

  it('end at once when they are revoked, also those just used, and are listed without themselves', async () => {
    const { id, token } = await tokenWith(['people:read']);
    for (let i = 0; i < 3; i += 1) expect((await api.send('/v1/people', { token })).status).toBe(200);
    expect((await api.send(`/v1/tokens/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await api.send('/v1/people', { token })).status).toBe(401);
    expect((await api.send(`/v1/tokens/${id}`, { method: 'DELETE' })).status).toBe(204);
    const list = await api.send('/v1/tokens?limit=200');
    expect(list.json.data.find((row: { id: string }) => row.id === id).revokedAt).not.toBeNull();
    expect(list.text).not.toContain(token);
    expect(list.text).not.toContain('hash');
  });

  it('end at their time', async () => {
    const past = await api.send('/v1/tokens', {
      method: 'POST',
      body: { name: 'x', scopes: ['people:read'], expiresAt: '2001-01-01T00:00:00Z' },
    });
    expect([past.status, past.json.code]).toEqual([422, 'token/expired']);
    const expiresAt = new Date(Date.now() + 1_500).toISOString();
    const { token } = await tokenWith(['people:read'], { expiresAt });
    expect((await api.send('/v1/people', { token })).status).toBe(200);
    await expect
      .poll(async () => (await api.send('/v1/people', { token })).status, { timeout: 10_000 })
      .toBe(401);
  });

  it('are shown once, also to a repeated request', async () => {
    const request = {
      method: 'POST',
      body: { name: 'once', scopes: ['people:read'] },
      headers: { 'idempotency-key': 'make-one-token' },
    };
    const first = await api.send('/v1/tokens', request);
    const again = await api.send('/v1/tokens', request);
    expect(first.json.token).toMatch(/^wb_[A-Za-z0-9_-]{43}$/);
    expect(again.json).toEqual({ ...first.json, token: null });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const other = await api.send('/v1/tokens', {
      ...request,
      body: { name: 'two', scopes: ['people:read'] },
    });
    expect([other.status, other.json.code]).toEqual([409, 'idempotency/key-reused']);
    const stored = await api.database.pool.query(
      'SELECT result::text AS text FROM watchbill.idempotency_keys',
    );
    expect(stored.rows.some((row: { text: string }) => row.text.includes('wb_'))).toBe(false);
  });

  it('never reach the log', async () => {
    const { token } = await tokenWith(['people:read']);
    await api.send('/v1/people?nonsense=1', { token });
    await api.send('/v1/people', { token: `wb_${'z'.repeat(43)}` });
    expect(api.log()).toContain('"route":"/v1/people"');
    expect(api.log()).not.toContain('wb_');
    expect(api.log()).not.toContain('nonsense');
  });
});

describe('the first token', () => {
  it('is made once, also by processes that start together', async () => {
    const { ensureFirstToken } = await import('@watchbill/api');
    expect(await ensureFirstToken(api.database)).toBeNull();
    await api.database.pool.query(
      "UPDATE watchbill.api_tokens SET revoked_at = now() WHERE name = 'first token'",
    );
    const made = await Promise.all(Array.from({ length: 5 }, () => ensureFirstToken(api.database)));
    expect(made.filter((token) => token !== null)).toHaveLength(1);
  });
});
