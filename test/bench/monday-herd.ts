/**
 * The Monday herd: every schedule hands off at the same instant. How long until the last `shift.started` is stored,
 * is in the queue and reached a consumer, on both backends of the queue, beside a bare queue that is given as many
 * jobs, and beside what somebody who polls every 5 s must expect.
 *
 * npx tsx --conditions=source test/bench/monday-herd.ts [--schedules 10000] [--rounds 2]
 *
 * Scheduler and worker run in this one process, on a PostgreSQL that forces every commit to disk.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { applyBoundaries } from '@watchbill/commands';
import { type Database, openDatabase, resetClock, setClock } from '@watchbill/database';
import { openQueues, type Queues } from '@watchbill/queue';
import { createLogger, createMetrics, SETTING_DEFAULTS } from '@watchbill/runtime';
import { startScheduler } from '@watchbill/scheduler';
import { startEmbeddedPostgres } from '@watchbill/standalone';
import { migrateTemplate } from '../support/migrate-template.ts';
import { startRedis } from '../support/redis.ts';

const { values } = parseArgs({
  options: { schedules: { type: 'string', default: '10000' }, rounds: { type: 'string', default: '2' } },
});
const SCHEDULES = Number(values.schedules);
const ROUNDS = Number(values.rounds);
const HERD_AT = Date.UTC(2030, 0, 7, 9);
const LEAD_MS = 1_500;
const LIMIT_MS = 300_000;
const BARE_BATCH = 500;
const CONCURRENCY = { boundaries: 4, events: 8 } as const;
const POLL_MS = 5_000;
const CLOCK_TICK_MS = 10;

interface Spread {
  readonly p50: number;
  readonly p99: number;
  readonly last: number;
}

interface Round {
  readonly fired: Spread;
  readonly applied: Spread;
  readonly queued: Spread;
  readonly received: Spread;
  /** Of scheduler and worker, in ms for each schedule. */
  readonly cpuMs: number;
  /** Of PostgreSQL, likewise; null where the system does not tell. */
  readonly databaseCpuMs: number | null;
  readonly bare: { readonly addedMs: number; readonly receivedMs: number };
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'watchbill-bench-'));
  const postgres = await startEmbeddedPostgres({ stateFolder: folder, databases: ['bench'] });
  const redis = await startRedis({ appendOnly: false });
  const database = openDatabase({ connectionString: postgres.connectionString, max: 16 });
  const rounds: Record<string, Round[]> = {};
  try {
    await migrateTemplate(postgres.connectionString);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const backend of redis === null ? (['postgres'] as const) : (['redis', 'postgres'] as const)) {
        const place =
          backend === 'redis' ? { redis: { kind: 'server', url: redis?.url ?? '' } as const } : {};
        const open = (): Queues =>
          openQueues({
            ...place,
            postgres: { connectionString: postgres.connectionString },
            onError: (error) => console.error(error.message),
          });
        const bare = await runBare(open());
        rounds[backend] = [
          ...(rounds[backend] ?? []),
          { ...(await runHerd(database, open(), postgres.pid)), bare },
        ];
      }
    }
  } finally {
    await database.close();
    await redis?.stop();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  report(rounds);
}

/** As many jobs as there are `shift.started`, added in bulks and received, with nothing of ours around. */
async function runBare(queues: Queues): Promise<Round['bare']> {
  let received = 0;
  const mark = Math.random().toString(36).slice(2);
  const consumer = queues.consume(
    'events',
    async () => {
      received += 1;
    },
    { concurrency: CONCURRENCY.events },
  );
  const startedAt = performance.now();
  for (let first = 0; first < SCHEDULES; first += BARE_BATCH) {
    const count = Math.min(BARE_BATCH, SCHEDULES - first);
    await queues.enqueue(
      'events',
      Array.from({ length: count }, (_, index) => ({
        key: `bare.${mark}.${first + index}`,
        name: 'shift.started',
        payload: { id: `evt_${first + index}` },
        traceparent: null,
      })),
    );
  }
  const addedMs = performance.now() - startedAt;
  await until('the bare queue', async () => received >= SCHEDULES);
  const receivedMs = performance.now() - startedAt;
  await consumer.close();
  await queues.close();
  return { addedMs, receivedMs };
}

async function runHerd(database: Database, queues: Queues, postmaster: number): Promise<Omit<Round, 'bare'>> {
  await seed(database);
  const logger = createLogger({ logLevel: 'error' }, 'bench');
  const receivedAt: number[] = [];
  queues.consume(
    'boundaries',
    async ({ payload }) => {
      await applyBoundaries(database, payload.schedules as string[]);
    },
    { concurrency: CONCURRENCY.boundaries },
  );
  queues.consume(
    'events',
    async ({ payload }) => {
      const at = performance.now();
      const facts = Array.isArray(payload.events) ? (payload.events as { type: string }[]) : [payload];
      for (const { type } of facts) if (type === 'shift.started') receivedAt.push(at);
    },
    { concurrency: CONCURRENCY.events },
  );
  await setClock(database, { factor: 1, start: HERD_AT - LEAD_MS });
  const dueAt = performance.now() + LEAD_MS;
  const scheduler = await startScheduler({
    database,
    queues,
    logger,
    metrics: createMetrics({ processFigures: false }),
    settings: { ...SETTING_DEFAULTS },
  });
  const cpu = process.cpuUsage();
  const databaseCpu = cpuOfChildren(postmaster);
  await until('every shift.started to be received', async () => receivedAt.length >= SCHEDULES);
  const { user, system } = process.cpuUsage(cpu);
  const databaseCpuAfter = cpuOfChildren(postmaster);
  await until(
    'the outbox to be empty',
    async () => (await count(database, 'outbox WHERE published_at IS NULL')) === 0,
  );
  await scheduler.close();
  await queues.close();
  const lost = SCHEDULES * 3 - (await count(database, 'events'));
  if (lost !== 0 || receivedAt.length !== SCHEDULES) {
    throw new Error(`${lost} events are missing, ${receivedAt.length - SCHEDULES} were received twice.`);
  }
  const result = {
    fired: await lateness(database, `SELECT fired_at AS at FROM boundaries WHERE kind = 'shift.started'`),
    applied: await lateness(database, `SELECT applied_at AS at FROM boundaries WHERE kind = 'shift.started'`),
    queued: await lateness(
      database,
      `SELECT published_at + (SELECT virtual_origin - real_origin FROM clock) AS at FROM outbox,
         jsonb_array_elements(coalesce(payload->'events', jsonb_build_array(payload))) AS fact
       WHERE queue = 'events' AND fact->>'type' = 'shift.started'`,
    ),
    received: spread(receivedAt.map((at) => at - dueAt)),
    cpuMs: (user + system) / 1_000 / SCHEDULES,
    databaseCpuMs:
      databaseCpu === null || databaseCpuAfter === null ? null : (databaseCpuAfter - databaseCpu) / SCHEDULES,
  };
  await resetClock(database);
  return result;
}

/** Each schedule has a shift that ends, a handoff, and a shift that starts, at the same instant. */
async function seed(database: Database): Promise<void> {
  await database.pool.query(
    `TRUNCATE outbox, boundaries, schedule_cursors, schedules, events, deliveries, delivery_lanes, attempts,
       endpoints, shifts, gaps, overrides, schedule_revisions, feeds, people CASCADE;
     UPDATE stream_head SET position = 0, wake_at = NULL`,
  );
  const at = new Date(HERD_AT).toISOString();
  const insert = (text: string) => database.pool.query(text, [at, SCHEDULES]);
  await database.pool.query(
    `INSERT INTO people (id, name, time_zone, definition, updated_at) VALUES
       ('ann', 'Ann', 'UTC', '{}', now()), ('ben', 'Ben', 'UTC', '{}', now())`,
  );
  await insert(
    `INSERT INTO schedules (id, time_zone, revision, horizon_until, created_at, updated_at)
     SELECT 's' || n, 'UTC', 1, $1::timestamptz + interval '10 years', now(), now() FROM generate_series(1, $2::int) AS n`,
  );
  await insert(
    `INSERT INTO shifts (id, schedule_id, role, seat, person, starts_at, ends_at, revision, created_at, updated_at)
     SELECT side || n, 's' || n, 'primary', '1', CASE side WHEN 'a' THEN 'ann' ELSE 'ben' END,
       $1::timestamptz - CASE side WHEN 'a' THEN interval '7 days' ELSE interval '0' END,
       $1::timestamptz + CASE side WHEN 'a' THEN interval '0' ELSE interval '7 days' END, 1, now(), now()
     FROM generate_series(1, $2::int) AS n, unnest(ARRAY['a', 'b']) AS side`,
  );
  await insert(
    `INSERT INTO boundaries (schedule_id, due_at, rank, kind, shift_id, detail, revision)
     SELECT 's' || n, $1::timestamptz, rank, kind, CASE rank WHEN 0 THEN 'a' || n WHEN 2 THEN 'b' || n END,
       CASE rank WHEN 1 THEN '{"role": "primary", "outgoing": ["ann"], "incoming": ["ben"]}'::jsonb ELSE '{}' END, 1
     FROM generate_series(1, $2::int) AS n,
       (VALUES (0, 'shift.ended'), (1, 'handoff.completed'), (2, 'shift.started')) AS each (rank, kind)`,
  );
  await insert(
    `INSERT INTO schedule_cursors (schedule_id, next_due_at)
     SELECT 's' || n, $1::timestamptz FROM generate_series(1, $2::int) AS n`,
  );
  await database.pool.query('VACUUM ANALYZE');
}

/** The sum of some fields of a process's line in /proc: 11 and 12 are its own time, 13 and 14 that of ended children. */
function cpuTicks(pid: number, fields: readonly number[]): number {
  const line = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return fields.reduce((sum, field) => sum + Number(line[field]), 0);
}

/** CPU time of all processes under the postmaster, ended ones too, in ms; Linux only. */
function cpuOfChildren(postmaster: number): number | null {
  try {
    const children = readFileSync(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8')
      .trim()
      .split(' ');
    const own = children.reduce((sum, pid) => sum + cpuTicks(Number(pid), [11, 12]), 0);
    return (own + cpuTicks(postmaster, [13, 14])) * CLOCK_TICK_MS;
  } catch {
    return null;
  }
}

async function lateness(database: Database, rows: string): Promise<Spread> {
  const result = await database.pool.query<{ ms: number }>(
    `SELECT (extract(epoch FROM at - $1::timestamptz) * 1000)::double precision AS ms FROM (${rows}) AS each`,
    [new Date(HERD_AT).toISOString()],
  );
  return spread(result.rows.map((row) => row.ms));
}

function spread(list: readonly number[]): Spread {
  const sorted = [...list].sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), last: sorted.at(-1) ?? 0 };
}

async function count(database: Database, from: string): Promise<number> {
  const { rows } = await database.pool.query<{ count: string }>(`SELECT count(*) FROM ${from}`);
  return Number(rows[0]?.count);
}

async function until(what: string, seen: () => Promise<boolean>): Promise<void> {
  const startedAt = performance.now();
  while (!(await seen())) {
    if (performance.now() - startedAt > LIMIT_MS) throw new Error(`not within ${LIMIT_MS} ms: ${what}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** The round whose last job was in the queue first: the machine disturbed it least. */
function report(rounds: Readonly<Record<string, readonly Round[]>>): void {
  const best = Object.entries(rounds).map(([backend, list]) => {
    const [first] = [...list].sort((a, b) => a.queued.last - b.queued.last);
    if (first === undefined) throw new Error('no round was run');
    return { backend, ...first };
  });
  const ms = (value: number): string => value.toFixed(0).padStart(7);
  const line = (name: string, { p50, p99, last }: Spread): string =>
    `  ${name.padEnd(44)} ${ms(p50)} ${ms(p99)} ${ms(last)}`;
  console.log(`The Monday herd: ${SCHEDULES} schedules hand off at one instant (best of ${ROUNDS} rounds).`);
  console.log(`Lateness in ms ${' '.repeat(36)} p50     p99    last`);
  for (const { backend, bare, cpuMs, databaseCpuMs, ...round } of best) {
    console.log(`queues in ${backend}`);
    console.log(line('claimed by the ticker', round.fired));
    console.log(line('shift.started stored (applied)', round.applied));
    console.log(line('shift.started in the queue', round.queued));
    console.log(line('shift.started received by a consumer', round.received));
    console.log(
      `  a bare queue: ${SCHEDULES} jobs added in ${ms(bare.addedMs)} ms, received in ${ms(bare.receivedMs)} ms`,
    );
    const databaseCpu = databaseCpuMs === null ? '' : `, of PostgreSQL ${databaseCpuMs.toFixed(2)} ms`;
    console.log(`  CPU a schedule: of scheduler and worker ${cpuMs.toFixed(2)} ms${databaseCpu}`);
  }
  const poll = { p50: POLL_MS / 2, p99: POLL_MS * 0.99, last: POLL_MS };
  console.log(line('somebody who polls every 5 s, before any work', poll));
  console.log(JSON.stringify({ bench: 'monday-herd', schedules: SCHEDULES, rounds: ROUNDS, best, poll }));
}

await main();
