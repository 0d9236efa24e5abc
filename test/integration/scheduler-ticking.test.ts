import { applyBoundaries, fanOutEvents, fireBoundaries, prune, wakeOverdue } from '@watchbill/commands';
import { type Database, insertEvents, openDatabase, setClock } from '@watchbill/database';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { eventually } from './queue-places.ts';
import { countOf, seedBoundaries, seedSchedules } from './scheduler-seeds.ts';

const WAKE_AGAIN_MS = 400;
const DAY_MS = 24 * 3_600_000;

let place: TestDatabase;
let database: Database;
beforeAll(async () => {
  place = await createTestDatabase();
  database = openDatabase({ connectionString: place.connectionString });
});
afterEach(() =>
  database.pool.query(
    `TRUNCATE outbox, boundaries, schedule_cursors, schedules, events, deliveries, delivery_lanes, attempts,
       endpoints, idempotency_keys, shifts, gaps, overrides, schedule_revisions, feeds, clock CASCADE;
     UPDATE stream_head SET position = 0, wake_at = NULL`,
  ),
);
afterAll(async () => {
  await database.close();
  await place.drop();
});

const named = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `s${String(index).padStart(3, '0')}`);
const fire = (limit = 50) => fireBoundaries(database, { limit, wakeAgainMs: WAKE_AGAIN_MS });
const wake = () => wakeOverdue(database, { wakeAgainMs: WAKE_AGAIN_MS });
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
/** Outbox payloads in the order of writing; they are gone from the outbox afterwards, as if published and lost. */
async function takeWakes(): Promise<{ readonly queue: string; readonly payload: Record<string, unknown> }[]> {
  const { rows } = await database.pool.query('DELETE FROM outbox RETURNING id, queue, payload');
  return rows.sort((a, b) => a.id - b.id).map(({ queue, payload }) => ({ queue, payload }));
}

describe('fireBoundaries', () => {
  test('fires what is due, nothing else, and names the schedules in one wake-up', async () => {
    await seedSchedules(database, ['due', 'idle', 'later']);
    await seedBoundaries(database, ['due'], [-5_000, -4_000, 3_600_000]);
    await seedBoundaries(database, ['later'], [3_600_000]);
    const fired = await fire();
    expect(fired).toMatchObject({ schedules: 1, boundaries: 2 });
    for (const { lateMs, count } of fired.lateness) {
      expect(lateMs).toBeGreaterThanOrEqual(4_000);
      expect(count).toBe(1);
    }
    expect(await takeWakes()).toEqual([{ queue: 'boundaries', payload: { schedules: ['due'] } }]);
    expect(await fire()).toMatchObject({ schedules: 0, boundaries: 0 });
    const { rows } = await database.pool.query(
      `SELECT c.schedule_id, c.next_due_at = (SELECT max(due_at) FROM boundaries b WHERE b.schedule_id = c.schedule_id) AS at_last,
         c.wake_at IS NOT NULL AS wakes FROM schedule_cursors c ORDER BY 1`,
    );
    expect(rows).toEqual([
      { schedule_id: 'due', at_last: true, wakes: true },
      { schedule_id: 'idle', at_last: null, wakes: false },
      { schedule_id: 'later', at_last: true, wakes: false },
    ]);
  });

  test('takes the oldest first and no more than asked', async () => {
    await seedSchedules(database, named(5));
    for (const [index, id] of named(5).entries())
      await seedBoundaries(database, [id], [-1_000 * (5 - index)]);
    expect(await fire(2)).toMatchObject({ schedules: 2 });
    expect((await takeWakes())[0]?.payload).toEqual({ schedules: ['s000', 's001'] });
  });

  test('a herd is claimed at once and shared out in jobs of fifty', async () => {
    await seedSchedules(database, named(120));
    await seedBoundaries(database, named(120), [-1_000]);
    expect(await fire(500)).toMatchObject({ schedules: 120, boundaries: 120 });
    expect((await takeWakes()).map(({ payload }) => payload.schedules)).toEqual([
      named(120).slice(0, 50),
      named(120).slice(50, 100),
      named(120).slice(100),
    ]);
  });

  test('many at once fire each boundary once', async () => {
    await seedSchedules(database, named(120));
    await seedBoundaries(database, named(120), [-3_000, -2_000, -1_000]);
    const batches = await Promise.all(
      Array.from({ length: 6 }, async () => {
        let boundaries = 0;
        for (;;) {
          const fired = await fire(7);
          if (fired.schedules === 0) return boundaries;
          boundaries += fired.boundaries;
        }
      }),
    );
    expect(batches.reduce((sum, count) => sum + count, 0)).toBe(360);
    const told = (await takeWakes()).flatMap(({ payload }) => payload.schedules as string[]);
    expect(told.sort()).toEqual(named(120));
  });

  test('does not wait for a worker that holds the schedule, and passes over a cursor that a change holds', async () => {
    await seedSchedules(database, ['free', 'held']);
    await seedBoundaries(database, ['free', 'held'], [-1_000]);
    const client = await database.pool.connect();
    await client.query("BEGIN; SELECT 1 FROM schedules WHERE id = 'free' FOR UPDATE");
    await client.query("SELECT 1 FROM schedule_cursors WHERE schedule_id = 'held' FOR UPDATE");
    expect(await fire()).toMatchObject({ schedules: 1, boundaries: 1 });
    expect(await fire()).toMatchObject({ schedules: 0 });
    await client.query('COMMIT');
    client.release();
    expect(await fire()).toMatchObject({ schedules: 1, boundaries: 1 });
  });

  test('goes by the clock of the schedules', async () => {
    await seedSchedules(database, ['fast']);
    await seedBoundaries(database, ['fast'], [3_600_000]);
    expect(await fire()).toMatchObject({ schedules: 0 });
    await setClock(database, { factor: 60_000 });
    await eventually('an hour on the fast clock', async () => (await fire()).schedules === 1);
  });

  test('missed boundaries are applied in order, and marked as late', async () => {
    await seedSchedules(database, ['missed']);
    await seedBoundaries(database, ['missed'], [-60_000, -3_600_000, -2 * DAY_MS, -1_000]);
    await fire();
    await applyBoundaries(database, ['missed']);
    const { rows } = await database.pool.query(
      `SELECT data->'late' AS late, occurred_at < published_at AS after FROM events ORDER BY sequence`,
    );
    expect(rows.map((row) => row.late)).toEqual([true, true, true, false]);
    expect(rows.every((row) => row.after)).toBe(true);
    const sorted = await countOf(
      database,
      `SELECT count(*) FROM (SELECT occurred_at < lag(occurred_at) OVER (ORDER BY sequence) AS back FROM events) AS e WHERE back`,
    );
    expect(sorted).toBe(0);
  });
});

describe('wakeOverdue', () => {
  test('wakes schedules again whose wake-up was lost, not before its time, and not after it had effect', async () => {
    await seedSchedules(database, named(120));
    await seedBoundaries(database, named(120), [-1_000]);
    await fire(200);
    await takeWakes();
    expect(await wake()).toMatchObject({ schedules: 0 });
    await pause(WAKE_AGAIN_MS + 50);
    expect(await wake()).toMatchObject({ schedules: 120 });
    expect(await wake()).toMatchObject({ schedules: 0 });
    const jobs = (await takeWakes()).map(({ payload }) => payload.schedules as string[]);
    expect(jobs.map((schedules) => schedules.length).sort()).toEqual([20, 50, 50]);
    expect(jobs.flat().sort()).toEqual(named(120));
    for (const schedules of jobs) await applyBoundaries(database, schedules);
    await database.pool.query('DELETE FROM outbox');
    await pause(WAKE_AGAIN_MS + 50);
    expect(await wake()).toMatchObject({ schedules: 0 });
  });

  test('a boundary that fires while the worker clears the wake-up of an earlier one is woken again', async () => {
    await seedSchedules(database, ['s']);
    await seedBoundaries(database, ['s'], [-1_000]);
    await fire();
    await applyBoundaries(database, ['s']);
    await seedBoundaries(database, ['s'], [-500]);
    await fire();
    await takeWakes();
    await pause(WAKE_AGAIN_MS + 50);
    expect(await wake()).toMatchObject({ schedules: 1 });
  });

  test('wakes the fan-out when events stay without a position', async () => {
    const at = Date.now();
    const data = { schedule: 's', retiredBy: 'ann' };
    const [event] = await database.transaction((tx) =>
      insertEvents(tx, [
        { key: 'e1', type: 'schedule.retired', schedule: 's', occurredAt: at, publishedAt: at, data },
      ]),
    );
    await takeWakes();
    expect(await wake()).toMatchObject({ events: 0 });
    await pause(WAKE_AGAIN_MS + 50);
    expect(await wake()).toMatchObject({ events: 1 });
    expect(await wake()).toMatchObject({ events: 0 });
    const [again] = await takeWakes();
    expect(again).toEqual({
      queue: 'events',
      payload: { id: event, type: 'schedule.retired', schedule: 's' },
    });
    await fanOutEvents(database, { events: [], wakeAgainMs: WAKE_AGAIN_MS });
    await pause(WAKE_AGAIN_MS + 50);
    expect(await wake()).toMatchObject({ events: 0 });
  });

  test('wakes lanes that are due and that nobody holds', async () => {
    await database.pool.query(
      `INSERT INTO endpoints (id, url, event_types, secrets, created_by, created_at, updated_at)
       VALUES ('end_1', 'https://example.com', '{*}', '[]', 'ann', now(), now());
       INSERT INTO delivery_lanes (endpoint_id, lane, wake_at, lease_token, leased_until) VALUES
         ('end_1', 'due', now() - interval '1 second', NULL, NULL),
         ('end_1', 'abandoned', now() - interval '1 second', 't', now() - interval '1 second'),
         ('end_1', 'held', now() - interval '1 second', 't', now() + interval '1 minute'),
         ('end_1', 'later', now() + interval '1 minute', NULL, NULL),
         ('end_1', 'empty', NULL, NULL, NULL)`,
    );
    expect(await wake()).toMatchObject({ lanes: 2 });
    expect(await wake()).toMatchObject({ lanes: 0 });
    const lanes = (await takeWakes()).map(({ queue, payload }) => [queue, payload.endpoint, payload.lane]);
    expect(lanes.sort()).toEqual([
      ['deliveries', 'end_1', 'abandoned'],
      ['deliveries', 'end_1', 'due'],
    ]);
  });
});

describe('prune', () => {
  test('deletes what is finished and old, in batches, and nothing else', async () => {
    const old = `now() - interval '30 days'`;
    await database.pool.query(
      `INSERT INTO schedules (id, time_zone, revision, created_at, updated_at) VALUES ('s', 'UTC', 1, now(), now());
       INSERT INTO outbox (key, queue, name, payload, published_at)
         SELECT 'o' || n, 'events', 'x', '{}', CASE n % 3 WHEN 0 THEN ${old} WHEN 1 THEN now() END
         FROM generate_series(1, 30) AS n;
       INSERT INTO boundaries (schedule_id, due_at, rank, kind, revision, fired_at, applied_at)
         SELECT 's', ${old}, 1, 'handoff.completed', 1, ${old}, CASE n % 2 WHEN 0 THEN ${old} END
         FROM generate_series(1, 10) AS n;
       INSERT INTO idempotency_keys (actor, key, command, input_hash, result, created_at)
         SELECT 'ann', 'k' || n, 'c', 'h', '{}', CASE n % 2 WHEN 0 THEN ${old} ELSE now() END
         FROM generate_series(1, 10) AS n;
       INSERT INTO events (id, key, type, schedule_id, occurred_at, published_at, data, position)
         SELECT 'e' || n, 'e' || n, 'schedule.retired', 's', t, t, '{}', nullif(n, 6)
         FROM generate_series(1, 8) AS n, LATERAL (SELECT CASE WHEN n < 7 THEN ${old} ELSE now() END AS t) AS at;
       INSERT INTO endpoints (id, url, event_types, secrets, status, created_by, created_at, updated_at) VALUES
         ('on', 'https://example.com', '{*}', '[]', 'active', 'ann', now(), now()),
         ('off', 'https://example.com', '{*}', '[]', 'disabled', 'ann', now(), now());
       INSERT INTO deliveries (id, endpoint_id, event_id, lane, status, replay_of) VALUES
         ('d1', 'on', 'e1', 's', 'succeeded', NULL), ('d1r', 'on', 'e1', 's', 'failed', 'd1'),
         ('d2', 'on', 'e2', 's', 'pending', NULL), ('d3', 'off', 'e3', 's', 'pending', NULL),
         ('d8', 'on', 'e8', 's', 'succeeded', NULL);
       INSERT INTO attempts (delivery_id, number, started_at, duration_ms, outcome)
         SELECT id, 1, now(), 1, 'delivered' FROM deliveries;
       INSERT INTO pages (id, dedup_key, policy_key, policy, summary, severity, urgency, state, last_triggered_at,
           phase, round, pass, step, fired, reached, created_by, created_at, resolved_at)
         SELECT 'p' || n, 'k' || n, 's', '{}', 'x', 'info', 'low', CASE n % 2 WHEN 0 THEN 'resolved' ELSE 'triggered' END,
           ${old}, 'ended', 1, 0, 0, 0, false, 'ann', ${old}, CASE n % 2 WHEN 0 THEN ${old} END
         FROM generate_series(1, 10) AS n;
       INSERT INTO swaps (id, kind, origin, state, person, gives, takes, audience, asked, awaiting, rest_of, overrides,
           accepted_by, starts_at, expires_at, created_by, created_at, closed_at, people, schedules)
         SELECT 'w' || n, 'cover', 'request', CASE WHEN n = 9 THEN 'open' ELSE 'applied' END, 'ann',
           jsonb_build_array(jsonb_build_object('end', extract(epoch FROM CASE n WHEN 8 THEN now() ELSE ${old} END) * 1000)),
           '[]', '{}', '{}', '{}', CASE n WHEN 2 THEN 'w1' WHEN 7 THEN 'w6' END, '[]', CASE n WHEN 9 THEN NULL ELSE 'ben' END,
           ${old}, ${old}, 'ann', ${old}, CASE n WHEN 9 THEN NULL WHEN 7 THEN now() ELSE ${old} END, '{}', '{}'
         FROM generate_series(1, 9) AS n;
       INSERT INTO swap_answers (swap_id, person, kind, gives, takes, answered_at)
         SELECT id, 'ben', 'refusal', '[]', '[]', now() FROM swaps;
       INSERT INTO slack_claims (key, expires_at) SELECT 'c' || n, now() + (n - 5) * interval '1 day'
         FROM generate_series(1, 10) AS n;
       INSERT INTO slack_messages (id, key, kind, subject, workspace, channel, urgent, next_attempt_at, created_at)
         SELECT 'm' || n, 'm' || n, 'swap', 's', 'T', 'C', false, CASE n WHEN 1 THEN now() END,
           now() - n * interval '50 days' FROM generate_series(1, 4) AS n;
       INSERT INTO slack_connect_codes (hash, person, created_by, expires_at)
         VALUES ('a', 'ann', 'eve', ${old}), ('b', 'ann', 'eve', now() + interval '1 hour');
       INSERT INTO page_log (page_id, at, kind) SELECT id, now(), 'noted' FROM pages`,
    );
    const gone = await prune(database, { eventRetentionMs: 10 * DAY_MS, limit: 3 });
    // e2 waits for its receiver, e6 has no position yet; so a batch that is not full ends the walk, not the work.
    const more = await prune(database, { eventRetentionMs: 10 * DAY_MS, limit: 100 });
    expect(gone).toMatchObject({ outbox: 10, boundaries: 5, idempotencyKeys: 5, pages: 5 });
    expect(await countOf(database, 'SELECT count(*) FROM page_log')).toBe(5);
    // w8 has yet to end, w9 is open, w7 is young and the rest of w6; w1 goes after w2.
    const swaps = await database.pool.query('SELECT id FROM swaps ORDER BY id');
    expect(swaps.rows.map((row) => row.id)).toEqual(['w6', 'w7', 'w8', 'w9']);
    expect(await countOf(database, 'SELECT count(*) FROM swap_answers')).toBe(4);
    expect(gone.slackClaims + more.slackClaims).toBe(5);
    expect(gone.slackMessages + more.slackMessages).toBe(3);
    expect(await countOf(database, 'SELECT count(*) FROM slack_connect_codes')).toBe(1);
    expect(gone.events + more.events).toBe(4);
    expect(gone.deliveries + more.deliveries).toBe(3);
    const left = await database.pool.query('SELECT id FROM events ORDER BY id');
    expect(left.rows.map((row) => row.id)).toEqual(['e2', 'e6', 'e7', 'e8']);
    expect(await countOf(database, 'SELECT count(*) FROM attempts')).toBe(2);
    expect(await countOf(database, 'SELECT count(*) FROM outbox')).toBe(20);
    expect(await prune(database, { eventRetentionMs: 10 * DAY_MS })).toEqual({
      outbox: 0,
      boundaries: 0,
      idempotencyKeys: 0,
      events: 0,
      deliveries: 0,
      pages: 0,
      swaps: 0,
      slackMessages: 0,
      slackClaims: 0,
      planJobs: 0,
      plannedTurns: 0,
      plans: 0,
    });
  });
});
