import { acknowledgePage, deleteProvider, resolvePage } from '@watchbill/commands';
import { type Database, findPage, openDatabase, setClock } from '@watchbill/database';
import type { Queues } from '@watchbill/queue';
import { createLogger, createMetrics, type Metrics } from '@watchbill/runtime';
import { type Scheduler, startScheduler } from '@watchbill/scheduler';
import { startWorker, type Worker } from '@watchbill/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProviderServer } from '../support/provider-server.ts';
import { redisAvailable } from '../support/redis.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';
import { accepted, HORIZON, instantOf } from './apply-fixture.ts';
import { applyPolicies, person, policyOf, role, step, trigger } from './page-fixture.ts';
import { KEYS, providerAt } from './provider-fixture.ts';
import { BACKENDS, eventually, type QueuePlace, startQueuePlace } from './queue-places.ts';

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
const SECOND_MS = 1_000;
const quick = { waitMs: SECOND_MS };

const backends = BACKENDS.filter((backend) => backend !== 'redis' || redisAvailable());

describe.each(backends)('pages between scheduler and worker, queues in %s', (backend) => {
  let place: QueuePlace;
  let database: Database;
  let queues: Queues;
  let scheduler: Scheduler;
  let worker: Worker;
  let receiver: WebhookReceiver;
  const metrics: Metrics = createMetrics({ processFigures: false });
  const logger = createLogger({ logLevel: 'silent' }, 'test');
  const world = () => ({
    ...{ database, context: { database, actor: 'tester', horizon: HORIZON } },
    ...{ at: async (text: string | number) => Number(text), close: async () => undefined },
  });

  beforeAll(async () => {
    place = await startQueuePlace(backend);
    database = openDatabase({ connectionString: place.database.connectionString, max: 20 });
    queues = place.open();
    receiver = await startWebhookReceiver();
    // A day of the schedules in a few minutes: the waits of pages are real time all the same.
    await setClock(database, { factor: 60, start: instantOf('2026-12-01T12:00:00Z') });
    await applyPolicies(world(), [
      policyOf('quick', [
        step([role('support')], quick),
        step([person('dev')], quick),
        step([person('eve')], quick),
      ]),
    ]);
    const tools = { database, queues, logger, metrics };
    scheduler = await startScheduler({ ...tools, settings: SETTINGS });
    const alive = { aliveUrl: `${receiver.url}/ping?key=1`, aliveSeconds: 1 };
    const settings = { ...SETTINGS, ...alive, secretKeys: KEYS };
    worker = await startWorker({ ...tools, settings });
  });
  afterAll(async () => {
    await scheduler.close();
    await worker.close();
    await queues.close();
    await database.close();
    await receiver.close();
    await place.stop();
  });

  const stepsOf = async (page: string) => (await findPage(database, page))?.steps ?? [];

  it('fires every step after its wait, by real time, until somebody acknowledges', async () => {
    const { page } = await trigger(world(), { policy: 'quick' });
    const { page: taken } = await trigger(world(), { policy: 'quick' });
    accepted(await acknowledgePage(world().context, { page: taken, by: 'ann', via: 'slack' }));
    await eventually('all steps of the page', async () => (await stepsOf(page)).length === 3);
    const steps = await stepsOf(page);
    expect(steps.map(({ told }) => told[0]?.person)).toEqual(['ann', 'dev', 'eve']);
    for (const [index, { firedAt, lateMs }] of steps.entries()) {
      const before = steps[index - 1];
      if (before === undefined) continue;
      expect(firedAt - before.firedAt).toBe(SECOND_MS + lateMs);
    }
    expect(await stepsOf(taken)).toHaveLength(1);
    const text = await metrics.text();
    expect(text).toMatch(/watchbill_page_step_lateness_seconds_count [2-9]/);
    expect(text).toMatch(/watchbill_pages_open\{state="acknowledged",urgency="high"\} 1/);
    expect(text).toMatch(/watchbill_page_acknowledge_seconds\{quantile="0.5"\} 0\.\d+/);
    expect(text).toMatch(/watchbill_page_wakes_total\{kind="pages"\} [1-9]/);
  });

  it('fires what the queue has lost', async () => {
    const { page } = await trigger(world(), { policy: 'quick' });
    await database.pool.query(
      `CREATE OR REPLACE FUNCTION watchbill.forget() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN RETURN NULL; END $$;
       CREATE TRIGGER forget BEFORE INSERT ON outbox FOR EACH ROW WHEN (NEW.queue = 'pages') EXECUTE FUNCTION watchbill.forget()`,
    );
    await eventually('a wake-up that got lost', async () => {
      const { rows } = await database.pool.query('SELECT 1 FROM pages WHERE id = $1 AND wake_at > due_at', [
        page,
      ]);
      return rows.length === 1;
    });
    await database.pool.query('DROP TRIGGER forget ON outbox');
    await eventually('all steps of the page', async () => (await stepsOf(page)).length === 3);
    expect((await stepsOf(page)).map(({ number }) => number)).toEqual([1, 2, 3]);
  });

  it('forwards pages to another provider, in order, over everything that breaks', async () => {
    const server = await startProviderServer();
    const provider = await providerAt(world(), server);
    server.faultWith(() => (server.calls.length === 0 ? { status: 500 } : undefined));
    const { page } = await trigger(world(), { policy: 'quick' });
    accepted(await acknowledgePage(world().context, { page, by: 'ann', via: 'slack' }));
    accepted(await resolvePage(world().context, { page, by: 'ann', via: 'slack' }));
    await server.waitUntil(() => server.incidents[0]?.status === 'resolved');
    expect(server.incidents).toMatchObject([
      { key: page, log: ['trigger: Checkout is down', 'acknowledge', 'resolve'] },
    ]);
    accepted(await deleteProvider(world().context, { provider: provider.id }));
    await server.close();
  });

  it("calls the dead man's switch while the scheduler lives, and no longer", async () => {
    await receiver.waitUntil((requests) => requests.length >= 2);
    await scheduler.close();
    await database.pool.query(`UPDATE scheduler_tick SET ticked_at = ticked_at - interval '1 minute'`);
    // One may be on its way at this moment; none after it.
    await new Promise((done) => setTimeout(done, 2 * SECOND_MS));
    const called = receiver.requests.length;
    await new Promise((done) => setTimeout(done, 2.5 * SECOND_MS));
    expect(receiver.requests.length).toBe(called);
    await database.pool.query('UPDATE scheduler_tick SET ticked_at = clock_timestamp()');
    await receiver.waitUntil((requests) => requests.length > called);
  });
});
