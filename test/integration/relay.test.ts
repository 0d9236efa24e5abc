import { type RelayedJob, relayOutbox } from '@watchbill/commands';
import { type Database, insertOutbox, openDatabase } from '@watchbill/database';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { redisAvailable } from '../support/redis.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { BACKENDS, eventually, startQueuePlace } from './queue-places.ts';
import { countOf } from './scheduler-seeds.ts';

let place: TestDatabase;
let database: Database;
beforeAll(async () => {
  place = await createTestDatabase();
  database = openDatabase({ connectionString: place.connectionString });
});
afterEach(() => database.pool.query('TRUNCATE outbox'));
afterAll(async () => {
  await database.close();
  await place.drop();
});

const write = (
  target: Database,
  keys: readonly string[],
  queue: 'events' | 'deliveries' = 'events',
): Promise<void> =>
  target.transaction((tx) =>
    insertOutbox(
      tx,
      keys.map((key) => ({ key, queue, name: 'test.done', payload: { key } })),
    ),
  );
const keysOf = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}.${String(index).padStart(5, '0')}`);
const waiting = (target: Database): Promise<number> =>
  countOf(target, 'SELECT count(*) FROM outbox WHERE published_at IS NULL');

test('rows are published in their order for each queue, batch by batch, then no more', async () => {
  await write(database, keysOf('one', 7));
  await write(database, keysOf('two', 3), 'deliveries');
  await write(database, keysOf('three', 2));
  const published: [string, string[]][] = [];
  const publish = async (queue: string, jobs: readonly RelayedJob[]): Promise<void> =>
    void published.push([queue, jobs.map((one) => one.key)]);
  expect(await relayOutbox(database, publish, { limit: 8 })).toBe(8);
  expect(await relayOutbox(database, publish, { limit: 8 })).toBe(4);
  expect(await relayOutbox(database, publish, { limit: 8 })).toBe(0);
  expect(published).toEqual([
    ['events', keysOf('one', 7)],
    ['deliveries', ['two.00000']],
    ['deliveries', ['two.00001', 'two.00002']],
    ['events', keysOf('three', 2)],
  ]);
  expect(await waiting(database)).toBe(0);
});

test('a row that is written in a transaction that fails is never published', async () => {
  await expect(
    database.transaction(async (tx) => {
      await insertOutbox(tx, [{ key: 'phantom', queue: 'events', name: 'test.done', payload: {} }]);
      throw new Error('refused');
    }),
  ).rejects.toThrow('refused');
  expect(await relayOutbox(database, () => Promise.reject(new Error('nothing to publish')))).toBe(0);
});

test('while the queue refuses, every row stays', async () => {
  await write(database, keysOf('kept', 20));
  await expect(relayOutbox(database, () => Promise.reject(new Error('queue is away')))).rejects.toThrow(
    'away',
  );
  expect(await waiting(database)).toBe(20);
});

test('a relay that dies between publishing and marking publishes again, under the same keys', async () => {
  await write(database, keysOf('again', 5));
  const published: string[] = [];
  const dying = async (_queue: string, jobs: readonly RelayedJob[]): Promise<void> => {
    published.push(...jobs.map((one) => one.key));
    throw new Error('killed');
  };
  await expect(relayOutbox(database, dying)).rejects.toThrow('killed');
  await relayOutbox(database, async (_queue, jobs) => void published.push(...jobs.map((one) => one.key)));
  expect(published).toEqual([...keysOf('again', 5), ...keysOf('again', 5)]);
  expect(await waiting(database)).toBe(0);
});

test('several relays at once publish every row once', async () => {
  for (const part of ['a', 'b', 'c', 'd']) await write(database, keysOf(part, 500));
  const published: string[] = [];
  const relayAll = async (): Promise<void> => {
    const publish = async (_queue: string, jobs: readonly RelayedJob[]): Promise<void> => {
      await new Promise((done) => setTimeout(done, 2));
      published.push(...jobs.map((one) => one.key));
    };
    while ((await relayOutbox(database, publish, { limit: 60 })) > 0);
  };
  await Promise.all([relayAll(), relayAll(), relayAll()]);
  // One that found every row held by others ends early; what is left goes now.
  await relayAll();
  expect(published).toHaveLength(2_000);
  expect(new Set(published).size).toBe(2_000);
});

test('a key that a queue would refuse does not stop what is behind it', async () => {
  await write(database, ['lane.end_1.a:b', 'lane.end_1.c']);
  const published: string[] = [];
  await relayOutbox(database, async (_queue, jobs) => void published.push(...jobs.map((one) => one.key)));
  expect(published).toEqual(['lane.end_1.a.b', 'lane.end_1.c']);
});

describe.skipIf(!redisAvailable()).each(BACKENDS)('with queues in %s', (backend) => {
  test('what is published twice runs once as long as it waits, and nothing is missing', async () => {
    const own = await startQueuePlace(backend);
    const target = openDatabase({ connectionString: own.database.connectionString });
    const queues = own.open();
    await write(target, keysOf('real', 1_200));
    await expect(
      relayOutbox(target, async (queue, jobs) => {
        await queues.enqueue(queue, jobs);
        throw new Error('killed before the mark');
      }),
    ).rejects.toThrow('killed');
    while ((await relayOutbox(target, queues.enqueue)) > 0);
    const got: string[] = [];
    queues.consume('events', async (job) => void got.push(job.key), { concurrency: 1 });
    await eventually('1200 jobs', () => got.length >= 1_200);
    expect(got).toEqual(keysOf('real', 1_200));
    await queues.close();
    await target.close();
    await own.stop();
  });
});
