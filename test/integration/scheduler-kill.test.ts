import { applyBoundaries } from '@watchbill/commands';
import { type Database, openDatabase } from '@watchbill/database';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { redisAvailable } from '../support/redis.ts';
import { type ServiceProcess, spawnService } from '../support/service-process.ts';
import { BACKENDS, eventually, type QueuePlace, startQueuePlace } from './queue-places.ts';
import { countOf, seedBoundaries, seedSchedules } from './scheduler-seeds.ts';

const KILLS = 6;
const SCHEDULES = 40;
/** Due over the time of the killing and a little beyond. */
const OFFSETS_MS = Array.from({ length: 30 }, (_, index) => index * 400 - 1_000);

describe.skipIf(!redisAvailable()).each(BACKENDS)(
  'schedulers that are killed, with queues in %s',
  (backend) => {
    let place: QueuePlace;
    let database: Database;
    beforeAll(async () => {
      place = await startQueuePlace(backend);
      database = openDatabase({ connectionString: place.database.connectionString });
    });
    afterAll(async () => {
      await database.close();
      await place.stop();
    });

    const spawn = async (): Promise<ServiceProcess> => {
      const scheduler = spawnService('scheduler', {
        DATABASE_URL: place.database.connectionString,
        REDIS_URL: place.redis?.url ?? '',
        WATCHBILL_WAKE_AGAIN_MS: '1500',
        LOG_LEVEL: 'info',
      });
      await scheduler.waitFor(/"msg":"ready"/);
      return scheduler;
    };

    test('lose no boundary, double none, and keep the order of each schedule', async () => {
      const ids = Array.from({ length: SCHEDULES }, (_, index) => `s${index}`);
      const queues = place.open({ lockMs: 1_000, stalledMs: 300, backoffMs: 50 });
      queues.consume(
        'boundaries',
        async ({ payload }) => void (await applyBoundaries(database, payload.schedules as string[])),
        { concurrency: 4 },
      );
      const running = [await spawn(), await spawn()];
      await seedSchedules(database, ids);
      await seedBoundaries(database, ids, OFFSETS_MS);
      for (let kill = 0; kill < KILLS; kill += 1) {
        await new Promise((done) => setTimeout(done, 100 + Math.random() * 500));
        const victim = running.shift();
        expect(await victim?.end('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
        if (kill === KILLS / 2) await place.redis?.flush();
        running.push(await spawn());
      }
      await eventually(
        'everything to be applied',
        async () =>
          (await countOf(database, 'SELECT count(*) FROM boundaries WHERE applied_at IS NULL')) === 0,
        60_000,
      );
      expect(await countOf(database, 'SELECT count(*) FROM events')).toBe(SCHEDULES * OFFSETS_MS.length);
      const outOfOrder = await countOf(
        database,
        `SELECT count(*) FROM (
         SELECT occurred_at < lag(occurred_at) OVER (PARTITION BY schedule_id ORDER BY sequence) AS back FROM events
       ) AS e WHERE back`,
      );
      expect(outOfOrder).toBe(0);
      expect(await countOf(database, 'SELECT count(*) FROM boundaries WHERE fired_at < due_at')).toBe(0);
      await Promise.all(running.map((scheduler) => scheduler.end('SIGTERM')));
      await queues.close();
    }, 180_000);
  },
);
