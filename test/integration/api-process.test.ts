import { createFirstToken } from '@watchbill/commands';
import { openDatabase } from '@watchbill/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spawnService } from '../support/service-process.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { sendTo } from './api-fixture.ts';
import { type ListenProxy, startListenProxy } from './listen-proxy.ts';

let database: TestDatabase;
let proxy: ListenProxy;
let token: string;
beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await startListenProxy(database.connectionString);
  const direct = openDatabase({ connectionString: database.connectionString });
  token = (await createFirstToken(direct)) ?? '';
  await direct.close();
});
afterAll(async () => {
  await proxy.close();
  await database.drop();
});

describe('the API as a process', () => {
  it('listens, lives on without its database, and ends well when it is asked to', async () => {
    const service = spawnService('api', {
      DATABASE_URL: proxy.connectionString,
      PORT: '0',
      LOG_LEVEL: 'info',
    });
    try {
      const [, url = ''] = await service.waitFor(/"url":"(http:[^"]+)".*ready/);
      expect((await sendTo(url, '/v1/people', { token })).status).toBe(200);
      expect((await sendTo(url, '/readyz', {})).status).toBe(200);

      await proxy.close();
      const refused = await sendTo(url, '/v1/people', { token });
      expect([refused.status, refused.json.code]).toEqual([503, 'unavailable']);
      expect(refused.headers.get('retry-after')).toBeTruthy();
      const unready = await sendTo(url, '/readyz', {});
      expect([unready.status, unready.json.status]).toEqual([503, 'not ready']);
      expect((await sendTo(url, '/healthz', {})).status).toBe(200);
      expect(service.output()).not.toContain(new URL(database.connectionString).password);
    } finally {
      const { code } = await service.end('SIGTERM');
      expect(code, service.output().slice(-2_000)).toBe(0);
    }
  });

  it('says at once what is wrong with its settings', async () => {
    const service = spawnService('api', { DATABASE_URL: 'nonsense' });
    const { code } = await service.exited;
    expect(code).not.toBe(0);
    expect(service.output()).toContain('DATABASE_URL');
  });
});
