import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Job, openQueues } from '@watchbill/queue';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { redisAvailable } from '../support/redis.ts';
import { BACKENDS, eventually, type QueuePlace, startQueuePlace } from './queue-places.ts';

const CONSUMER = resolve(import.meta.dirname, 'queue-consumer.ts');
/** Fast enough for a test, and the same settings by name as in production. */
const QUICK = { lockMs: 1_000, stalledMs: 300, backoffMs: 50 };

const job = (key: string, payload: Record<string, unknown> = {}): Job => ({
  key,
  name: 'test.done',
  payload,
  traceparent: null,
});
const numbered = (prefix: string, count: number): Job[] =>
  Array.from({ length: count }, (_, index) => job(`${prefix}.${String(index).padStart(4, '0')}`, { index }));

describe.skipIf(!redisAvailable()).each(BACKENDS)('queues in %s', (backend) => {
  let place: QueuePlace;
  let open: ReturnType<QueuePlace['open']>[] = [];
  beforeAll(async () => {
    place = await startQueuePlace(backend);
  });
  afterEach(async () => {
    await Promise.all(open.map((queues) => queues.close()));
    open = [];
  });
  afterAll(() => place.stop());

  const openTracked = (settings = {}): ReturnType<QueuePlace['open']> => {
    const queues = place.open({ ...QUICK, ...settings });
    open.push(queues);
    return queues;
  };

  test('a job arrives once, whole, and in the order of adding', async () => {
    const queues = openTracked();
    expect(queues.backend).toBe(backend);
    const got: Job[] = [];
    const added = numbered('whole', 30).map((one) => ({ ...one, traceparent: '00-abc-def-01' }));
    await queues.enqueue('events', added.slice(0, 3));
    await queues.enqueue('events', added.slice(3));
    queues.consume('events', async (one) => void got.push(one), { concurrency: 1 });
    await eventually('30 jobs', () => got.length === 30);
    expect(got).toEqual(added);
    expect(queues.errors).toEqual([]);
  });

  test('a key waits once, however often it is added, alone or in a bulk', async () => {
    const queues = openTracked();
    const twice = [...numbered('once', 6), ...numbered('once', 6)];
    for (const one of twice) await queues.enqueue('events', [one]);
    await queues.enqueue('events', twice);
    const got: string[] = [];
    queues.consume('events', async (one) => void got.push(one.key), { concurrency: 1 });
    await queues.enqueue('events', [job('once.last')]);
    await eventually('the last job', () => got.includes('once.last'));
    expect(got).toEqual([...numbered('once', 6).map((one) => one.key), 'once.last']);
  });

  test('jobs of one queue do not reach another', async () => {
    const queues = openTracked();
    const got: string[] = [];
    queues.consume('boundaries', async (one) => void got.push(one.key), { concurrency: 1 });
    await queues.enqueue('deliveries', [job('apart.delivery')]);
    await queues.enqueue('boundaries', [job('apart.boundary')]);
    await eventually('the boundary', () => got.length > 0);
    expect(got).toEqual(['apart.boundary']);
    const drained = queues.consume('deliveries', async (one) => void got.push(one.key), { concurrency: 1 });
    await eventually('the delivery', () => got.length > 1);
    await drained.close();
  });

  test('a failed job is tried again with growing waits, a bounded number of times, and told', async () => {
    const queues = openTracked({ attempts: 3, backoffMs: 100 });
    const triedAt: number[] = [];
    queues.consume(
      'events',
      async () => {
        triedAt.push(performance.now());
        throw new Error('the receiver is down');
      },
      { concurrency: 1 },
    );
    await queues.enqueue('events', [job('failing')]);
    await eventually('3 attempts', () => triedAt.length === 3);
    const [first = 0, second = 0, third = 0] = triedAt;
    expect(second - first).toBeGreaterThan(45);
    expect(third - second).toBeGreaterThan(95);
    await eventually('the last failure to be told', () =>
      queues.errors.some((error) => error.message.includes('failing') && error.message.includes('3 of 3')),
    );
    await new Promise((done) => setTimeout(done, 600));
    expect(triedAt).toHaveLength(3);
  });

  test('a job of a killed process runs again elsewhere, within seconds, and more than once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'watchbill-queue-'));
    const file = join(folder, 'started');
    const queues = openTracked();
    await queues.enqueue('deliveries', [job('killed')]);
    for (let round = 0; round < 2; round += 1) {
      rmSync(file, { force: true });
      const child = spawn(
        process.execPath,
        [
          '--conditions=source',
          '--import',
          'tsx',
          CONSUMER,
          JSON.stringify({ ...place.options, settings: QUICK }),
          file,
        ],
        { stdio: 'inherit' },
      );
      const gone = once(child, 'exit');
      try {
        // The file is there a moment before what is written into it.
        const started = () => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n');
        await eventually('the process to start the job', started, 30_000);
        expect(readFileSync(file, 'utf8')).toBe('killed\n');
      } finally {
        child.kill('SIGKILL');
        await gone;
      }
    }
    const got: string[] = [];
    queues.consume('deliveries', async (one) => void got.push(one.key), { concurrency: 1 });
    await eventually('the job to run again', () => got.length > 0);
    expect(got).toEqual(['killed']);
    rmSync(folder, { recursive: true });
  });

  test('a consumer that closes lets its running job end and takes no other', async () => {
    const queues = openTracked();
    const ended: string[] = [];
    let started = 0;
    const consumer = queues.consume(
      'events',
      async (one) => {
        started += 1;
        await new Promise((done) => setTimeout(done, 300));
        ended.push(one.key);
      },
      { concurrency: 1 },
    );
    await queues.enqueue('events', numbered('closing', 2));
    await eventually('the first job', () => started === 1);
    await consumer.close();
    expect(ended).toEqual(['closing.0000']);
    const rest: string[] = [];
    queues.consume('events', async (one) => void rest.push(one.key), { concurrency: 1 });
    await eventually('the other job', () => rest.length === 1);
  });

  test('finished jobs do not pile up', async () => {
    const queues = openTracked();
    let done = 0;
    queues.consume(
      'events',
      async () => {
        done += 1;
      },
      { concurrency: 8 },
    );
    for (let batch = 0; batch < 4; batch += 1) await queues.enqueue('events', numbered(`pile${batch}`, 400));
    await eventually('1600 jobs', () => done >= 1600);
    await eventually('few to be left', async () => {
      const counts = [
        ...(await queues.metrics()).matchAll(/bullmq_job_count\{queue="events", state="\w+"\} (\d+)/g),
      ];
      expect(counts.length).toBeGreaterThan(3);
      return counts.reduce((sum, [, count]) => sum + Number(count), 0) <= 1_010;
    });
  });

  test('figures name every queue once for each state', async () => {
    const queues = openTracked();
    const text = await queues.metrics();
    expect(text.match(/# TYPE bullmq_job_count gauge/g)).toHaveLength(1);
    for (const queue of ['boundaries', 'events', 'deliveries']) {
      expect(text).toContain(`bullmq_job_count{queue="${queue}", state="waiting"}`);
    }
  });

  test('figures count finished jobs only where that costs nothing', async () => {
    const queues = openTracked();
    let done = 0;
    queues.consume(
      'deliveries',
      async () => {
        done += 1;
      },
      { concurrency: 1 },
    );
    await queues.enqueue('deliveries', numbered('counted', 5));
    await eventually('5 jobs', () => done >= 5);
    const counted = async (): Promise<string | undefined> =>
      /bullmq_job_completed_total\{queue="deliveries"\} (\d+)/.exec(await queues.metrics())?.[1];
    if (backend === 'postgres') expect(await counted()).toBeUndefined();
    else await eventually('them to be counted', async () => Number(await counted()) >= 5);
  });

  test('a fit backend has no problems', async () => {
    const queues = openTracked();
    await eventually('readiness', async () => (await queues.check()).length === 0);
  });

  test('closed queues refuse work, and closing twice is one closing', async () => {
    const queues = openTracked();
    await queues.enqueue('events', [job('before')]);
    await Promise.all([queues.close(), queues.close()]);
    await expect(queues.enqueue('events', [job('after')])).rejects.toThrow('closed');
  });
});

describe.skipIf(!redisAvailable())('queues in a Redis that fails', () => {
  let place: QueuePlace;
  let queues: ReturnType<QueuePlace['open']>;
  const got: string[] = [];
  beforeAll(async () => {
    place = await startQueuePlace('redis');
    queues = place.open(QUICK);
    queues.consume('events', async (one) => void got.push(one.key), { concurrency: 4 });
    await queues.enqueue('events', [job('start')]);
    await eventually('the first job', () => got.includes('start'));
  });
  afterAll(async () => {
    await queues.close();
    await place.stop();
  });

  test('after FLUSHALL the same consumer and the same queue go on', async () => {
    await place.redis?.flush();
    await queues.enqueue('events', numbered('flushed', 20));
    await eventually('20 jobs', () => got.filter((key) => key.startsWith('flushed')).length === 20);
  });

  test('a job that runs during FLUSHALL ends, and its key may be added again', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const keys: string[] = [];
    const consumer = queues.consume(
      'deliveries',
      async (one) => {
        keys.push(one.key);
        if (keys.length === 1) await held;
      },
      { concurrency: 1 },
    );
    await queues.enqueue('deliveries', [job('held')]);
    await eventually('the job to start', () => keys.length === 1);
    await place.redis?.flush();
    release();
    await queues.enqueue('deliveries', [job('held')]);
    await eventually('the job to run again', () => keys.length === 2);
    await consumer.close();
  });

  test('while Redis is away adding fails fast; after its restart everything goes on', async () => {
    await place.redis?.kill();
    const startedAt = performance.now();
    await expect(queues.enqueue('events', [job('away.1')])).rejects.toThrow();
    await expect(queues.enqueue('events', numbered('away', 50))).rejects.toThrow();
    expect(performance.now() - startedAt).toBeLessThan(12_000);
    expect(await queues.check()).not.toEqual([]);
    await place.redis?.restart();
    await eventually('adding to work again', () =>
      queues.enqueue('events', [job('back.1')]).then(
        () => true,
        () => false,
      ),
    );
    await eventually('the job after the restart', () => got.includes('back.1'));
  });

  test('queues close while Redis is away', async () => {
    const own = await startQueuePlace('redis');
    const lost = own.open(QUICK);
    let ran = 0;
    lost.consume(
      'events',
      async () => {
        ran += 1;
      },
      { concurrency: 1 },
    );
    await lost.enqueue('events', [job('lost')]);
    await eventually('the job', () => ran === 1);
    await own.redis?.kill();
    await new Promise((done) => setTimeout(done, 300));
    const startedAt = performance.now();
    await lost.close();
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    await own.stop();
  });

  test('queues that are opened while Redis is away say so, and work once it is there', async () => {
    const own = await startQueuePlace('redis');
    await own.redis?.kill();
    const early = own.open(QUICK);
    const keys: string[] = [];
    early.consume('events', async (one) => void keys.push(one.key), { concurrency: 1 });
    await expect(early.enqueue('events', [job('early')])).rejects.toThrow();
    expect(await early.check()).toHaveLength(1);
    await own.redis?.restart();
    await eventually('adding to work', () =>
      early.enqueue('events', [job('early')]).then(
        () => true,
        () => false,
      ),
    );
    await eventually('the job', () => keys.includes('early'));
    await early.close();
    await own.stop();
  });

  test('queues close where there never was a Redis', async () => {
    const nowhere = openQueues({
      redis: { kind: 'server', url: `redis://127.0.0.1:${await freePort()}` },
      onError: () => undefined,
    });
    nowhere.consume('events', async () => undefined, { concurrency: 1 });
    await expect(nowhere.enqueue('events', [job('nowhere')])).rejects.toThrow();
    await nowhere.close();
  });

  test('a Redis that throws keys away is named', async () => {
    await place.redis?.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    const problems = await queues.check();
    expect(problems.join()).toContain('allkeys-lru');
    await place.redis?.command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
    expect(await queues.check()).toEqual([]);
  });
});

describe('queues in a PostgreSQL that fails', () => {
  let place: QueuePlace;
  let queues: ReturnType<QueuePlace['open']>;
  beforeAll(async () => {
    place = await startQueuePlace('postgres');
    queues = place.open(QUICK);
  });
  afterAll(async () => {
    await queues.close();
    await place.stop();
  });

  /** What a restart is to a client: every connection ends, and for a while none can be made. */
  async function outage(forMs: number, meanwhile: () => Promise<void>): Promise<void> {
    const url = new URL(place.database.connectionString);
    url.pathname = '/postgres';
    const admin = new pg.Client({ connectionString: url.href });
    await admin.connect();
    const { name } = place.database;
    await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
    await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
    await meanwhile();
    await new Promise((done) => setTimeout(done, forMs));
    await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    await admin.end();
  }

  test('while it is away adding fails; afterwards consumers and queues go on', async () => {
    const got: string[] = [];
    queues.consume('events', async (one) => void got.push(one.key), { concurrency: 4 });
    await queues.enqueue('events', numbered('before', 20));
    await eventually('20 jobs', () => got.length === 20);
    await outage(2_000, async () => {
      await expect(queues.enqueue('events', [job('away')])).rejects.toThrow();
      expect(await queues.check()).toHaveLength(1);
    });
    await queues.enqueue('events', numbered('after', 20));
    await eventually('20 more jobs', () => got.filter((key) => key.startsWith('after')).length === 20);
    expect(await queues.check()).toEqual([]);
  });

  test('queues that were opened during an outage work after it', async () => {
    let late: ReturnType<QueuePlace['open']> | undefined;
    const got: string[] = [];
    await outage(1_500, async () => {
      late = place.open(QUICK);
      late.consume('deliveries', async (one) => void got.push(one.key), { concurrency: 1 });
      await expect(late.enqueue('deliveries', [job('late')])).rejects.toThrow();
    });
    await eventually(
      'adding to work',
      async () =>
        (await late?.enqueue('deliveries', [job('late')]).then(
          () => true,
          () => false,
        )) ?? false,
    );
    await eventually('the job', () => got.includes('late'));
    await late?.close();
  });

  test('a database without the tables of the queues is named', async () => {
    const url = new URL(place.database.connectionString);
    url.pathname = '/postgres';
    const empty = openQueues({ postgres: { connectionString: url.href }, onError: () => undefined });
    expect((await empty.check()).join()).toContain('cannot be used');
    await empty.close();
  });
});
