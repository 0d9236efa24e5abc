/**
 * A storm: ten thousand triggers of a hundred keys in ten seconds through one PagerDuty intake, sent again while it has
 * no room, as senders do. Beside it a quiet intake sends five a second, before the storm and during it: it must not
 * starve. What is stored is checked before anything is printed: a hundred pages, and every trigger counted.
 *
 * npx tsx --conditions=source test/bench/page-storm.ts [--triggers 10000] [--keys 100] [--seconds 10]
 *
 * API, scheduler and worker run in this one process, on a PostgreSQL that forces every commit to disk.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startApi } from '@watchbill/api';
import { createFirstToken } from '@watchbill/commands';
import { type Database, openDatabase } from '@watchbill/database';
import { openQueues } from '@watchbill/queue';
import { createLogger, createMetrics, readSettings } from '@watchbill/runtime';
import { startScheduler } from '@watchbill/scheduler';
import { startEmbeddedPostgres } from '@watchbill/standalone';
import { startWorker } from '@watchbill/worker';
import { migrateTemplate } from '../support/migrate-template.ts';

const { values } = parseArgs({
  options: {
    triggers: { type: 'string', default: '10000' },
    keys: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '10' },
  },
});
const TRIGGERS = Number(values.triggers);
const KEYS = Number(values.keys);
const STORM_MS = Number(values.seconds) * 1_000;
const QUIET_EVERY_MS = 200;
/** Of one sender. */
const CONNECTIONS = 100;
const CALM_MS = 3_000;
/** The most that an intake can be set to. */
const RATE_PER_MINUTE = 12_000;
const CONFIGURATION = {
  version: 1,
  people: [{ id: 'amara', name: 'Amara Okafor', timeZone: 'Europe/London' }],
  escalationPolicies: [{ id: 'bench', steps: [{ notify: [{ person: 'amara' }], wait: '1h' }] }],
};

interface Told {
  readonly ms: number;
  readonly sentAgain: number;
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'watchbill-bench-'));
  const postgres = await startEmbeddedPostgres({ stateFolder: folder, databases: ['bench'] });
  try {
    await migrateTemplate(postgres.connectionString);
    await measure(postgres.connectionString);
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(connectionString: string): Promise<void> {
  const settings = readSettings({
    ...{ DATABASE_URL: connectionString, PORT: '0', LOG_LEVEL: 'silent' },
    WATCHBILL_RATE_LIMIT_PER_MINUTE: '1000000',
  });
  const database = openDatabase({ connectionString, max: 24 });
  const queues = openQueues({
    ...{ redis: null, postgres: { connectionString }, settings: settings.queue },
    onError: (error) => console.error(error.message),
  });
  const tools = { database, queues, settings, logger: createLogger(settings, 'bench') };
  const metrics = createMetrics({ processFigures: false });
  const scheduler = await startScheduler({ ...tools, metrics });
  const worker = await startWorker({ ...tools, metrics });
  const api = await startApi({ ...tools, metrics });
  try {
    const post = poster(api.url, (await createFirstToken(database)) ?? '');
    await post('/v1/configuration', CONFIGURATION);
    const loud = await post('/v1/intakes', intakeOf('loud'));
    const quiet = await post('/v1/intakes', intakeOf('quiet'));
    const calm = await quietly(api.url, quiet.key, sleep(CALM_MS));
    const start = performance.now();
    const cpu = process.cpuUsage();
    const storm = stormOn(api.url, loud.key);
    const during = await quietly(api.url, quiet.key, storm);
    const tookMs = performance.now() - start;
    const { user, system } = process.cpuUsage(cpu);
    const stored = await check(database, loud.intake.id);
    report({ told: await storm, calm, during, tookMs, cpuMs: (user + system) / 1_000, stored });
  } finally {
    for (const agent of agents.values()) agent.destroy();
    await api.close();
    await worker.close();
    await scheduler.close();
    await queues.close();
    await database.close();
  }
}

function intakeOf(name: string): object {
  return { name, kind: 'pagerduty', policy: 'bench', settings: { ratePerMinute: RATE_PER_MINUTE } };
}

function poster(url: string, token: string) {
  return async (path: string, body: object): Promise<{ key: string; intake: { id: string } }> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as { key: string; intake: { id: string } };
  };
}

/** Sends one trigger until it is taken. */
async function tell(url: string, key: string, dedupKey: string): Promise<Told> {
  const start = performance.now();
  const payload = { summary: `Trouble of ${dedupKey}`, source: 'bench', severity: 'critical' };
  const body = JSON.stringify({ routing_key: key, event_action: 'trigger', dedup_key: dedupKey, payload });
  for (let sentAgain = 0; ; sentAgain += 1) {
    const status = await statusOf(`${url}/v2/enqueue`, key, body);
    if (status === 202) return { ms: performance.now() - start, sentAgain };
    if (status !== 429) throw new Error(`the intake answered ${status}`);
    await sleep(100);
  }
}

/** Each sender has connections of its own, and keeps them. */
const agents = new Map<string, Agent>();

function statusOf(url: string, key: string, body: string): Promise<number> {
  const agent = agents.get(key) ?? new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  agents.set(key, agent);
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sent = request(url, { method: 'POST', agent, headers }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode ?? 0));
      answer.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

async function stormOn(url: string, key: string): Promise<Told[]> {
  const start = performance.now();
  const sent: Promise<Told>[] = [];
  for (let index = 0; index < TRIGGERS; index += 1) {
    const wait = start + (index * STORM_MS) / TRIGGERS - performance.now();
    if (wait > 1) await sleep(wait);
    sent.push(tell(url, key, `key ${index % KEYS}`));
  }
  return Promise.all(sent);
}

/** Sends a little, each with a key of its own, until something else is over. */
async function quietly(url: string, key: string, until: Promise<unknown>): Promise<number[]> {
  let over = false;
  const end = until.finally(() => {
    over = true;
  });
  const sent: Promise<Told>[] = [];
  const mark = Math.random().toString(36).slice(2);
  while (!over) {
    sent.push(tell(url, key, `quiet ${mark} ${sent.length % 20}`));
    await sleep(QUIET_EVERY_MS);
  }
  await end;
  return (await Promise.all(sent)).map(({ ms }) => ms);
}

async function check(database: Database, intake: string): Promise<string> {
  const { rows } = await database.pool.query<{ pages: number; counted: number }>(
    `SELECT count(*)::int AS pages, sum(1 + repeats)::int AS counted FROM pages WHERE intake = $1 AND NOT folds`,
    [intake],
  );
  const { pages, counted } = rows[0] ?? { pages: 0, counted: 0 };
  if (pages !== KEYS || counted !== TRIGGERS) {
    throw new Error(`${pages} pages with ${counted} triggers; ${KEYS} with ${TRIGGERS} were sent`);
  }
  return `${pages} pages, ${counted} triggers counted`;
}

function at(list: readonly number[], share: number): string {
  const sorted = [...list].sort((a, b) => a - b);
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN).toFixed(1);
}

function report(of: {
  readonly told: readonly Told[];
  readonly calm: readonly number[];
  readonly during: readonly number[];
  readonly tookMs: number;
  readonly cpuMs: number;
  readonly stored: string;
}): void {
  const { told, calm, during, tookMs, cpuMs, stored } = of;
  const again = told.reduce((sum, { sentAgain }) => sum + sentAgain, 0);
  const row = (name: string, list: readonly number[]): void =>
    console.log(
      `  ${name.padEnd(34)} p50 ${at(list, 0.5).padStart(7)}  p99 ${at(list, 0.99).padStart(7)} ms`,
    );
  console.log(`${TRIGGERS} triggers of ${KEYS} keys, sent within ${STORM_MS / 1_000} s: ${stored}`);
  console.log(
    `  all taken after ${(tookMs / 1_000).toFixed(1)} s; ${again} sent again after 429; ` +
      `${(cpuMs / told.length).toFixed(2)} ms of CPU for one, with its sender`,
  );
  row(
    'the storm itself',
    told.map(({ ms }) => ms),
  );
  row('a quiet intake, before', calm);
  row('a quiet intake, during the storm', during);
}

await main();
