import { takeLane, wakeOverdue } from '@watchbill/commands';
import { listAttempts, releaseLockedLane, statement } from '@watchbill/database';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';
import {
  type DeliveryWorld,
  deliveriesIn,
  endpointAt,
  fanOut,
  laneState,
  letRetriesBeDue,
  namesAt,
  openDeliveryWorld,
  turn,
  writeEvents,
} from './delivery-fixture.ts';

let world: DeliveryWorld;
let receiver: WebhookReceiver;
let endpoint: string;
let schedule: string;
let count = 0;

beforeAll(async () => {
  world = await openDeliveryWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  receiver = await startWebhookReceiver();
  count += 1;
  schedule = `schedule-${count}`;
  endpoint = await endpointAt(world.database, receiver);
});
afterEach(async () => {
  await world.database.query(statement('test.end', "UPDATE endpoints SET status = 'disabled'"));
  await receiver.close();
});

const lane = () => ({ endpoint, lane: schedule });
const stored = () => deliveriesIn(world.database, endpoint, schedule);

async function write(...names: string[]): Promise<void> {
  await writeEvents(world.database, schedule, names);
  await fanOut(world.database);
}

describe('a lane', () => {
  it('is sent in order, signed, each attempt stored', async () => {
    await write('a', 'b', 'c');
    expect(await turn(world, lane())).toBe('released');
    expect(namesAt(receiver)).toEqual(['a', 'b', 'c']);
    expect(receiver.requests.every((request) => request.signature === 'valid')).toBe(true);
    const deliveries = await stored();
    expect(deliveries).toMatchObject(
      ['a', 'b', 'c'].map((name) => ({ name, status: 'succeeded', attempts: 1, outcomes: ['delivered'] })),
    );
    const [attempt] = await listAttempts(world.database, deliveries[0]?.id ?? '');
    expect(attempt).toMatchObject({ number: 1, outcome: 'delivered', statusCode: 204, error: null });
    expect(attempt?.durationMs).toBeGreaterThanOrEqual(0);
    expect(await laneState(world.database, endpoint, schedule)).toEqual({ token: null, wakeInMs: null });
  });

  it('waits behind a failure; other lanes of the endpoint do not', async () => {
    const other = `${schedule}-other`;
    await write('a', 'b');
    await writeEvents(world.database, other, ['x', 'y']);
    await fanOut(world.database);
    let broken = true;
    receiver.answerWith(({ body }) => ({ status: broken && body.includes('"a"') ? 500 : 204 }));
    expect(await turn(world, lane())).toBe('released');
    expect(await turn(world, lane())).toBe('released');
    expect(await turn(world, { endpoint, lane: other })).toBe('released');
    expect(namesAt(receiver)).toEqual(['a', 'x', 'y']);
    broken = false;
    await letRetriesBeDue(world.database);
    await turn(world, lane());
    expect(namesAt(receiver, schedule)).toEqual(['a', 'a', 'b']);
    expect(await stored()).toMatchObject([
      { name: 'a', status: 'succeeded', outcomes: ['status_5xx', 'delivered'] },
      { name: 'b', status: 'succeeded', outcomes: ['delivered'] },
    ]);
  });

  it('carries the same id and bytes at every attempt', async () => {
    await write('a');
    receiver.answerWith(({ index }) => ({ status: index < 2 ? 503 : 204 }));
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await turn(world, lane());
      await letRetriesBeDue(world.database);
    }
    expect(new Set(receiver.requests.map(({ id, body }) => `${id} ${body}`)).size).toBe(1);
    expect(receiver.requests).toHaveLength(3);
  });

  it('is tried again when the schedule of retries says so', async () => {
    await write('a');
    receiver.answerWith(() => ({ status: 500, body: 'out of order' }));
    for (const plannedMs of [60_000, 300_000]) {
      await turn(world, lane());
      const [delivery] = await stored();
      expect(delivery?.nextInMs).toBeGreaterThan(plannedMs - 20_000);
      expect(delivery?.nextInMs).toBeLessThanOrEqual(plannedMs * 1.1);
      const state = await laneState(world.database, endpoint, schedule);
      expect(Math.abs((state?.wakeInMs ?? 0) - (delivery?.nextInMs ?? 0))).toBeLessThan(5_000);
      await letRetriesBeDue(world.database);
    }
    const [delivery] = await stored();
    expect(await listAttempts(world.database, delivery?.id ?? '')).toMatchObject([
      { number: 1, outcome: 'status_5xx', statusCode: 500, responseExcerpt: 'out of order' },
      { number: 2, outcome: 'status_5xx', statusCode: 500, responseExcerpt: 'out of order' },
    ]);
  });

  it('stays away as long as Retry-After asks', async () => {
    await write('a');
    receiver.answerWith(() => ({ status: 429, headers: { 'retry-after': '1000' } }));
    await turn(world, lane());
    const [delivery] = await stored();
    expect(delivery?.nextInMs).toBeGreaterThan(980_000);
    expect(delivery?.nextInMs).toBeLessThanOrEqual(1_000_000);
  });

  it('goes on behind an event that is too large to be sent', async () => {
    await write('a'.repeat(21_000), 'b');
    await turn(world, lane());
    expect(namesAt(receiver)).toEqual(['b']);
    expect(await stored()).toMatchObject([
      { status: 'failed', outcomes: ['too_large'] },
      { status: 'succeeded', outcomes: ['delivered'] },
    ]);
  });

  it('hands over after a number of deliveries, and when the process stops', async () => {
    await write('a', 'b', 'c');
    expect(await turn(world, lane(), { stopping: true })).toBe('requeued');
    expect(namesAt(receiver)).toEqual([]);
    expect(await turn(world, lane(), { maxDeliveries: 2 })).toBe('requeued');
    expect(namesAt(receiver)).toEqual(['a', 'b']);
    const wakes = await world.database.query<{ payload: unknown }>(
      statement(
        'test.lane_wakes',
        "SELECT payload FROM outbox WHERE queue = 'deliveries' AND payload->>'lane' = $1",
      ),
      [schedule],
    );
    // One by the fan-out and one by each of the two turns.
    expect(wakes.map((row) => row.payload)).toEqual(Array(3).fill({ endpoint, lane: schedule }));
    expect(await turn(world, lane())).toBe('released');
    expect(namesAt(receiver)).toEqual(['a', 'b', 'c']);
  });
});

describe('two workers', () => {
  it('do not send one lane at the same time', async () => {
    const names = Array.from({ length: 30 }, (_, at) => `n${at}`);
    await write(...names);
    const ends = await Promise.all(Array.from({ length: 4 }, () => turn(world, lane())));
    for (const end of ends) expect(['busy', 'released']).toContain(end);
    expect(namesAt(receiver)).toEqual(names);
  });

  it('that lost its lease stops at once and writes nothing', async () => {
    await write('a', 'b');
    receiver.answerWith(({ index }) => ({ status: 204, delayMs: index === 0 ? 8_000 : 0 }));
    const slow = turn(world, lane(), { leaseMs: 300 });
    await receiver.waitUntil((requests) => requests.length === 1);
    // The lane is given to somebody else, as after a long pause of this process.
    await world.database.transaction((tx) => releaseLockedLane(tx, lane(), null));
    expect(await turn(world, lane())).toBe('released');
    expect(await slow).toBe('lost');
    expect(namesAt(receiver)).toEqual(['a', 'a', 'b']);
    expect(await stored()).toMatchObject([
      { name: 'a', status: 'succeeded', attempts: 1, outcomes: ['delivered'] },
      { name: 'b', status: 'succeeded', attempts: 1, outcomes: ['delivered'] },
    ]);
  });

  it('renew the lease while a receiver takes its time', async () => {
    await write('a');
    receiver.answerWith(() => ({ status: 204, delayMs: 1_500 }));
    const slow = turn(world, lane(), { leaseMs: 600 });
    await receiver.waitUntil((requests) => requests.length === 1);
    const until = performance.now() + 1_200;
    while (performance.now() < until) {
      expect(await turn(world, lane())).toBe('busy');
      await new Promise((done) => setTimeout(done, 100));
    }
    expect(await slow).toBe('released');
    expect(namesAt(receiver)).toEqual(['a']);
  });

  it('take up the lane of one that was killed, once its lease has run out', async () => {
    await write('a');
    expect(await takeLane(world.database, lane(), 200)).not.toBeNull();
    expect(await turn(world, lane())).toBe('busy');
    let woken = 0;
    while (woken === 0) woken = (await wakeOverdue(world.database, { wakeAgainMs: 30_000 })).lanes;
    expect(await turn(world, lane())).toBe('released');
    expect(namesAt(receiver)).toEqual(['a']);
  });
});

it('never forgets a delivery that is written while a lane is given back', async () => {
  const names = Array.from({ length: 60 }, (_, at) => `n${at}`);
  let written = 0;
  const writing = (async () => {
    for (const name of names) {
      await write(name);
      written += 1;
    }
  })();
  // A turn for each wake-up, as the queue would do it: the lane may sleep only when its row says when to wake.
  while (written < names.length) {
    await turn(world, lane());
    const state = await laneState(world.database, endpoint, schedule);
    if (state?.token === null && state.wakeInMs === null) {
      const waiting = (await stored()).filter(({ status }) => status === 'pending');
      const after = await laneState(world.database, endpoint, schedule);
      if (waiting.length > 0) expect(after?.wakeInMs).not.toBeNull();
    }
  }
  await writing;
  const state = await laneState(world.database, endpoint, schedule);
  const waiting = (await stored()).filter(({ status }) => status === 'pending');
  if (waiting.length > 0) expect(state?.wakeInMs).not.toBeNull();
  await turn(world, lane());
  expect(namesAt(receiver)).toEqual(names);
});
