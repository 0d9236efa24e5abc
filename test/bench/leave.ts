/**
 * A leave that is entered through the API: from the request to its answer, to the new plan in force, and to the last
 * webhook that tells a changed shift. Two teams, each planned half a year ahead; the leaves are a week each, of one
 * person after the other.
 *
 * npx tsx --conditions=source test/bench/leave.ts [--leaves 10]
 *
 * API, scheduler, worker and receiver run in this one process, on a PostgreSQL that forces every commit to disk. Wall
 * time: on a busy machine it says little.
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
import { openQueues } from '@watchbill/queue';
import { createLogger, createMetrics, readSettings } from '@watchbill/runtime';
import { startScheduler } from '@watchbill/scheduler';
import { startEmbeddedPostgres } from '@watchbill/standalone';
import { startWorker } from '@watchbill/worker';
import { migrateTemplate } from '../support/migrate-template.ts';

const { values } = parseArgs({ options: { leaves: { type: 'string', default: '10' } } });
const LEAVES = Number(values.leaves);
const LIMIT_MS = 120_000;
const DAY_MS = 86_400_000;

interface Team {
  readonly id: string;
  readonly people: number;
  readonly zones: readonly string[];
  readonly handoffs: readonly string[];
  readonly roles: readonly string[];
}

const TEAMS: readonly Team[] = [
  {
    ...{ id: 'small', people: 8, zones: ['Europe/London'] },
    ...{ handoffs: ['09:00', '21:00'], roles: ['primary'] },
  },
  {
    ...{ id: 'large', people: 24, zones: ['America/Los_Angeles', 'Europe/London', 'Asia/Singapore'] },
    ...{ handoffs: ['00:00', '08:00', '16:00'], roles: ['primary', 'secondary'] },
  },
];

const peopleOf = ({ id, people }: Team): string[] =>
  Array.from({ length: people }, (_, index) => `${id}-${String(index).padStart(2, '0')}`);

function configuration(team: Team): object {
  const roster = peopleOf(team);
  return {
    version: 1,
    people: roster.map((id, index) => ({ id, name: id, timeZone: team.zones[index % team.zones.length] })),
    schedules: [
      {
        ...{ id: team.id, timeZone: 'UTC', roles: team.roles },
        rotations: team.roles.map((role) => ({
          ...{ id: role, role, strategy: 'fair', roster, handoffs: team.handoffs },
          constraints: { restHours: 11, maxUnitsIn7Days: 5 },
        })),
      },
    ],
  };
}

interface Told {
  readonly at: number;
  readonly type: string;
  readonly data: {
    readonly plan?: { readonly reason: string };
    readonly shifts?: { readonly scheduled: number; readonly changed: number; readonly cancelled: number };
  };
}

interface Receiver {
  readonly url: string;
  readonly told: Told[];
  close(): Promise<void>;
}

async function startReceiver(): Promise<Receiver> {
  const told: Told[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      told.push({ ...(JSON.parse(text) as Told), at: performance.now() });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${port}/hook`, told, close };
}

interface Leave {
  readonly answered: number;
  readonly planned: number;
  readonly told: number;
  readonly changed: number;
}

type Call = (path: string, body?: object) => Promise<Record<string, unknown>>;

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
  const receiver = await startReceiver();
  const settings = readSettings({
    ...{ DATABASE_URL: connectionString, PORT: '0', WATCHBILL_RATE_LIMIT_PER_MINUTE: '1000000' },
    ...{ LOG_LEVEL: 'silent', WATCHBILL_WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8' },
  });
  const database = openDatabase({ connectionString, max: 24 });
  const queues = openQueues({
    ...{ redis: settings.redis, postgres: { connectionString }, settings: settings.queue },
    onError: (error) => console.error(error.message),
  });
  const metrics = createMetrics({ processFigures: false });
  const tools = { database, queues, settings, metrics, logger: createLogger(settings, 'bench') };
  const scheduler = await startScheduler(tools);
  const worker = await startWorker(tools);
  const api = await startApi(tools);
  try {
    const call = callerOf(api.url, (await createFirstToken(database)) ?? '');
    const rows = [];
    for (const team of TEAMS) rows.push(rowOf(team, await leavesOf(team, { call, receiver })));
    console.table(rows);
    console.log('From the request on, in ms of wall time: middle of the leaves (the slowest).');
  } finally {
    await api.close();
    await worker.close();
    await scheduler.close();
    await queues.close();
    await database.close();
    await receiver.close();
  }
}

function callerOf(url: string, token: string): Call {
  return async (path, body) => {
    const answer = await fetch(`${url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
    return JSON.parse(text) as Record<string, unknown>;
  };
}

async function until<T>(what: string, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const end = performance.now() + LIMIT_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error(`not within ${LIMIT_MS} ms: ${what}`);
    await sleep(2);
  }
}

async function leavesOf(
  team: Team,
  { call, receiver }: { readonly call: Call; readonly receiver: Receiver },
): Promise<Leave[]> {
  await call('/v1/configuration', configuration(team));
  await until('the first plan', async () => {
    await sleep(200);
    const { data } = (await call(`/v1/schedules/${team.id}/plans`)) as { data: unknown[] };
    return data.length > 0 ? true : undefined;
  });
  await sleep(3_000);
  const endpoint = { url: receiver.url, eventTypes: ['schedule.*', 'shift.*'], schedules: [team.id] };
  await call('/v1/endpoints', endpoint);
  const leaves: Leave[] = [];
  for (let index = 0; index <= LEAVES; index += 1) {
    const person = peopleOf(team)[(index * 5) % team.people] ?? '';
    const leave = await oneLeave({ team, call, receiver }, { person, days: 10 + index * 8 });
    // The first one warms up.
    if (leave !== null && index > 0) leaves.push(leave);
  }
  return leaves;
}

/** Null where the person has nothing to give up in that week. */
async function oneLeave(
  at: { readonly team: Team; readonly call: Call; readonly receiver: Receiver },
  { person, days }: { readonly person: string; readonly days: number },
): Promise<Leave | null> {
  const { team, call, receiver } = at;
  const start = new Date(Date.now() + days * DAY_MS).toISOString();
  const end = new Date(Date.now() + (days + 7) * DAY_MS).toISOString();
  const shifts = (await call(`/v1/people/${person}/shifts?from=${start}&to=${end}`)) as { data: unknown[] };
  if (shifts.data.length === 0) return null;
  const seen = receiver.told.length;
  const from = performance.now();
  await call(`/v1/people/${person}/absences`, { start, end });
  const answered = performance.now() - from;
  const news = () => receiver.told.slice(seen);
  const published = await until(`the plan of ${team.id} without ${person}`, () =>
    news().find(({ type, data }) => type === 'schedule.published' && data.plan?.reason === 'absence'),
  );
  const { scheduled = 0, changed = 0, cancelled = 0 } = published.data.shifts ?? {};
  const last = await until('the last webhook', () => {
    const moved = news().filter(({ type }) => /^shift\.(scheduled|changed|cancelled)$/.test(type));
    return moved[scheduled + changed + cancelled - 1];
  });
  return { answered, planned: published.at - from, told: last.at - from, changed: scheduled + changed };
}

function rowOf(team: Team, leaves: readonly Leave[]): object {
  const show = (pick: (leave: Leave) => number): string => {
    const sorted = leaves.map(pick).sort((a, b) => a - b);
    const middle = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
    return `${Math.round(middle)} (${Math.round(sorted.at(-1) ?? Number.NaN)})`;
  };
  return {
    team: `${team.people} people, ${team.zones.length} zones, ${team.roles.length} roles`,
    leaves: leaves.length,
    answered: show(({ answered }) => answered),
    'plan told': show(({ planned }) => planned),
    'last change told': show(({ told }) => told),
    'shifts changed': show(({ changed }) => changed),
  };
}

await main();
