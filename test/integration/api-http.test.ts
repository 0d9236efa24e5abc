import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendTo, startTestApi, type TestApi } from './api-fixture.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api?.close());

/** Writes raw bytes and gives what comes back until the other side closes. */
function raw(text: string): Promise<string> {
  const { port } = new URL(api.url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(text));
    socket.setTimeout(5_000, () => socket.destroy());
    socket.on('data', (data) => (answer += data.toString()));
    socket.on('close', () => resolve(answer));
    socket.on('error', (error) => (answer === '' ? reject(error) : undefined));
  });
}

describe('the server', () => {
  /** Whoever comes in here has a key of its own, or is about to sign in, and has no token. */
  const BY_KEY =
    /^\/v1\/(?:intakes\/(?:\{key\}\/)?(?:alertmanager|grafana|generic|datadog|sentry|sns)|heartbeats\/\{heartbeat\}|session|sign-in-ways|setup\/.*)$/;

  it('describes itself to everybody in OpenAPI 3.1', async () => {
    const { status, json } = await api.send('/openapi.json', { token: null });
    expect(status).toBe(200);
    expect(json.openapi).toMatch(/^3\.1\./);
    expect(json.paths['/v1/schedules/{schedule}'].get.responses['404'].content).toHaveProperty(
      'application/problem+json',
    );
    for (const { path, method, open } of api.description.operations) {
      const operation = json.paths[path][method.toLowerCase()];
      expect(operation.operationId, path).toBeTruthy();
      expect(operation.summary, path).toBeTruthy();
      if (path.startsWith('/v1') && open) expect(path).toMatch(BY_KEY);
    }
    expect(JSON.stringify(json)).not.toMatch(/PLACEHOLDER|"\$ref":"#\/\$defs/);
  });

  it('says that it is alive and ready', async () => {
    expect((await api.send('/healthz', { token: null })).json).toEqual({ status: 'ok' });
    expect((await api.send('/readyz', { token: null })).json).toEqual({ status: 'ready', problems: [] });
  });

  it('shows its figures by route, without ids', async () => {
    await api.send('/v1/people/somebody');
    const { status, text } = await api.send('/metrics');
    expect(status).toBe(200);
    expect(text).toContain(
      'watchbill_api_request_seconds_count{method="GET",route="/v1/people/:person",status="404"}',
    );
  });

  it('answers 404 to unknown addresses and 405 with Allow to wrong methods', async () => {
    const unknown = await api.send('/v1/nothing');
    expect([unknown.status, unknown.json.code]).toEqual([404, 'route/not-found']);
    for (const [method, path, allow] of [
      ['DELETE', '/v1/schedules', 'GET, HEAD'],
      ['POST', '/v1/schedules/a', 'DELETE, GET, HEAD, PUT'],
      ['PUT', '/v1/on-call', 'GET, HEAD'],
      ['OPTIONS', '/v1/tokens', 'GET, HEAD, POST'],
      ['GET', '/v1/deliveries/x/replay', 'POST'],
    ] as const) {
      const answer = await api.send(path, { method });
      expect([answer.status, answer.headers.get('allow')], path).toEqual([405, allow]);
    }
  });

  it('refuses bodies that are too large and lives on', async () => {
    const body = JSON.stringify({ name: 'x'.repeat(10_000_000), scopes: [] });
    const headers = { 'content-type': 'application/json' };
    for (const path of ['/v1/tokens', '/v1/configuration']) {
      // The server may hang up while we are still sending: that is a refusal too.
      const answer = await sendTo(api.url, path, { method: 'POST', token: api.token, body, headers }).catch(
        () => null,
      );
      if (answer !== null) expect([answer.status, answer.json.code]).toEqual([413, 'body/too-large']);
    }
    const chunked = `POST /v1/tokens HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${api.token}\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n${`10000\r\n${'x'.repeat(65_536)}\r\n`.repeat(20)}`;
    expect(await raw(chunked)).toMatch(/^HTTP\/1\.1 413 /);
    expect((await api.send('/healthz')).status).toBe(200);
  });

  it('refuses bodies of the wrong kind', async () => {
    const post = (body: string, type: string) =>
      api.send('/v1/tokens', { method: 'POST', body, headers: { 'content-type': type } });
    expect((await post('a', 'text/plain')).json.code).toBe('body/content-type');
    expect((await post('a', 'application/xml')).status).toBe(415);
    expect((await post('{', 'application/json')).json.code).toBe('body/invalid-json');
    expect((await post('', 'application/json')).status).toBe(400);
    expect((await post('{"__proto__": {"admin": true}, "name": "x"}', 'application/json')).status).toBe(400);
    expect((await post('{"constructor": {"prototype": {"a": 1}}}', 'application/json')).status).toBe(400);
    expect((await post(`${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'application/json')).status).toBe(400);
    expect((await post('null', 'application/json')).status).toBe(400);
  });

  it('says everything that is wrong with a request at once, and where', async () => {
    const body = { name: '', scopes: ['nothing'], color: 'red' };
    const { status, json } = await api.send('/v1/tokens', { method: 'POST', body });
    expect([status, json.code]).toEqual([400, 'body/invalid']);
    expect(json.errors.map((error: { pointer: string }) => error.pointer).sort()).toEqual([
      '#/color',
      '#/name',
      '#/scopes/0',
    ]);
    const query = await api.send('/v1/people?limit=0&limt=5');
    expect(query.json.errors.map((error: { parameter: string }) => error.parameter).sort()).toEqual([
      'limit',
      'limt',
    ]);
    const path = await api.send('/v1/people/a%00b');
    expect([path.status, path.json.code, path.json.errors[0].parameter]).toEqual([
      400,
      'path/invalid',
      'person',
    ]);
  });

  it.each([
    '/v1/people?limit=1&limit=2',
    '/v1/people?limit=1e9',
    '/v1/people?limit=abc',
    '/v1/people?cursor=x',
    '/v1/people/%',
    `/v1/people/${'a'.repeat(3_000)}`,
  ])('refuses %s', async (path) => {
    const { status } = await api.send(path);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  });

  it('sends security headers and a request id with every answer, refusals included', async () => {
    const ids = new Set<string | null>();
    for (const path of ['/healthz', '/v1/people', '/v1/nothing', '/v1/people/%', '/v1/people?x=1']) {
      const { headers } = await api.send(path);
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
      expect(headers.get('content-security-policy'), path).toContain("default-src 'none'");
      ids.add(headers.get('x-request-id'));
    }
    expect(ids.size).toBe(5);
    expect(ids.has(null)).toBe(false);
  });

  it('answers what is not HTTP, and goes on', async () => {
    expect(await raw('nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 [\s\S]*application\/problem\+json/);
    expect(await raw(`GET /healthz HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 /,
    );
    expect(await raw('GET /healthz HTTP/1.1\r\nhost: x\r\nhost: y\r\nconnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 \d/,
    );
    expect((await api.send('/healthz')).status).toBe(200);
  });
});

describe('limits of rates', () => {
  it('count by token, tell where one stands, and refuse with a problem', async () => {
    const limited = await startTestApi({ rateLimitPerMinute: 5 });
    try {
      const made = { name: 'other', scopes: ['people:read'] };
      const { json: other } = await limited.send('/v1/tokens', { method: 'POST', body: made });
      const statuses: number[] = [];
      for (let i = 0; i < 6; i += 1) statuses.push((await limited.send('/v1/people')).status);
      expect(statuses).toEqual([200, 200, 200, 200, 429, 429]);
      const refused = await limited.send('/v1/people');
      expect(refused.json.code).toBe('rate/too-many');
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(refused.headers.get('ratelimit-remaining')).toBe('0');
      const answer = await limited.send('/v1/people', { token: other.token });
      expect([answer.status, answer.headers.get('ratelimit-limit')]).toEqual([200, '5']);
      expect((await limited.send('/healthz')).status).toBe(200);
    } finally {
      await limited.close();
    }
  });

  it('stop an address that tries many tokens', async () => {
    const searched = await startTestApi();
    try {
      const statuses = new Set<number>();
      for (let i = 0; i < 100; i += 1) {
        const token = `wb_${String(i).padStart(43, 'a')}`;
        statuses.add((await searched.send('/v1/people', { token })).status);
      }
      expect([...statuses].sort()).toEqual([401, 429]);
      expect((await searched.send('/v1/people')).status).toBe(200);
    } finally {
      await searched.close();
    }
  });
});

describe('closing', () => {
  it('is harmless twice, and ends the server', async () => {
    const closing = await startTestApi();
    await closing.send('/v1/people');
    await closing.close();
    await expect(fetch(`${closing.url}/healthz`)).rejects.toThrow();
  });

  it('waits for no client that holds a connection without a request', async () => {
    const closing = await startTestApi();
    const { hostname, port } = new URL(closing.url);
    const opened = [connect(Number(port), hostname), connect(Number(port), hostname)];
    try {
      await Promise.all(opened.map((socket) => once(socket, 'connect')));
      const [unused, kept] = opened;
      kept?.write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n');
      if (kept !== undefined) await once(kept, 'data');
      const ended = Promise.all(opened.map((socket) => socket.resume() && once(socket, 'close')));
      const began = performance.now();
      await closing.close();
      await ended;
      expect(performance.now() - began).toBeLessThan(4_000);
      expect(unused?.destroyed).toBe(true);
    } finally {
      for (const socket of opened) socket.destroy();
    }
  });
});
