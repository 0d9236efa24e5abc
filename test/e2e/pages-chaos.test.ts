import { setTimeout as sleep } from 'node:timers/promises';
import { acknowledgePage, resolvePage } from '@watchbill/commands';
import { advance, type EscalationPolicy, newPlace, type PagePlace, type Situation } from '@watchbill/core';
import { type Database, findPage, openDatabase, type PageDetail } from '@watchbill/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accepted, HORIZON } from '../integration/apply-fixture.ts';
import { applyPolicies, person, policyOf, step, trigger } from '../integration/page-fixture.ts';
import { redisAvailable, startRedis, type TestRedis } from '../support/redis.ts';
import { type ServiceProcess, spawnService } from '../support/service-process.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const RUN_MS = 12_000;
const DRAIN_LIMIT_MS = 30_000;
const TEST_LIMIT_MS = 120_000;
const SEED = 20_261_130;

/** Steps so quick that several fall into every death, two passes and a last resort. */
const POLICY: EscalationPolicy = policyOf(
  'quick',
  [
    step([person('ann')], { waitMs: 1_000 }),
    step([person('ben'), person('cleo')], { waitMs: 2_000 }),
    step([{ kind: 'webhook', url: 'https://pager.invalid/' }], { waitMs: 1_000 }),
  ],
  { repeat: 1, lastResort: [person('dev')], retriggerAfterMs: 60_000 },
);
const STEPS_IN_ALL = POLICY.steps.length * (POLICY.repeat + 1) + 1;
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

const backends = redisAvailable() ? (['postgres', 'redis'] as const) : (['postgres'] as const);

describe.each(backends)('pages while processes are killed, queues in %s', (backend) => {
  let made: TestDatabase;
  let database: Database;
  let redis: TestRedis | null = null;
  const processes = new Map<string, ServiceProcess>();
  const random = seeded(SEED);

  beforeAll(async () => {
    made = await createTestDatabase();
    database = openDatabase({ connectionString: made.connectionString });
    redis = backend === 'redis' ? await startRedis() : null;
    await applyPolicies(world(), [POLICY]);
  });
  afterAll(async () => {
    await Promise.all([...processes.values()].map((running) => running.end('SIGKILL')));
    await redis?.stop();
    await database.close();
    await made.drop();
  });

  const world = () => ({
    ...{ database, context: { database, actor: 'test', horizon: HORIZON } },
    ...{ at: async (text: string | number) => Number(text), close: async () => undefined },
  });

  function start(place: string): void {
    processes.set(
      place,
      spawnService(place.split(' ')[0] ?? '', {
        DATABASE_URL: made.connectionString,
        ...(redis === null ? {} : { REDIS_URL: redis.url }),
        LOG_LEVEL: 'info',
        WATCHBILL_HORIZON_WEEKS: '1',
        WATCHBILL_LEASE_MS: '15000',
        WATCHBILL_WAKE_AGAIN_MS: '1000',
        WATCHBILL_LOCK_MS: '2000',
        WATCHBILL_STALLED_MS: '500',
      }),
    );
  }

  const pageOf = async (id: string): Promise<PageDetail> => {
    const page = await findPage(database, id);
    if (page === null) throw new Error(`no page ${id}`);
    return page;
  };

  it(
    'every step of every page fires once, in order, and never too early',
    async () => {
      const places = ['scheduler 1', 'scheduler 2', 'worker 1', 'worker 2'];
      for (const place of places) start(place);
      await Promise.all([...processes.values()].map((running) => running.waitFor(/"ready"/)));

      const left: string[] = [];
      const taken: string[] = [];
      const started = performance.now();
      let kills = 0;
      let flushes = 0;
      while (performance.now() - started < RUN_MS) {
        const victims = [
          places[kills % places.length],
          ...(kills % 5 === 4 ? [places[(kills + 2) % 4]] : []),
        ];
        for (const place of victims) if (place !== undefined) await processes.get(place)?.end('SIGKILL');
        kills += victims.length;
        // Pages are triggered whatever runs: the first step needs nobody.
        for (let index = 0; index < 3; index += 1) {
          left.push((await trigger(world(), { policy: 'quick', intake: `int_${left.length}` })).page);
        }
        const { page } = await trigger(world(), { policy: 'quick', intake: `int_taken_${taken.length}` });
        taken.push(page);
        await sleep(300 + random() * 900);
        if (redis !== null && kills % 3 === 0) {
          await redis.flush();
          flushes += 1;
        }
        // In the middle of everything somebody answers.
        const act = random() < 0.5 ? acknowledgePage : resolvePage;
        accepted(await act(world().context, { page, by: 'eve', via: 'api' }));
        for (const place of victims) if (place !== undefined) start(place);
        await sleep(200 + random() * 600);
      }
      expect(kills).toBeGreaterThanOrEqual(places.length);
      if (redis !== null) expect(flushes).toBeGreaterThan(0);

      await expect.poll(() => unfinished(database), { timeout: DRAIN_LIMIT_MS, interval: 200 }).toBe(0);
      const exits = await Promise.all([...processes.values()].map((running) => running.end('SIGTERM')));
      expect(exits.map(({ code }) => code)).toEqual([0, 0, 0, 0]);

      for (const id of left) checkWhole(await pageOf(id));
      for (const id of taken) checkTaken(await pageOf(id));
      await checkEvents(database, [...left, ...taken]);
    },
    TEST_LIMIT_MS,
  );
});

/** Pages that somebody is still to be told of. */
async function unfinished(database: Database): Promise<number> {
  const { rows } = await database.pool.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM pages WHERE state = 'triggered' AND phase <> 'ended'`,
  );
  return rows[0]?.count ?? -1;
}

/** The steps that were stored, each with its instant, must be what the rules make of these very instants. */
function checkSteps(page: PageDetail): PagePlace {
  let place = newPlace('critical', page.createdAt);
  for (const fired of page.steps) {
    const said = advance({ place, policy: POLICY, assignedTo: null }, fired.firedAt, SITUATION);
    // Null would mean that it fired too early, or that it is one too many.
    expect(said?.fired, `step ${fired.number} of ${page.id}`).toMatchObject({
      ...{ number: fired.number, pass: fired.pass, kind: fired.kind, step: fired.step, lateMs: fired.lateMs },
      told: fired.told.map((one) => ({ ...one })),
    });
    place = said?.place ?? place;
  }
  for (const { number, told, targets } of page.steps) {
    const rows = page.notifications.filter((row) => row.number === number);
    expect(rows.map((row) => row.person ?? row.target?.kind)).toEqual([
      ...told.map((one) => one.person),
      ...targets.map((target) => target.kind),
    ]);
  }
  expect(page.notifications).toHaveLength(
    page.steps.reduce((sum, { told, targets }) => sum + told.length + targets.length, 0),
  );
  return place;
}

function checkWhole(page: PageDetail): void {
  const place = checkSteps(page);
  expect(page.steps).toHaveLength(STEPS_IN_ALL);
  expect(page.place).toEqual(place);
}

/** Nothing fires after the answer. */
function checkTaken(page: PageDetail): void {
  checkSteps(page);
  const answeredAt = page.resolved?.at ?? page.acknowledged?.at ?? 0;
  expect(page.place.state).not.toBe('triggered');
  for (const { firedAt } of page.steps) expect(firedAt).toBeLessThanOrEqual(answeredAt);
}

/** The stream tells each step once, and nothing else of it. */
async function checkEvents(database: Database, pages: readonly string[]): Promise<void> {
  const { rows } = await database.pool.query<{ page: string; told: number; fired: number }>(
    `SELECT p.id AS page, p.fired, (SELECT count(*)::int FROM events e
       WHERE e.type = 'page.escalated' AND e.data #>> '{page,id}' = p.id) AS told
     FROM pages p WHERE p.id = ANY($1)`,
    [pages],
  );
  expect(rows).toHaveLength(pages.length);
  for (const { page, told, fired } of rows) expect(told, page).toBe(fired);
}
