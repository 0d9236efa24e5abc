import { afterEach, expect, test } from 'vitest';
import { type HealthServer, startHealthServer } from './health-server.ts';
import { createMetrics } from './metrics.ts';

let server: HealthServer | undefined;
afterEach(async () => {
  await server?.close();
});

async function start(problems: readonly string[] | Error): Promise<(path: string) => Promise<Response>> {
  const metrics = createMetrics({ processFigures: false });
  metrics.counter({ name: 'watchbill_things_total', help: 'Things.' }).inc(3);
  metrics.addSource(async () => 'other_figure 1');
  metrics.addSource(() => Promise.reject(new Error('source is down')));
  const check = async (): Promise<readonly string[]> => {
    if (problems instanceof Error) throw problems;
    return problems;
  };
  server = await startHealthServer({
    port: 0,
    host: '127.0.0.1',
    checks: [{ name: 'queue', check }],
    metrics,
  });
  const { port } = server;
  return (path) => fetch(`http://127.0.0.1:${port}${path}`);
}

test('a process that can work is ready and shows its figures', async () => {
  const get = await start([]);
  expect((await get('/healthz')).status).toBe(200);
  expect((await get('/readyz')).status).toBe(200);
  const text = await (await get('/metrics')).text();
  expect(text).toContain('watchbill_things_total 3');
  expect(text).toContain('other_figure 1');
  expect((await get('/other')).status).toBe(404);
});

test('a process with a problem lives but is not ready, and says why', async () => {
  const get = await start(['Redis evicts keys']);
  expect((await get('/healthz')).status).toBe(200);
  const answer = await get('/readyz');
  expect(answer.status).toBe(503);
  expect(await answer.json()).toEqual({ status: 'not ready', problems: ['queue: Redis evicts keys'] });
});

test('a check that throws is a problem', async () => {
  const get = await start(new Error('no connection'));
  expect(await (await get('/readyz')).json()).toMatchObject({ problems: ['queue: no connection'] });
});
