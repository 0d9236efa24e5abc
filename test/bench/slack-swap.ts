/**
 * A swap accepted in Slack: from the signed click to the signed webhooks (swap.applied and shift.changed) at a
 * receiver, and to the user group at Slack, beside the latency of the bare queue that carries the jobs.
 *
 * npx tsx --conditions=source test/bench/slack-swap.ts [--swaps 10] [--jobs 50]
 *
 * Everything is real but Slack, which is a stand-in, and runs in this process: scheduler, worker, bot, PostgreSQL and,
 * where it is installed, Redis. A running shift goes back and forth, so that each swap changes who is on call now. No
 * more swaps than Slack lets a user group be written in a minute.
 */
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { applyConfiguration, createEndpoint, linkChannel, requestSwap } from '@watchbill/commands';
import { HOUR_MS, type ScheduleDraft } from '@watchbill/core';
import { type Database, listen, openDatabase } from '@watchbill/database';
import { migrateQueues, openQueues, type Queues } from '@watchbill/queue';
import { createLogger, createMetrics, readSettings, type Settings } from '@watchbill/runtime';
import { startScheduler } from '@watchbill/scheduler';
import { startSlackbot } from '@watchbill/slackbot';
import { startWorker } from '@watchbill/worker';
import { startRedis } from '../support/redis.ts';
import { type SlackRequests, slackRequests } from '../support/slack-requests.ts';
import { type SlackServer, startSlackServer } from '../support/slack-server.ts';
import { createDatabaseOn, startTestPostgres } from '../support/test-postgres.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';
import { printTable } from './peers/rounds.ts';

const { values } = parseArgs({
  options: { swaps: { type: 'string', default: '10' }, jobs: { type: 'string', default: '50' } },
});
const SWAPS = Math.min(12, Number(values.swaps));
const JOBS = Number(values.jobs);
const SECRET = 'signing-secret-of-a-bench';
const PEOPLE = ['amara', 'benji'] as const;
const CHANNEL = 'C0PAY';
const GROUP = 'S0PAY';
/** The same for all swaps, so that whoever took it can give all of it back. */
const UNTIL = Date.now() + 6 * HOUR_MS;

interface Taken {
  readonly applied: number;
  readonly changed: number;
  readonly group: number;
  /** How long the deciding itself took: from the click to the commit. */
  readonly committed: number;
}

async function main(): Promise<void> {
  const postgres = await startTestPostgres();
  const redis = await startRedis();
  const own = await createDatabaseOn(postgres.address);
  await migrateQueues(own.connectionString);
  const slack = await startSlackServer();
  const settings = readSettings({
    ...{ DATABASE_URL: own.connectionString, SLACK_API_URL: slack.apiUrl },
    ...{ SLACK_BOT_TOKEN: 'xoxb-bench', SLACK_SIGNING_SECRET: SECRET },
    ...{ WATCHBILL_WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8', LOG_LEVEL: 'silent' },
    ...(redis === null ? {} : { REDIS_URL: redis.url }),
  });
  const database = openDatabase({ connectionString: own.connectionString, max: 30 });
  const queues = openQueues({
    ...{ redis: settings.redis, postgres: { connectionString: own.connectionString } },
    ...{ settings: settings.queue, onError: () => undefined },
  });
  try {
    const bare = await measureQueue(queues);
    const taken = await measureSwaps({ database, queues, settings, slack });
    report(queues.backend, bare, taken);
  } finally {
    await queues.close();
    await database.close();
    await slack.close();
    await redis?.stop();
    await own.drop();
    await postgres.stop();
  }
}

/** From adding a job to its handler, one after the other: the least that any event has to wait. */
async function measureQueue(queues: Queues): Promise<number[]> {
  const waits: number[] = [];
  let arrived = (): void => undefined;
  const consumer = queues.consume('events', async () => arrived(), { concurrency: 8 });
  for (let job = -10; job < JOBS; job += 1) {
    const handled = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const startedAt = performance.now();
    await queues.enqueue('events', [
      { key: `bare.${job}`, name: 'bare', payload: { id: 'none' }, traceparent: null },
    ]);
    await handled;
    if (job >= 0) waits.push(performance.now() - startedAt);
    await sleep(20);
  }
  await consumer.close();
  return waits;
}

interface Bench {
  readonly database: Database;
  readonly queues: Queues;
  readonly settings: Settings;
  readonly slack: SlackServer;
}

async function measureSwaps(bench: Bench): Promise<Taken[]> {
  const { database, queues, settings, slack } = bench;
  const receiver = await startWebhookReceiver();
  await prepare(bench, receiver);
  const logger = createLogger(settings, 'bench');
  const metrics = createMetrics();
  const scheduler = await startScheduler({ database, queues, logger, metrics, settings });
  const worker = await startWorker({ database, queues, logger, metrics, settings });
  const bot = startSlackbot({ database, logger, metrics, settings });
  const server = createServer(bot.httpHandler ?? undefined);
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/slack/events`;
  const requests = slackRequests(slack, url, SECRET);
  try {
    await slack.waitUntil((calls) => calls.some(({ method }) => method === 'usergroups.users.update'));
    const taken: Taken[] = [];
    for (let swap = -1; swap < SWAPS; swap += 1) {
      const one = await measureOne({ ...bench, receiver, requests }, swap);
      // The first one warms up.
      if (swap >= 0) taken.push(one);
    }
    return taken;
  } finally {
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
    await bot.close();
    await scheduler.close();
    await worker.close();
    await receiver.close();
  }
}

async function measureOne(
  bench: Bench & { readonly receiver: WebhookReceiver; readonly requests: SlackRequests },
  round: number,
): Promise<Taken> {
  const { database, slack, receiver, requests } = bench;
  const { rows } = await database.pool.query<{ person: (typeof PEOPLE)[number] }>(
    `SELECT person FROM watchbill.shifts WHERE status = 'active' AND starts_at <= now() AND ends_at > now()`,
  );
  const giver = rows[0]?.person ?? 'amara';
  const taker = giver === 'amara' ? 'benji' : 'amara';
  const now = Date.now();
  const requested = await requestSwap(
    { database, actor: giver, caller: { person: giver } },
    {
      ...{ kind: 'cover', person: giver, to: { kind: 'person', person: taker } },
      gives: [{ schedule: 'payments', role: 'primary', start: now, end: UNTIL }],
    },
  );
  if (!requested.ok) throw new Error(requested.error.message);
  const place = `D0${taker.toUpperCase()}`;
  const text = (): string => JSON.stringify(slack.state.messages.filter(({ channel }) => channel === place));
  while (!text().includes(requested.value.id)) await sleep(5);
  // Nothing of the request is under way any more.
  await sleep(1_200);
  const before = receiver.requests.length;
  slack.forget();
  const startedAt = performance.now();
  const since = (): number => performance.now() - startedAt;
  const webhook = async (type: string): Promise<number> => {
    await receiver.waitUntil((all) =>
      all.slice(before).some((each) => each.type === type && each.signature === 'valid'),
    );
    return since();
  };
  const group = async (): Promise<number> => {
    await slack.waitUntil((calls) => calls.some(({ method }) => method === 'usergroups.users.update'));
    return since();
  };
  const waits = [webhook('swap.applied'), webhook('shift.changed'), group(), commit(since, bench)] as const;
  const click = { action_id: 'swap_accept', value: requested.value.id };
  const user = `U0${taker.toUpperCase()}`;
  const ack = await requests.action(click, { user, channel: place, message: { ts: `1.${round + 2}` } });
  if (ack.status !== 200) throw new Error(`the click was answered ${ack.status}`);
  const [applied, changed, synced, committed] = await Promise.all(waits);
  return { applied, changed, group: synced, committed };
}

/** When the outbox tells of a change: as soon as its transaction is committed. */
async function commit(since: () => number, { settings }: Bench): Promise<number> {
  return new Promise((resolve, reject) => {
    const listener = listen({
      connectionString: settings.databaseUrl,
      channels: ['watchbill_schedule'],
      onNotify: () => {
        const at = since();
        listener.close().then(() => resolve(at), reject);
      },
    });
  });
}

/** Two people, one schedule that began long ago, a linked channel with a user group, and an endpoint. */
async function prepare({ database, slack }: Bench, receiver: WebhookReceiver): Promise<void> {
  const context = { database, actor: 'bench' };
  for (const id of PEOPLE) {
    const account = `U0${id.toUpperCase()}`;
    slack.addUser({ id: account, name: id, realName: id, email: `${id}@example.com`, tz: 'UTC' });
  }
  slack.addChannel({ id: CHANNEL, name: 'payments' });
  slack.addGroup({ id: GROUP, handle: 'payments-oncall', users: [] });
  const schedule: ScheduleDraft = {
    ...{ id: 'payments', timeZone: 'UTC', team: 'payments' },
    rotations: [
      {
        ...{ id: 'week', strategy: 'in_order', roster: [...PEOPLE] },
        ...{ cadence: { every: 1, unit: 'week' }, start: '2020-01-06T09:00' },
      },
    ],
  };
  const team = { id: 'payments', name: 'Payments', members: [...PEOPLE], managers: [] };
  const applied = await applyConfiguration(context, {
    ...{ source: 'bench', dryRun: false },
    configuration: {
      people: PEOPLE.map((id) => {
        const definition = { id, name: id, timeZone: 'UTC', slack: `U0${id.toUpperCase()}` };
        return { id, name: id, email: null, timeZone: 'UTC', definition };
      }),
      teams: [{ id: 'payments', name: 'Payments', definition: team }],
      schedules: [{ id: 'payments', team: 'payments', timeZone: 'UTC', definition: schedule, holidays: [] }],
    },
  });
  if (!applied.ok) throw new Error(applied.error.message);
  const link = { workspace: slack.state.team.id, channel: CHANNEL, schedule: 'payments' };
  const linked = await linkChannel(context, { ...link, settings: { userGroup: GROUP, shiftPosts: false } });
  if (!linked.ok) throw new Error(linked.error.message);
  const endpoint = { url: receiver.url, description: '', eventTypes: ['swap.*', 'shift.*'], schedules: null };
  const made = await createEndpoint(context, endpoint, { plainHttp: true });
  if (!made.ok) throw new Error(made.error.message);
  receiver.trust(made.value.secret ?? '');
}

function report(backend: string, bare: readonly number[], taken: readonly Taken[]): void {
  const base = median(bare);
  const rows: readonly (readonly [string, readonly number[]])[] = [
    ['bare queue: added to handled', bare],
    ['click → committed', taken.map(({ committed }) => committed)],
    ['click → webhook swap.applied', taken.map(({ applied }) => applied)],
    ['click → webhook shift.changed', taken.map(({ changed }) => changed)],
    ['click → user group at Slack', taken.map(({ group }) => group)],
  ];
  console.log(`\n${taken.length} swaps, queues on ${backend}`);
  printTable(
    ['', 'median ms', 'worst ms', 'ratio to the bare queue'],
    rows.map(([name, waits]) => {
      const ratio = (median(waits) / base).toFixed(1);
      return [name, median(waits).toFixed(1), Math.max(...waits).toFixed(1), ratio];
    }),
  );
  const result = Object.fromEntries(rows.map(([name, waits]) => [name, { medianMs: median(waits) }]));
  console.log(`\n${JSON.stringify({ bench: 'slack-swap', backend, swaps: taken.length, result })}`);
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

await main();
