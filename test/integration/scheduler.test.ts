import { applyBoundaries } from '@watchbill/commands';
import { type Database, openDatabase } from '@watchbill/database';
import type { Job, Queues } from '@watchbill/queue';
import { createLogger, createMetrics, type Metrics, SETTING_DEFAULTS } from '@watchbill/runtime';
import { type Scheduler, startScheduler } from '@watchbill/scheduler';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { redisAvailable } from '../support/redis.ts';
import { BACKENDS, eventually, type QueuePlace, startQueuePlace } from './queue-places.ts';
import { countOf, seedBoundaries, seedSchedules } from './scheduler-seeds.ts';

const QUICK_QUEUE = { lockMs: 1_000, stalledMs: 300, backoffMs: 50 };
const QUICK = { ...SETTING_DEFAULTS, wakeAgainMs: 800 };
const named = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `s${String(index).padStart(3, '0')}`);

describe.skipIf(!redisAvailable()).each(BACKENDS)('schedulers with queues in %s', (backend) => {
  let place: QueuePlace;
  let database: Database;
  let closing: { close(): Promise<void> }[];
  beforeEach(async () => {
    place = await startQueuePlace(backend);
    database = openDatabase({ connectionString: place.database.connectionString });
    closing = [];
  });
  afterEach(async () => {
    for (const one of closing.reverse()) await one.close();
    await database.close();
    await place.stop();
  });

  const open = (): Queues => {
    const queues = place.open(QUICK_QUEUE);
    closing.push(queues);
    return queues;
  };
  const start = async (
    queues: Queues,
    metrics: Metrics = createMetrics({ processFigures: false }),
  ): Promise<Scheduler> => {
    const logger = createLogger({ logLevel: 'silent' }, 'scheduler');
    const scheduler = await startScheduler({ database, queues, logger, metrics, settings: QUICK });
    closing.push(scheduler);
    return scheduler;
  };
  const work = (queues: Queues): void => {
    queues.consume(
      'boundaries',
      async ({ payload }) => void (await applyBoundaries(database, payload.schedules as string[])),
      { concurrency: 4 },
    );
  };
  const unapplied = (): Promise<number> =>
    countOf(database, 'SELECT count(*) FROM boundaries WHERE applied_at IS NULL');

  async function expectEachOnceInOrder(boundaries: number): Promise<void> {
    await eventually('everything to be applied', async () => (await unapplied()) === 0);
    expect(await countOf(database, 'SELECT count(*) FROM events')).toBe(boundaries);
    expect(
      await countOf(
        database,
        `SELECT count(*) FROM (
           SELECT occurred_at < lag(occurred_at) OVER (PARTITION BY schedule_id ORDER BY sequence) AS back FROM events
         ) AS e WHERE back`,
      ),
    ).toBe(0);
    expect(await countOf(database, 'SELECT count(*) FROM boundaries WHERE fired_at < due_at')).toBe(0);
  }

  test('two at once fire each boundary once and in order, the missed ones too', async () => {
    const ids = named(40);
    await seedSchedules(database, ids);
    await seedBoundaries(database, ids, [-86_400_000, -60_000, -1]);
    await seedBoundaries(database, ids, [500, 700, 701, 1_200, 2_000]);
    const [one, two] = [open(), open()];
    work(one);
    work(two);
    const metrics = createMetrics({ processFigures: false });
    await start(one, metrics);
    await start(two);
    await expectEachOnceInOrder(40 * 8);
    const received: string[] = [];
    const idsOf = ({ events, id }: Job['payload']) =>
      Array.isArray(events) ? events.map((fact: { id: string }) => fact.id) : [String(id)];
    one.consume('events', async ({ payload }) => void received.push(...idsOf(payload)), { concurrency: 2 });
    await eventually('every event to be in the queue', () => received.length >= 320);
    expect(new Set(received).size).toBe(320);
    const text = await metrics.text();
    expect(text).toContain('watchbill_boundary_oldest_due_seconds 0');
    expect(Number(/watchbill_boundary_fired_lateness_seconds_count (\d+)/.exec(text)?.[1])).toBeGreaterThan(
      0,
    );
  });

  test('a boundary that is moved nearer is noticed while the ticker sleeps', async () => {
    await seedSchedules(database, ['near']);
    const queues = open();
    work(queues);
    await start(queues);
    await seedBoundaries(database, ['near'], [3_600_000]);
    await database.pool.query(
      `UPDATE boundaries SET due_at = now();
       UPDATE schedule_cursors SET next_due_at = now(); NOTIFY watchbill_boundaries`,
    );
    await expectEachOnceInOrder(1);
  });

  test('wake-ups that were lost after publishing are sent again', async () => {
    const ids = named(120);
    await seedSchedules(database, ids);
    await seedBoundaries(database, ids, [-2_000, -1_000]);
    const queues = open();
    await start(queues);
    await eventually(
      'the wake-ups to be published',
      async () =>
        (await countOf(database, 'SELECT count(*) FROM outbox WHERE published_at IS NOT NULL')) >= 3 &&
        (await countOf(database, 'SELECT count(*) FROM outbox WHERE published_at IS NULL')) === 0,
    );
    if (place.redis === null) await database.pool.query('TRUNCATE bullmq.job CASCADE');
    else await place.redis.flush();
    work(queues);
    await expectEachOnceInOrder(240);
  });

  test('a scheduler that stops leaves the rest to the other one', async () => {
    const ids = named(20);
    await seedSchedules(database, ids);
    await seedBoundaries(database, ids, [-1_000, 600, 1_200, 1_800]);
    const queues = open();
    work(queues);
    const first = await start(queues);
    await start(queues);
    await eventually(
      'the first to be fired',
      async () => (await countOf(database, 'SELECT count(*) FROM boundaries WHERE fired_at IS NOT NULL')) > 0,
    );
    await first.close();
    await expectEachOnceInOrder(80);
  });

  test('a scheduler is ready while it ticks', async () => {
    const scheduler = await start(open());
    expect(await scheduler.check.check()).toEqual([]);
  });
});

describe.skipIf(!redisAvailable())('a scheduler whose Redis is away', () => {
  test('keeps every row, says so once, and publishes them when it is back', async () => {
    const place = await startQueuePlace('redis');
    const database = openDatabase({ connectionString: place.database.connectionString });
    await place.redis?.kill();
    const queues = place.open(QUICK_QUEUE);
    const lines: string[] = [];
    const logger = createLogger({ logLevel: 'warn' }, 'scheduler', {
      write: (line) => void lines.push(line),
    });
    const ids = named(10);
    await seedSchedules(database, ids);
    await seedBoundaries(database, ids, [-1_000, 300]);
    const metrics = createMetrics({ processFigures: false });
    const scheduler = await startScheduler({
      database,
      queues,
      logger,
      metrics,
      settings: { ...SETTING_DEFAULTS },
    });
    await eventually('failures of the relay', () => lines.length > 0);
    await eventually(
      'both boundaries of each to be fired',
      async () => (await countOf(database, 'SELECT count(*) FROM boundaries WHERE fired_at IS NULL')) === 0,
    );
    expect(await countOf(database, 'SELECT count(*) FROM outbox WHERE published_at IS NOT NULL')).toBe(0);
    await eventually('the depth to be told', async () =>
      /watchbill_outbox_depth [1-9]/.test(await metrics.text()),
    );
    const got: string[] = [];
    queues.consume('boundaries', async ({ payload }) => void got.push(...(payload.schedules as string[])), {
      concurrency: 1,
    });
    await place.redis?.restart();
    await eventually('every schedule to be woken', () => new Set(got).size === 10);
    expect(lines.filter((line) => line.includes('"relay"'))).toHaveLength(1);
    await scheduler.close();
    await queues.close();
    await database.close();
    await place.stop();
  });
});
