import { afterAll, beforeAll, expect, test } from 'vitest';
import { spawnService } from '../support/service-process.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let place: TestDatabase;
beforeAll(async () => {
  place = await createTestDatabase();
});
afterAll(() => place.drop());

test('a scheduler process becomes ready, shows its figures and stops cleanly', async () => {
  const scheduler = spawnService('scheduler', { DATABASE_URL: place.connectionString });
  const line = await scheduler.waitFor(/"healthPort":(\d+),"msg":"ready"/);
  const get = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${line[1]}${path}`);
  expect((await get('/healthz')).status).toBe(200);
  expect(await (await get('/readyz')).json()).toEqual({ status: 'ready', problems: [] });
  const figures = await (await get('/metrics')).text();
  expect(figures).toContain('watchbill_scheduler_last_tick_timestamp_seconds');
  expect(figures).toContain('bullmq_job_count{queue="events"');
  expect(figures).toContain('nodejs_eventloop_lag_seconds');
  expect(await scheduler.end('SIGTERM')).toEqual({ code: 0, signal: null });
});

test('a scheduler process says every problem of its settings and ends', async () => {
  const scheduler = spawnService('scheduler', { REDIS_URL: 'localhost', WATCHBILL_HORIZON_WEEKS: 'many' });
  expect(await scheduler.exited).toEqual({ code: 1, signal: null });
  for (const name of ['DATABASE_URL', 'REDIS_URL', 'WATCHBILL_HORIZON_WEEKS']) {
    expect(scheduler.output()).toContain(name);
  }
  expect(scheduler.output()).not.toContain('    at ');
});
