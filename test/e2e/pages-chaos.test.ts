import { setTimeout as sleep } from 'node:timers/promises';
import { createIntake } from '@watchbill/commands';
import { advance, type EscalationPolicy, newPlace, type PagePlace, type Situation } from '@watchbill/core';
import { type Database, findPage, openDatabase, type PageDetail } from '@watchbill/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accepted, HORIZON } from '../integration/apply-fixture.ts';
import { applyPolicies, person, policyOf, step } from '../integration/page-fixture.ts';
import { freePort } from '../support/free-port.ts';
import { redisAvailable, startRedis, type TestRedis } from '../support/redis.ts';
import type { TestDatabase } from '../support/test-database.ts';
import { createDatabaseOn, startTestPostgres, type TestPostgres } from '../support/test-postgres.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';
import { type Fleet, startFleet } from './chaos-fleet.ts';

const SEED = Number(process.env.CHAOS_SEED ?? 20_261_130);
const DRAIN_LIMIT_MS = 120_000;
const TEST_LIMIT_MS = 240_000;
/** So many new pages of one sender in a minute are no storm yet. */
const PAGES_OF_INTAKE = 25;
const PLACES = ['scheduler 1', 'scheduler 2', 'worker 1', 'worker 2', 'api 1'];
const QUICK = { waitMs: 1_000 };

/** The whole of it on one backend; the other one shows the same with fewer pages. `CHAOS_PAGES=500` takes longer. */
const MANY = { pages: Number(process.env.CHAOS_PAGES ?? 150), runMs: 12_000 };
const RUNS: readonly {
  readonly backend: 'redis' | 'postgres';
  readonly pages: number;
  readonly runMs: number;
}[] = redisAvailable()
  ? [
      { backend: 'redis', ...MANY },
      { backend: 'postgres', pages: 50, runMs: 6_000 },
    ]
  : [{ backend: 'postgres', ...MANY }];

/** Steps so quick that several fall into every death; one policy goes on with a second pass. */
const policiesFor = (receiver: string): readonly EscalationPolicy[] => [
  policyOf('brief', [step([person('ben')], QUICK), step([person('cleo')], QUICK)], {
    lastResort: [person('dev')],
  }),
  policyOf(
    'again',
    [
      step([person('ann')], QUICK),
      step([person('ben'), { kind: 'webhook', url: `${receiver}/channel` }], { waitMs: 1_500 }),
    ],
    { repeat: 1, lastResort: [person('dev')] },
  ),
];
/** Everybody is there and has a way: what the rules say must happen depends on nothing else. */
const SITUATION: Situation = {
  ...{ onCall: () => [], reachable: () => true, inCoreHours: () => null, lastTold: () => null },
};

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What a sender knows of one trouble that it told. */
interface Sent {
  readonly key: string;
  readonly dedupKey: string;
  readonly answer: 'acknowledge' | 'resolve' | null;
  tries: number;
  taken: number;
  /** Statuses of what was not taken; 0 where there was no answer. */
  readonly refusals: Set<number>;
}

let postgres: TestPostgres;
beforeAll(async () => {
  console.log(`the seed of this chaos is ${SEED}; CHAOS_SEED sets another one`);
  postgres = await startTestPostgres();
});
afterAll(() => postgres?.stop());

describe.each(RUNS)('pages in chaos, queues in $backend', ({ backend, pages, runMs }) => {
  let made: TestDatabase;
  let database: Database;
  let redis: TestRedis | null = null;
  let receiver: WebhookReceiver;
  let fleet: Fleet | undefined;
  let apiUrl = '';
  const keys: string[] = [];
  const random = seeded(SEED);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;

  beforeAll(async () => {
    made = await createDatabaseOn(postgres.address);
    database = openDatabase({ connectionString: made.connectionString });
    redis = backend === 'redis' ? await startRedis() : null;
    receiver = await startWebhookReceiver();
    const policies = policiesFor(receiver.url);
    const context = { database, actor: 'test', horizon: HORIZON };
    const world = {
      ...{ database, context, at: async (text: string | number) => Number(text) },
      close: async () => undefined,
    };
    await applyPolicies(world, policies);
    await giveWays(database, receiver.url);
    for (let count = 0; count < pages / PAGES_OF_INTAKE; count += 1) {
      const policy = count % 5 === 0 ? 'again' : 'brief';
      const { key } = accepted(
        await createIntake(context, { name: `sender ${count}`, kind: 'pagerduty', policy }),
      );
      keys.push(key ?? '');
    }
    const port = String(await freePort());
    apiUrl = `http://127.0.0.1:${port}`;
    const environment = {
      ...{ DATABASE_URL: made.connectionString, LOG_LEVEL: 'info', WATCHBILL_HORIZON_WEEKS: '1' },
      ...(redis === null ? {} : { REDIS_URL: redis.url }),
      ...{ WATCHBILL_LEASE_MS: '15000', WATCHBILL_WAKE_AGAIN_MS: '1000' },
      ...{ WATCHBILL_LOCK_MS: '2000', WATCHBILL_STALLED_MS: '500' },
      WATCHBILL_WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8',
    };
    fleet = await startFleet(PLACES, (place) =>
      place.startsWith('api') ? { ...environment, PORT: port } : environment,
    );
  });
  afterAll(async () => {
    await fleet?.abandon();
    await receiver?.close();
    await redis?.stop();
    await database?.close();
    await made?.drop();
  });

  /** Sends until it is taken, as every sender does that wants to be heard. */
  async function send(sent: Sent, action: string): Promise<void> {
    const payload = { summary: `Trouble of ${sent.dedupKey}`, source: 'chaos', severity: 'critical' };
    const body = { routing_key: sent.key, event_action: action, dedup_key: sent.dedupKey, payload };
    for (;;) {
      if (action === 'trigger') sent.tries += 1;
      const status = await fetch(`${apiUrl}/v2/enqueue`, {
        ...{ method: 'POST', body: JSON.stringify(body), signal: AbortSignal.timeout(5_000) },
        headers: { 'content-type': 'application/json' },
      }).then(
        async (answer) => {
          await answer.text();
          return answer.status;
        },
        () => 0,
      );
      if (status === 202) break;
      sent.refusals.add(status);
      await sleep(100);
    }
    if (action === 'trigger') sent.taken += 1;
  }

  async function tell(index: number): Promise<Sent> {
    const key = keys[index % keys.length] ?? '';
    const answer = random() < 0.25 ? pick(['acknowledge', 'resolve'] as const) : null;
    const [repeated, thinkMs] = [random() < 0.1, random() * 3_000];
    const sent: Sent = {
      ...{ key, dedupKey: `key ${index}`, answer, tries: 0, taken: 0, refusals: new Set<number>() },
    };
    await send(sent, 'trigger');
    if (repeated) await send(sent, 'trigger');
    if (answer === null) return sent;
    await sleep(thinkMs);
    await send(sent, answer);
    return sent;
  }

  /** Everything that can go wrong, one after the other, until it is enough. */
  async function ravage(
    running: Fleet,
    enough: () => boolean,
  ): Promise<{ flushes: number; restarts: number }> {
    let [flushes, restarts] = [0, 0];
    let bag: string[] = [];
    while (!enough()) {
      // Everybody dies before anybody dies again.
      if (bag.length === 0) bag = [...PLACES].sort(() => random() - 0.5);
      await running.kill(bag.pop() ?? '', 100 + random() * 900);
      if (redis !== null && running.kills % 3 === 0) {
        await redis.flush();
        flushes += 1;
      }
      if (running.kills % 4 === 3) {
        await postgres.restart(restarts % 2 === 0 ? 'immediate' : 'fast');
        restarts += 1;
      }
      await sleep(300 + random() * 900);
    }
    return { flushes, restarts };
  }

  it(
    'every trigger is kept, and every step of every page fires once, is told once, in order and never too early',
    async () => {
      const running = fleet as Fleet;
      const started = performance.now();
      // On a slow machine it goes on until everybody died once.
      const chaos = ravage(
        running,
        () => performance.now() > started + runMs && running.kills > PLACES.length,
      );
      const telling: Promise<Sent>[] = [];
      for (let index = 0; index < pages; index += 1) {
        const wait = started + (index * (runMs - 1_000)) / pages - performance.now();
        if (wait > 1) await sleep(wait);
        telling.push(tell(index));
      }
      const { flushes, restarts } = await chaos;
      const chaosEnded = performance.now();
      expect(running.kills).toBeGreaterThanOrEqual(PLACES.length);
      expect(restarts).toBeGreaterThan(0);
      if (redis !== null) expect(flushes).toBeGreaterThan(0);
      const all = await Promise.all(telling);
      await expect
        .poll(() => unfinished(database), { timeout: DRAIN_LIMIT_MS, interval: 200 })
        .toEqual({ pages: 0, notifications: 0 });
      const drainedMs = performance.now() - chaosEnded;
      expect(await running.end()).toEqual(PLACES.map(() => 0));
      expect(running.deserters).toEqual([]);

      const stored = await pagesOf(database);
      expect(stored).toHaveLength(pages);
      checkTriggers(all, stored);
      const policies = new Map(policiesFor(receiver.url).map((policy) => [policy.id, policy]));
      for (const page of stored) checkPage(page, policies.get(page.policy ?? ''));
      await checkEvents(database, pages);
      const twice = await checkSendings(database, receiver, stored);
      console.log(
        `${pages} pages, queues in ${backend}: ${running.kills} kills, ${restarts} restarts of PostgreSQL, ` +
          `${flushes} flushes; ${receiver.requests.length} notifications arrived, ${twice} of them again after ` +
          `the death of their sender; all done ${(drainedMs / 1_000).toFixed(1)} s after it`,
      );
    },
    TEST_LIMIT_MS,
  );
});

/** Addresses at the receiver: one for each person, two for the last one, the second of them a second later. */
async function giveWays(database: Database, receiver: string): Promise<void> {
  await database.pool.query(
    `INSERT INTO contact_methods (id, person, kind, address, created_by, verified_at)
     SELECT 'cm_' || path, split_part(path, '_', 1), 'webhook', $1 || '/' || path, 'test', clock_timestamp()
     FROM unnest(ARRAY['ann', 'ben', 'cleo', 'dev', 'dev_later']) AS path`,
    [receiver],
  );
  await database.pool.query(
    `INSERT INTO notification_rules (person, urgency, place, contact_method, after_ms)
     SELECT person, 'high', length(id), id, CASE WHEN id LIKE '%later' THEN 1000 ELSE 0 END FROM contact_methods`,
  );
}

/** What somebody is still to be told of. */
async function unfinished(database: Database): Promise<{ pages: number; notifications: number } | string> {
  try {
    const { rows } = await database.pool.query(
      `SELECT (SELECT count(*)::int FROM pages WHERE state = 'triggered' AND phase <> 'ended') AS pages,
         (SELECT count(*)::int FROM notifications WHERE status = 'pending') AS notifications`,
    );
    return rows[0];
  } catch (error) {
    return String(error);
  }
}

async function pagesOf(database: Database): Promise<PageDetail[]> {
  const { rows } = await database.pool.query<{ id: string }>('SELECT id FROM pages ORDER BY number');
  const found = await Promise.all(rows.map(({ id }) => findPage(database, id)));
  return found.filter((page) => page !== null);
}

/** Each trigger that was taken is in the count of its page; what was stored without an answer may be, too. */
function checkTriggers(all: readonly Sent[], stored: readonly PageDetail[]): void {
  const byKey = new Map(stored.map((page) => [page.dedupKey, page]));
  for (const { dedupKey, tries, taken, answer, refusals } of all) {
    const page = byKey.get(dedupKey);
    expect(page, dedupKey).toBeDefined();
    if (page === undefined) continue;
    expect(page.folded, dedupKey).toBe(0);
    expect(1 + page.repeats, dedupKey).toBeGreaterThanOrEqual(taken);
    expect(1 + page.repeats, dedupKey).toBeLessThanOrEqual(tries);
    const state = { acknowledge: 'acknowledged', resolve: 'resolved', none: 'triggered' }[answer ?? 'none'];
    expect(page.place.state, dedupKey).toBe(state);
    // What is no fault of the sender's must never look like one: it would give up.
    for (const status of refusals) expect([0, 429, 500, 503]).toContain(status);
  }
}

/** The steps that were stored, each with its instant, must be what the rules make of these very instants. */
function checkPage(page: PageDetail, policy: EscalationPolicy | undefined): void {
  if (policy === undefined) throw new Error(`page ${page.id} has no policy of ours`);
  const place = checkSteps(page, policy);
  const answered = page.resolved ?? page.acknowledged;
  if (answered === null) {
    expect(page.steps).toHaveLength(policy.steps.length * (policy.repeat + 1) + 1);
    expect(page.place).toEqual(place);
    expect(place.phase).toBe('ended');
  } else {
    // Nothing fires after the answer.
    for (const { firedAt } of page.steps) expect(firedAt).toBeLessThanOrEqual(answered.at);
  }
}

function checkSteps(page: PageDetail, policy: EscalationPolicy): PagePlace {
  let place = newPlace('critical', page.createdAt);
  for (const fired of page.steps) {
    const said = advance({ place, policy, assignedTo: null }, fired.firedAt, SITUATION);
    // Null would mean that it fired too early, or that it is one too many.
    expect(said?.fired, `step ${fired.number} of ${page.id}`).toMatchObject({
      ...{ number: fired.number, pass: fired.pass, kind: fired.kind, step: fired.step, lateMs: fired.lateMs },
      told: fired.told.map((one) => ({ ...one })),
    });
    place = said?.place ?? place;
  }
  const expected = page.steps.flatMap(({ number, told, targets }) => [
    ...told.flatMap((one) =>
      (one.person === 'dev' ? ['dev', 'dev_later'] : [one.person]).map((path) => `${number} cm_${path}`),
    ),
    ...targets.map((target) => `${number} ${target.kind}`),
  ]);
  const rows = page.notifications.map(
    (row) => `${row.number} ${row.contactMethod ?? row.target?.kind ?? row.way}`,
  );
  expect(rows, page.id).toEqual(expected);
  return place;
}

/** The stream tells each step once, and nothing else of it. */
async function checkEvents(database: Database, pages: number): Promise<void> {
  const { rows } = await database.pool.query<{ page: string; told: number; fired: number }>(
    `SELECT p.id AS page, p.fired, count(e.id)::int AS told FROM pages p
     LEFT JOIN events e ON e.type = 'page.escalated' AND e.data #>> '{page,id}' = p.id GROUP BY p.id, p.fired`,
  );
  expect(rows).toHaveLength(pages);
  for (const { page, told, fired } of rows) expect(told, page).toBe(fired);
}

/**
 * Every notification arrived, unless somebody had answered before. One arrives again only where its sender was killed
 * before it noted the answer, or got none in time, and with the same id, so that its receiver can tell. Returns how
 * many did.
 */
async function checkSendings(
  database: Database,
  { requests }: WebhookReceiver,
  pages: readonly PageDetail[],
): Promise<number> {
  const arrived = new Map<string, number>();
  for (const { id } of requests) arrived.set(id, (arrived.get(id) ?? 0) + 1);
  const { rows } = await database.pool.query<{ id: string; unsure: number }>(
    `SELECT n.id, n.attempts - count(a.number)::int AS unsure FROM notifications n
     LEFT JOIN notification_attempts a ON a.notification_id = n.id AND a.outcome = 'sent' GROUP BY n.id, n.attempts`,
  );
  const unsure = new Map(rows.map((row) => [row.id, row.unsure]));
  let twice = 0;
  for (const { answered, row } of pages.flatMap((page) =>
    page.notifications.map((each) => ({ row: each, answered: page.resolved ?? page.acknowledged })),
  )) {
    const times = arrived.get(row.id) ?? 0;
    arrived.delete(row.id);
    if (row.status === 'sent') expect(times, row.id).toBeGreaterThanOrEqual(1);
    else expect([row.status, answered !== null], row.id).toEqual(['cancelled', true]);
    if (times <= 1) continue;
    twice += times - 1;
    expect(unsure.get(row.id) ?? 0, `${row.id} arrived ${times} times`).toBeGreaterThanOrEqual(times - 1);
  }
  expect([...arrived.keys()], 'arrived, and stands nowhere').toEqual([]);
  return twice;
}
