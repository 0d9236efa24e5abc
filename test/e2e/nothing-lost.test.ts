import { setTimeout as sleep } from 'node:timers/promises';
import { applyConfiguration, createEndpoint, createOverride } from '@watchbill/commands';
import {
  HOUR_MS,
  type Interval,
  MINUTE_MS,
  makeSchedule,
  type Override,
  resolveTimeline,
  type Schedule,
  type ScheduleDraft,
} from '@watchbill/core';
import { clockNow, type Database, openDatabase, setClock } from '@watchbill/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redisAvailable, startRedis, type TestRedis } from '../support/redis.ts';
import { type ServiceProcess, spawnService } from '../support/service-process.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import {
  type ReceivedRequest,
  startWebhookReceiver,
  type WebhookReceiver,
} from '../support/webhook-receiver.ts';

/** An hour of the schedules passes in a second. */
const FACTOR = 3_600;
/** The run goes through the end of summer time in London and New York. */
const RUN: Interval = { start: Date.parse('2026-10-31T20:00:00Z'), end: Date.parse('2026-11-02T00:00:00Z') };
const CLOCK_START = RUN.start - 2 * HOUR_MS;
/** Overrides may begin before the first turn and end after the last. */
const WATCHED: Interval = { start: CLOCK_START, end: RUN.end + 24 * HOUR_MS };
const SEED = 20_261_101;
const DRAIN_LIMIT_MS = 120_000;
const TEST_LIMIT_MS = 300_000;

const SUBSCRIBED = ['shift.started', 'shift.ended'];
const ROSTER = ['ana', 'ben', 'cleo', 'dev', 'eli'];
const STAND_INS = ['xia', 'yan', 'zoe'];
const SCHEDULES: readonly ScheduleDraft[] = [
  scheduleOf('hourly', 'UTC', 1),
  scheduleOf('london', 'Europe/London', 1),
  scheduleOf('new-york', 'America/New_York', 1),
  scheduleOf('kolkata', 'Asia/Kolkata', 1),
  scheduleOf('slower', 'UTC', 3),
];

function scheduleOf(id: string, timeZone: string, every: number): ScheduleDraft {
  return {
    id,
    timeZone,
    rotations: [
      {
        id: 'turns',
        strategy: 'in_order',
        roster: ROSTER,
        cadence: { every, unit: 'hour' },
        start: '2026-10-01T00:00',
        effectiveFrom: new Date(RUN.start).toISOString(),
        effectiveUntil: new Date(RUN.end).toISOString(),
      },
    ],
  };
}

function meaningOf(draft: ScheduleDraft, overrides: readonly Override[]): Schedule {
  const made = makeSchedule(draft, {
    people: [...ROSTER, ...STAND_INS],
    teamMembers: null,
    holidayCalendar: () => null,
  });
  if (!made.ok) throw new Error(JSON.stringify(made.problems));
  return { ...made.value, overrides };
}

/** What must be told of a schedule: one text for each event, with what orders it. */
interface Told {
  readonly at: number;
  readonly rank: number;
  readonly text: string;
}

function expectedOf(schedule: Schedule): Told[] {
  return resolveTimeline(schedule, WATCHED)
    .shifts.flatMap(({ start, end, person, role }) => [
      { at: start, rank: 1, text: `shift.started ${role} ${person} ${new Date(start).toISOString()}` },
      { at: end, rank: 0, text: `shift.ended ${role} ${person} ${new Date(end).toISOString()}` },
    ])
    .sort((a, b) => a.at - b.at || a.rank - b.rank || (a.text < b.text ? -1 : 1));
}

interface ShiftMessage {
  readonly timestamp: string;
  readonly data: {
    readonly shift: {
      readonly schedule: string;
      readonly role: string;
      readonly person: string;
      readonly start: string;
      readonly end: string;
    };
  };
}

function receivedOf(request: ReceivedRequest): Told & { readonly schedule: string } {
  const { timestamp, data } = request.json as ShiftMessage;
  const { schedule, role, person, start, end } = data.shift;
  const started = request.type === 'shift.started';
  const at = Date.parse(started ? start : end);
  expect(Date.parse(timestamp)).toBe(at);
  return {
    schedule,
    at,
    rank: started ? 1 : 0,
    text: `${request.type} ${role} ${person} ${new Date(at).toISOString()}`,
  };
}

/** Numbers in [0, 1) that are the same at every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const backends = redisAvailable() ? (['postgres', 'redis'] as const) : (['postgres'] as const);

describe.each(backends)('while processes are killed, queues in %s', (backend) => {
  let made: TestDatabase;
  let database: Database;
  let redis: TestRedis | null = null;
  let receiver: WebhookReceiver;
  const processes = new Map<string, ServiceProcess>();
  const random = seeded(SEED);

  beforeAll(async () => {
    made = await createTestDatabase();
    database = openDatabase({ connectionString: made.connectionString });
    redis = backend === 'redis' ? await startRedis() : null;
    receiver = await startWebhookReceiver();
  });
  afterAll(async () => {
    await Promise.all([...processes.values()].map((running) => running.end('SIGKILL')));
    await receiver.close();
    await redis?.stop();
    await database.close();
    await made.drop();
  });

  function start(place: string): void {
    processes.set(
      place,
      spawnService(place.split(' ')[0] ?? '', {
        DATABASE_URL: made.connectionString,
        ...(redis === null ? {} : { REDIS_URL: redis.url }),
        LOG_LEVEL: 'info',
        WATCHBILL_HORIZON_WEEKS: '1',
        WATCHBILL_STARTING_SOON_MINUTES: '15',
        WATCHBILL_WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8',
        WATCHBILL_WEBHOOK_TIMEOUT_MS: '3000',
        WATCHBILL_WEBHOOK_RETRY_SECONDS: ['0', ...Array(31).fill('1')].join(','),
        WATCHBILL_LEASE_MS: '3000',
        WATCHBILL_WAKE_AGAIN_MS: '1000',
        WATCHBILL_LOCK_MS: '2000',
        WATCHBILL_STALLED_MS: '500',
      }),
    );
  }

  async function prepare(): Promise<void> {
    await setClock(database, { factor: 1, start: CLOCK_START });
    const context = { database, actor: 'test', horizon: { horizonMs: 7 * 24 * HOUR_MS, leadMinutes: [15] } };
    const endpoint = await createEndpoint(
      context,
      { url: receiver.url, eventTypes: SUBSCRIBED },
      { plainHttp: true },
    );
    if (!endpoint.ok) throw new Error(JSON.stringify(endpoint.error));
    receiver.trust(endpoint.value.secret ?? '');
    receiver.answerWith(({ index }) => {
      if (index % 23 === 7) return { status: 0, hangUp: true };
      return { status: index % 11 === 3 ? 503 : 204 };
    });
    const people = [...ROSTER, ...STAND_INS].map((id) => ({
      ...{ id, name: id, email: null, timeZone: 'UTC' },
      definition: { id, name: id, timeZone: 'UTC' },
    }));
    const schedules = SCHEDULES.map((definition) => ({
      ...{ id: definition.id, team: null, timeZone: definition.timeZone },
      ...{ definition, holidays: [] },
    }));
    const configuration = { people, teams: [], schedules };
    const applied = await applyConfiguration(context, { configuration, source: 'test', dryRun: false });
    if (!applied.ok) throw new Error(JSON.stringify(applied.error));
  }

  /** Puts a stand-in on a schedule soon, and returns the override as it was stored. */
  async function overrideSoon(id: string): Promise<Override> {
    const now = await clockNow(database);
    const start = now + Math.floor(random() * 90 * MINUTE_MS);
    const end = start + MINUTE_MS + Math.floor(random() * 100 * MINUTE_MS);
    const kind = random() < 0.6 ? 'replace' : 'add';
    const people = [STAND_INS[Math.floor(random() * STAND_INS.length)] ?? 'xia'];
    const created = await createOverride(
      { database, actor: 'test', horizon: { horizonMs: 7 * 24 * HOUR_MS, leadMinutes: [15] } },
      { schedule: id, kind, people, start, end },
    );
    if (!created.ok) throw new Error(JSON.stringify(created.error));
    const { value } = created;
    return { ...value, replaces: null };
  }

  it(
    'every shift event arrives, in order, signed, and never in two versions',
    async () => {
      await prepare();
      const places = ['scheduler 1', 'scheduler 2', 'worker 1', 'worker 2'];
      for (const place of places) start(place);
      await Promise.all([...processes.values()].map((running) => running.waitFor(/"ready"/)));
      await setClock(database, { factor: FACTOR });

      const overrides = new Map<string, Override[]>(SCHEDULES.map(({ id }) => [id, []]));
      let kills = 0;
      let flushes = 0;
      while ((await clockNow(database)) < RUN.end - 4 * HOUR_MS) {
        // Each process in turn, so that all of them die several times; now and then two at once.
        const victims = [
          places[kills % places.length],
          ...(kills % 5 === 4 ? [places[(kills + 2) % 4]] : []),
        ];
        for (const place of victims) if (place !== undefined) await processes.get(place)?.end('SIGKILL');
        kills += victims.length;
        const schedule = SCHEDULES[Math.floor(random() * SCHEDULES.length)]?.id ?? 'hourly';
        overrides.get(schedule)?.push(await overrideSoon(schedule));
        await sleep(300 + random() * 700);
        if (redis !== null && kills % 3 === 0) {
          await redis.flush();
          flushes += 1;
        }
        for (const place of victims) if (place !== undefined) start(place);
        await sleep(500 + random() * 1_000);
      }
      expect(kills).toBeGreaterThanOrEqual(places.length);
      if (redis !== null) expect(flushes).toBeGreaterThan(0);

      const expected = new Map(
        SCHEDULES.map((draft) => [draft.id, expectedOf(meaningOf(draft, overrides.get(draft.id) ?? []))]),
      );
      const total = [...expected.values()].reduce((sum, told) => sum + told.length, 0);
      await receiver.waitUntil((requests) => accepted(requests).size >= total, DRAIN_LIMIT_MS);
      await expect.poll(() => unfinished(database), { timeout: DRAIN_LIMIT_MS, interval: 200 }).toBe(0);
      const exits = await Promise.all([...processes.values()].map((running) => running.end('SIGTERM')));
      expect(exits.map(({ code }) => code)).toEqual([0, 0, 0, 0]);

      checkReceipts(receiver.requests, expected);
    },
    TEST_LIMIT_MS,
  );
});

function accepted(requests: readonly ReceivedRequest[]): ReadonlySet<string> {
  return new Set(requests.filter(({ answered }) => answered === 204).map(({ id }) => id));
}

/** Boundaries of the run that are not applied yet, events without a place, deliveries that are pending. */
async function unfinished(database: Database): Promise<number> {
  const { rows } = await database.pool.query<{ count: number }>(
    `SELECT (SELECT count(*) FROM boundaries WHERE applied_at IS NULL AND due_at <= $1)
          + (SELECT count(*) FROM events WHERE position IS NULL)
          + (SELECT count(*) FROM deliveries WHERE status <> 'succeeded') AS count`,
    [new Date(WATCHED.end)],
  );
  return rows[0]?.count ?? -1;
}

function checkReceipts(
  requests: readonly ReceivedRequest[],
  expected: ReadonlyMap<string, readonly Told[]>,
): void {
  expect(requests.filter(({ signature }) => signature !== 'valid')).toEqual([]);
  const bodies = new Map<string, string>();
  const first = new Map<string, ReturnType<typeof receivedOf>>();
  for (const request of requests) {
    expect(request.body).toBe(bodies.get(request.id) ?? request.body);
    bodies.set(request.id, request.body);
    if (!first.has(request.id)) first.set(request.id, receivedOf(request));
  }
  expect(accepted(requests).size).toBe(bodies.size);
  for (const [schedule, told] of expected) {
    const got = [...first.values()].filter((receipt) => receipt.schedule === schedule);
    // In the order of receipt: an end before the start at the same instant, and never back in time.
    const order = got.map(({ at, rank }) => at * 2 + rank);
    expect(order, `${schedule} in order`).toEqual([...order].sort((a, b) => a - b));
    // Several ends (or starts) of one instant have no order among them.
    expect(got.map(({ text }) => text).sort(), schedule).toEqual(told.map(({ text }) => text).sort());
  }
}
