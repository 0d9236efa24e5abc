import { createFirstToken } from '@watchbill/commands';
import { type Database, openDatabase } from '@watchbill/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServiceProcess, spawnService } from '../support/service-process.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { sendTo } from './api-fixture.ts';
import { CONFIGURATION } from './intake-fixture.ts';

const KEYS = 7;

let testDatabase: TestDatabase;
let database: Database;
let key = '';
let intake = '';

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase({ connectionString: testDatabase.connectionString });
});
afterAll(async () => {
  await database?.close();
  await testDatabase?.drop();
});

async function start(): Promise<{ readonly service: ServiceProcess; readonly url: string }> {
  const service = spawnService('api', {
    DATABASE_URL: testDatabase.connectionString,
    PORT: '0',
    LOG_LEVEL: 'info',
  });
  const [, url = ''] = await service.waitFor(/"url":"(http:[^"]+)".*ready/);
  return { service, url };
}

/** The key that was answered with 202; null for a request that got no answer, or another one. */
async function trigger(url: string, at: number): Promise<string | null> {
  const payload = { summary: `Trouble ${at % KEYS}`, source: 'x', severity: 'error' };
  const body = { routing_key: key, event_action: 'trigger', dedup_key: `key ${at % KEYS}`, payload };
  const answer = await sendTo(url, '/v2/enqueue', { method: 'POST', body }).catch(() => null);
  return answer?.status === 202 ? (answer.json.dedup_key as string) : null;
}

describe('an API that is killed in the midst of a storm', () => {
  it('has stored every signal that it answered, and goes on counting after it', async () => {
    const first = await start();
    await makeIntake(first.url);
    const answered: string[] = [];
    const storm = Array.from({ length: 400 }, async (_, at) => {
      const dedupKey = await trigger(first.url, at);
      if (dedupKey !== null) answered.push(dedupKey);
      if (answered.length === 60) first.service.signal('SIGKILL');
    });
    await Promise.all(storm);
    await first.service.exited;
    expect(answered.length).toBeGreaterThanOrEqual(60);
    expect(answered.length).toBeLessThan(400);
    const stored = await countsOf();
    for (const dedupKey of new Set(answered)) {
      const answers = answered.filter((one) => one === dedupKey).length;
      // What was stored and not answered is sent again by its sender, and counts again.
      expect(stored.get(dedupKey) ?? 0, dedupKey).toBeGreaterThanOrEqual(answers);
    }

    const second = await start();
    try {
      const again = await Promise.all(Array.from({ length: KEYS }, (_, at) => trigger(second.url, at)));
      expect(again).toEqual(Array.from({ length: KEYS }, (_, at) => `key ${at}`));
      const { rows } = await database.pool.query(
        'SELECT count(*)::integer AS pages FROM watchbill.pages WHERE intake = $1',
        [intake],
      );
      expect(rows[0].pages).toBe(KEYS);
      expect(first.service.output() + second.service.output()).not.toContain(key);
    } finally {
      const { code } = await second.service.end('SIGTERM');
      expect(code, second.service.output().slice(-2_000)).toBe(0);
    }
  });
});

async function makeIntake(url: string): Promise<void> {
  const token = (await createFirstToken(database)) ?? '';
  const post = (path: string, body: object) => sendTo(url, path, { method: 'POST', body, token });
  expect((await post('/v1/configuration', CONFIGURATION)).status).toBe(200);
  const { json } = await post('/v1/intakes', { name: 'storm', kind: 'pagerduty', schedule: 'payments' });
  key = json.key;
  intake = json.intake.id;
}

/** How often each key was counted. */
async function countsOf(): Promise<Map<string, number>> {
  const { rows } = await database.pool.query(
    'SELECT dedup_key, 1 + repeats AS count FROM watchbill.pages WHERE intake = $1',
    [intake],
  );
  return new Map(rows.map((row: { dedup_key: string; count: number }) => [row.dedup_key, row.count]));
}
