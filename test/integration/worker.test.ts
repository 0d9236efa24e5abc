import { type Database, newId, openDatabase } from '@watchbill/database';
import type { Queues } from '@watchbill/queue';
import { createLogger, createMetrics, type Metrics } from '@watchbill/runtime';
import { type Scheduler, startScheduler } from '@watchbill/scheduler';
import { startWorker, type Worker } from '@watchbill/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redisAvailable } from '../support/redis.ts';
import { startWebhookReceiver } from '../support/webhook-receiver.ts';
import { deliveriesIn, endpointAt, namesAt, writeEvents } from './delivery-fixture.ts';
import { BACKENDS, type QueuePlace, startQueuePlace } from './queue-places.ts';

const SETTINGS = {
  webhookAllowedNetworks: ['127.0.0.0/8'],
  webhookTimeoutMs: 5_000,
  webhookRetrySeconds: [0, 1, 1, 1],
  leaseMs: 5_000,
  wakeAgainMs: 1_000,
  horizonWeeks: 1,
  startingSoonMinutes: [15],
  eventRetentionDays: 400,
  feedPollMinutes: 15,
  ledgerHalfLifeDays: 0,
};

const backends = BACKENDS.filter((backend) => backend !== 'redis' || redisAvailable());

describe.each(backends)('a worker, its queues in %s', (backend) => {
  let place: QueuePlace;
  let database: Database;
  let queues: Queues & { readonly errors: Error[] };
  let scheduler: Scheduler;
  let worker: Worker;
  const metrics: Metrics = createMetrics({ processFigures: false });
  const logged: string[] = [];
  const logger = createLogger({ logLevel: 'info' }, 'test', {
    write: (line: string) => void logged.push(line),
  });

  beforeAll(async () => {
    place = await startQueuePlace(backend);
    database = openDatabase({ connectionString: place.database.connectionString, max: 20 });
    queues = place.open();
    const tools = { database, queues, logger, metrics, settings: SETTINGS };
    scheduler = await startScheduler(tools);
    worker = await startWorker(tools);
  });
  afterAll(async () => {
    await scheduler.close();
    await worker.close();
    await queues.close();
    await database.close();
    await place.stop();
  });

  it('carries an event from its writing to the receiver, and counts', async () => {
    const receiver = await startWebhookReceiver();
    const endpoint = await endpointAt(database, receiver);
    await writeEvents(database, 's1', ['a', 'b', 'c']);
    await receiver.waitUntil((requests) => requests.length >= 3);
    expect(namesAt(receiver)).toEqual(['a', 'b', 'c']);
    expect(receiver.requests.every(({ signature }) => signature === 'valid')).toBe(true);
    await expect
      .poll(async () => (await deliveriesIn(database, endpoint, 's1')).map(({ status }) => status))
      .toEqual(['succeeded', 'succeeded', 'succeeded']);
    const text = await metrics.text();
    expect(text).toMatch(/watchbill_events_fanned_out_total\{type="schedule.retired"\} 3/);
    expect(text).toMatch(/watchbill_delivery_attempts_total\{outcome="delivered",verdict="done"\} 3/);
    expect(text).toMatch(/watchbill_deliveries_pending\{endpoint_status="active"\} 0/);
    expect(text).toMatch(/watchbill_event_lateness_seconds_count 3/);
    expect(await worker.check.check()).toEqual([]);
    await receiver.close();
  });

  it('tries again when the time has come, without being asked', async () => {
    const receiver = await startWebhookReceiver();
    await endpointAt(database, receiver);
    receiver.answerWith(({ index }) => ({ status: index < 2 ? 500 : 204 }));
    await writeEvents(database, 's2', ['a', 'b']);
    await receiver.waitUntil((requests) => requests.length >= 4);
    expect(namesAt(receiver)).toEqual(['a', 'a', 'a', 'b']);
    await receiver.close();
  });

  it('does not let a slow endpoint starve another', async () => {
    const [slow, quick] = await Promise.all([startWebhookReceiver(), startWebhookReceiver()]);
    slow.answerWith(() => ({ status: 204, delayMs: 4_000 }));
    await endpointAt(database, slow);
    await endpointAt(database, quick);
    const lanes = Array.from({ length: 30 }, (_, at) => `lane-${backend}-${at}`);
    for (const lane of lanes) await writeEvents(database, lane, [lane]);
    await quick.waitUntil((requests) => requests.length >= lanes.length);
    // All of the quick one's lanes are through while the slow one has not had its second helping.
    expect(slow.requests.length).toBeLessThan(lanes.length);
    expect(namesAt(quick).sort()).toEqual([...lanes].sort());
    slow.answerWith(() => ({ status: 204 }));
    await slow.waitUntil((requests) => new Set(requests.map(({ id }) => id)).size >= lanes.length);
    await slow.close();
    await quick.close();
  });

  it('loses nothing when the queue forgets everything', async () => {
    const receiver = await startWebhookReceiver();
    await endpointAt(database, receiver);
    const names = Array.from({ length: 40 }, (_, at) => `n${at}`);
    for (const [at, name] of names.entries()) {
      await writeEvents(database, 's3', [name]);
      if (at % 10 === 5) await forget();
    }
    await receiver.waitUntil(
      (requests) => new Set(requests.map(({ id }) => id)).size >= names.length,
      40_000,
    );
    expect([...new Set(namesAt(receiver))]).toEqual(names);
    await receiver.close();
  });

  it('passes over jobs that it cannot read', async () => {
    const receiver = await startWebhookReceiver();
    await endpointAt(database, receiver);
    for (const queue of ['boundaries', 'events', 'deliveries'] as const) {
      await queues.enqueue(queue, [
        { key: newId('job'), name: 'odd', payload: { schedules: 7, id: null, lane: [] }, traceparent: null },
      ]);
    }
    await queues.enqueue('deliveries', [
      {
        key: newId('job'),
        name: 'lane.due',
        payload: { endpoint: 'end_none', lane: 'x' },
        traceparent: null,
      },
    ]);
    await expect.poll(() => logged.filter((line) => line.includes('unknown shape')).length).toBe(3);
    await writeEvents(database, 's4', ['a']);
    await receiver.waitUntil((requests) => requests.length >= 1);
    await receiver.close();
  });

  it('finishes what it is sending before it closes, and no more', async () => {
    const receiver = await startWebhookReceiver();
    const endpoint = await endpointAt(database, receiver);
    receiver.answerWith(() => ({ status: 204, delayMs: 800 }));
    await writeEvents(database, 's5', ['a', 'b', 'c']);
    await receiver.waitUntil((requests) => requests.length >= 1);
    await worker.close();
    const [first, ...others] = await deliveriesIn(database, endpoint, 's5');
    expect(first).toMatchObject({ name: 'a', status: 'succeeded' });
    expect(others.map(({ attempts }) => attempts)).toEqual([0, 0]);
    worker = await startWorker({ database, queues, logger, metrics, settings: SETTINGS });
    await receiver.waitUntil((requests) => requests.length >= 3);
    expect(namesAt(receiver)).toEqual(['a', 'b', 'c']);
    await receiver.close();
  });

  async function forget(): Promise<void> {
    if (place.redis !== null) return place.redis.flush();
    await database.pool.query('DELETE FROM bullmq.job');
  }
});
