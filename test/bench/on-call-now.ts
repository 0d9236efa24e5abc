/**
 * Who is on call now, over HTTP: from memory and from PostgreSQL, with 10 to 10,000 schedules, beside a bare route of
 * the same kind of server and a bare node:http server.
 *
 * npx tsx --conditions=source test/bench/on-call-now.ts [--requests 4000] [--rounds 5] [--most 10000]
 *
 * CPU of the serving process for each request, the least of all rounds; the load comes from a process of its own, over
 * connections that stay open. Every request carries a token and asks for another schedule. The order of the contenders
 * changes with every round.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { parseArgs } from 'node:util';
import { startApi } from '@watchbill/api';
import { createFirstToken } from '@watchbill/commands';
import { type Database, openDatabase } from '@watchbill/database';
import { openQueues } from '@watchbill/queue';
import { createLogger, createMetrics } from '@watchbill/runtime';
import Fastify from 'fastify';
import { createDatabaseOn, startTestPostgres } from '../support/test-postgres.ts';

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '4000' },
    rounds: { type: 'string', default: '5' },
    most: { type: 'string', default: '10000' },
    load: { type: 'boolean', default: false },
  },
});
const REQUESTS = Number(values.requests);
const ROUNDS = Number(values.rounds);
const SIZES = [10, 100, 1_000, 10_000].filter((size) => size <= Number(values.most));
const CONNECTIONS = 8;
const WEEKS_BEFORE = 4;
const WEEKS_AHEAD = 8;

interface Drive {
  readonly port: number;
  readonly path: string;
  readonly token: string;
  /** Requests ask for `<path>0` to `<path><spread - 1>`; 0 asks for the path itself. */
  readonly spread: number;
  readonly requests: number;
}

interface Contender {
  readonly name: string;
  readonly drive: Omit<Drive, 'requests'>;
}

interface Cost {
  cpuMicros: number;
  perSecond: number;
}

/** Writes schedules straight into the tables: what is measured is reading. */
async function seed(database: Database, from: number, to: number): Promise<void> {
  await database.pool.query(`INSERT INTO schedules (id, time_zone, revision, horizon_until, created_at, updated_at)
    SELECT 's' || n, 'UTC', 1, now() + interval '${WEEKS_AHEAD} weeks', now(), now() FROM generate_series(${from}, ${to - 1}) n`);
  await database.pool.query(`INSERT INTO schedule_revisions
    SELECT 's' || n, 1, 1, now(), '{"rotations": []}', '[]' FROM generate_series(${from}, ${to - 1}) n`);
  await database.pool.query(`INSERT INTO shifts (id, schedule_id, role, seat, person, rotation, starts_at, ends_at, revision, created_at, updated_at)
    SELECT 's' || n || '-' || w, 's' || n, 'primary', 'w/0', 'p' || ((n + w + 100) % 5), 'w',
      now() + w * interval '1 week' - interval '1 hour', now() + (w + 1) * interval '1 week' - interval '1 hour', 1, now(), now()
    FROM generate_series(${from}, ${to - 1}) n, generate_series(${-WEEKS_BEFORE}, ${WEEKS_AHEAD}) w`);
  await database.pool.query('ANALYZE');
}

const SETTINGS = {
  ...{ host: '127.0.0.1', port: 0, publicUrl: 'http://localhost', rateLimitPerMinute: 1_000_000_000 },
  ...{ signInProviders: [], notify: { mail: null, twilio: null, ntfy: null } },
  ...{ horizonWeeks: WEEKS_AHEAD, startingSoonMinutes: [], trustedProxies: [], webhookAllowedNetworks: [] },
};

async function main(): Promise<void> {
  const postgres = await startTestPostgres();
  const made = await createDatabaseOn(postgres.address);
  const { connectionString } = made;
  const database = openDatabase({ connectionString });
  const queues = openQueues({ postgres: { connectionString }, onError: () => undefined });
  const common = {
    ...{ queues, logger: createLogger({ logLevel: 'error' }, 'bench'), metrics: createMetrics() },
    settings: SETTINGS,
  };
  const token = (await createFirstToken(database)) ?? '';
  const remembering = await startApi({ ...common, database });
  // Its notices cannot reach it, so it answers every request from the database.
  const deaf = { ...database, connectionString: 'postgres://nobody@127.0.0.1:1/none' };
  const reading = await startApi({ ...common, database: deaf });
  const bareFastify = Fastify();
  bareFastify.get('/hello', async () => ({ hello: 'world' }));
  await bareFastify.listen({ host: '127.0.0.1', port: 0 });
  const bareNode = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end('{"hello":"world"}');
  });
  bareNode.listen(0, '127.0.0.1');
  await once(bareNode, 'listening');
  const load = fork(import.meta.filename, ['--load'], { execArgv: process.execArgv });

  const portOf = (url: string): number => Number(new URL(url).port);
  const bound = (server: { address(): unknown }): number => (server.address() as { port: number }).port;
  const onCall = '/v1/on-call?schedule=s';
  const rows: Record<string, unknown>[] = [];
  let seeded = 0;
  for (const size of SIZES) {
    await seed(database, seeded, size);
    seeded = size;
    const contenders: Contender[] = [
      { name: 'node:http, bare', drive: { port: bound(bareNode), path: '/hello', token, spread: 0 } },
      {
        name: 'fastify, bare route',
        drive: { port: bound(bareFastify.server), path: '/hello', token, spread: 0 },
      },
      {
        name: 'on-call, from memory',
        drive: { port: portOf(remembering.url), path: onCall, token, spread: size },
      },
      {
        name: 'on-call, from PostgreSQL',
        drive: { port: portOf(reading.url), path: onCall, token, spread: size },
      },
    ];
    await checkAnswer(remembering.url, reading.url, token);
    rows.push(...(await measure(contenders, size, load)));
  }
  console.table(rows);
  console.log(JSON.stringify({ bench: 'on-call-now', requests: REQUESTS, rounds: ROUNDS, rows }));

  load.kill();
  bareNode.close();
  bareNode.closeAllConnections();
  await Promise.all([bareFastify.close(), remembering.close(), reading.close()]);
  await queues.close();
  await database.close();
  await made.drop();
  await postgres.stop();
}

async function checkAnswer(remembering: string, reading: string, token: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  const ask = async (url: string) =>
    ((await (await fetch(`${url}/v1/on-call?schedule=s7`, { headers })).json()) as { schedules: unknown[] })
      .schedules;
  const [first, again, stored] = [await ask(remembering), await ask(remembering), await ask(reading)];
  if (JSON.stringify(first) !== JSON.stringify(stored) || JSON.stringify(again) !== JSON.stringify(stored)) {
    throw new Error('memory and database do not agree');
  }
  if (!JSON.stringify(stored).includes('"rotation":"w"')) throw new Error('nobody is on call');
}

type Load = ReturnType<typeof fork>;

async function measure(
  contenders: readonly Contender[],
  size: number,
  load: Load,
): Promise<Record<string, unknown>[]> {
  const least = new Map<string, Cost>();
  // Warm: every schedule is asked for once, and the code is compiled.
  for (const { drive } of contenders) await run(load, { ...drive, requests: Math.max(size, 2_000) });
  for (let round = 0; round < ROUNDS; round += 1) {
    const turn = round % contenders.length;
    for (const { name, drive } of [...contenders.slice(turn), ...contenders.slice(0, turn)]) {
      const cost = await run(load, { ...drive, requests: REQUESTS });
      const best = least.get(name) ?? cost;
      best.cpuMicros = Math.min(best.cpuMicros, cost.cpuMicros);
      best.perSecond = Math.max(best.perSecond, cost.perSecond);
      least.set(name, best);
    }
  }
  const bare = least.get('fastify, bare route');
  return contenders.map(({ name }) => {
    const cost = least.get(name) ?? { cpuMicros: 0, perSecond: 0 };
    return {
      schedules: size,
      contender: name,
      'CPU µs a request': Math.round(cost.cpuMicros * 10) / 10,
      'requests a second': Math.round(cost.perSecond),
      'ratio to the bare route (CPU)': Math.round(((bare?.cpuMicros ?? 0) / cost.cpuMicros) * 100) / 100,
      'ratio (requests a second)': Math.round((cost.perSecond / (bare?.perSecond ?? 1)) * 100) / 100,
    };
  });
}

async function run(load: Load, drive: Drive): Promise<Cost> {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  load.send(drive);
  const [failed] = (await once(load, 'message')) as [number];
  const { user, system } = process.cpuUsage(before);
  if (failed > 0) throw new Error(`${failed} requests to ${drive.path} were refused`);
  const seconds = (performance.now() - startedAt) / 1000;
  return { cpuMicros: (user + system) / drive.requests, perSecond: drive.requests / seconds };
}

/** The other process: sends requests one after another over each of a few connections. */
function serveLoad(): void {
  process.on('message', (drive: Drive) => {
    let left = drive.requests;
    let failed = 0;
    let open = CONNECTIONS;
    const next = (): string => {
      const path = drive.spread === 0 ? drive.path : `${drive.path}${left % drive.spread}`;
      return `GET ${path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${drive.token}\r\n\r\n`;
    };
    for (let i = 0; i < CONNECTIONS; i += 1) {
      const socket = connect(drive.port, '127.0.0.1');
      socket.setNoDelay(true);
      let received = '';
      const send = (): void => {
        if (left <= 0) {
          socket.end();
          return;
        }
        left -= 1;
        socket.write(next());
      };
      socket.on('connect', send);
      socket.on('data', (data) => {
        received += data.toString('latin1');
        const head = received.indexOf('\r\n\r\n');
        if (head === -1) return;
        const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? 0);
        if (received.length < head + 4 + length) return;
        if (!received.startsWith('HTTP/1.1 200')) failed += 1;
        received = received.slice(head + 4 + length);
        send();
      });
      socket.on('close', () => {
        open -= 1;
        if (open === 0) process.send?.(failed);
      });
    }
  });
  process.on('disconnect', () => process.exit(0));
}

if (values.load) serveLoad();
else await main();
