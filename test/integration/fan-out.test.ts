import { FAN_OUT_BATCH } from '@watchbill/commands';
import { eventsAfter, statement } from '@watchbill/database';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';
import {
  type DeliveryWorld,
  deliveriesIn,
  endpointAt,
  fanOut,
  openDeliveryWorld,
  writeEvents,
} from './delivery-fixture.ts';

let world: DeliveryWorld;
let receiver: WebhookReceiver;

beforeAll(async () => {
  world = await openDeliveryWorld();
  receiver = await startWebhookReceiver();
});
afterAll(async () => {
  await receiver.close();
  await world.close();
});
beforeEach(async () => {
  for (const table of ['attempts', 'deliveries', 'delivery_lanes', 'endpoints', 'events', 'outbox']) {
    await world.database.pool.query(`DELETE FROM watchbill.${table}`);
  }
});

interface PlacedEvent {
  readonly id: string;
  readonly schedule: string | null;
  readonly sequence: number;
  readonly position: number | null;
}

function events(): Promise<PlacedEvent[]> {
  return world.database.query<PlacedEvent>(
    statement(
      'test.placed',
      'SELECT id, schedule_id AS schedule, sequence, position FROM events ORDER BY position',
    ),
  );
}

async function names(endpoint: string, lane: string): Promise<string[]> {
  return (await deliveriesIn(world.database, endpoint, lane)).map((delivery) => delivery.name);
}

describe('fanOutEvents', () => {
  it('asks for what each endpoint wants: types, families, schedules', async () => {
    await world.database.pool.query(
      `INSERT INTO watchbill.schedules (id, time_zone, revision, created_at, updated_at)
       VALUES ('s1', 'UTC', 1, now(), now()), ('s2', 'UTC', 1, now(), now()) ON CONFLICT DO NOTHING`,
    );
    const { database } = world;
    const all = await endpointAt(database, receiver, { eventTypes: ['*'] });
    const family = await endpointAt(database, receiver, { eventTypes: ['shift.*', 'schedule.*'] });
    const one = await endpointAt(database, receiver, { eventTypes: ['*'], schedules: ['s1'] });
    const other = await endpointAt(database, receiver, { eventTypes: ['shift.*'] });
    await writeEvents(database, 's1', ['a']);
    await writeEvents(database, 's2', ['b']);
    await writeEvents(database, null, ['c']);
    expect(await fanOut(database)).toEqual({ events: 3, deliveries: 7, lanes: 7 });
    for (const endpoint of [all, family]) {
      expect([await names(endpoint, 's1'), await names(endpoint, 's2'), await names(endpoint, '-')]).toEqual([
        ['a'],
        ['b'],
        ['c'],
      ]);
    }
    expect([await names(one, 's1'), await names(one, 's2'), await names(one, '-')]).toEqual([['a'], [], []]);
    expect(await names(other, 's1')).toEqual([]);
  });

  it('wakes each lane once for a batch, and keeps the order of writing', async () => {
    const endpoint = await endpointAt(world.database, receiver);
    const written = Array.from({ length: 2 * FAN_OUT_BATCH + 3 }, (_, at) => `n${at}`);
    await writeEvents(world.database, 's1', written);
    expect(await fanOut(world.database)).toEqual({
      events: written.length,
      deliveries: written.length,
      lanes: 3,
    });
    expect(await names(endpoint, 's1')).toEqual(written);
    const wakes = await world.database.query<{ payload: unknown }>(
      statement('test.wakes', "SELECT payload FROM outbox WHERE queue = 'deliveries'"),
    );
    expect(wakes.map((row) => row.payload)).toEqual(Array(3).fill({ endpoint, lane: 's1' }));
    expect(await fanOut(world.database)).toEqual({ events: 0, deliveries: 0, lanes: 0 });
  });

  it('gives positions without holes, in the order of each schedule, however many run at once', async () => {
    const endpoint = await endpointAt(world.database, receiver);
    const schedules = ['s1', 's2', 's3'];
    const writers = schedules.map(async (schedule) => {
      for (let round = 0; round < 15; round += 1) {
        await writeEvents(world.database, schedule, [`${schedule}.${round}.a`, `${schedule}.${round}.b`]);
        await fanOut(world.database);
      }
    });
    await Promise.all(writers);
    const placed = await events();
    const positions = placed.map(({ position }) => position ?? Number.NaN);
    expect(positions).toEqual(positions.map((_, at) => (positions[0] ?? 0) + at));
    for (const schedule of schedules) {
      const mine = placed.filter((event) => event.schedule === schedule).map(({ sequence }) => sequence);
      expect(mine).toEqual([...mine].sort((a, b) => a - b));
      const expected = Array.from({ length: 15 }, (_, at) => [
        `${schedule}.${at}.a`,
        `${schedule}.${at}.b`,
      ]).flat();
      expect(await names(endpoint, schedule)).toEqual(expected);
    }
  });

  it('lets a reader of the stream miss nothing while events are placed', async () => {
    let after = (await eventsAfter(world.database, { after: 0, type: null, schedule: null, limit: 1 })).head;
    const read: string[] = [];
    let writing = true;
    const reader = (async () => {
      for (let last = false; !last; ) {
        last = !writing;
        const page = await eventsAfter(world.database, { after, type: null, schedule: null, limit: 7 });
        read.push(...page.events.map(({ id }) => id));
        last = last && page.next === page.head;
        after = page.next;
      }
    })();
    await Promise.all(
      ['s1', 's2'].map(async (schedule) => {
        for (let round = 0; round < 20; round += 1) {
          await writeEvents(world.database, schedule, ['a', 'b', 'c']);
          await fanOut(world.database);
        }
      }),
    );
    writing = false;
    await reader;
    expect(read).toEqual((await events()).map(({ id }) => id));
    expect(read).toHaveLength(120);
  });
});
