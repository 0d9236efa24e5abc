import { createEndpoint, fanOutEvents, type RetryPolicy } from '@watchbill/commands';
import { clockNow, type Database, insertEvents, newId, openDatabase, statement } from '@watchbill/database';
import { type LaneTurnEnd, openWebhookSender, runLaneTurn, type WebhookSender } from '@watchbill/worker';
import { createTestDatabase } from '../support/test-database.ts';
import type { WebhookReceiver } from '../support/webhook-receiver.ts';

/** A database of its own with a sender that may call this machine. */
export interface DeliveryWorld {
  readonly database: Database;
  readonly sender: WebhookSender;
  close(): Promise<void>;
}

export async function openDeliveryWorld(): Promise<DeliveryWorld> {
  const made = await createTestDatabase();
  const database = openDatabase({ connectionString: made.connectionString });
  const sender = openWebhookSender({ timeoutMs: 10_000, allowedNetworks: ['127.0.0.0/8'] });
  return {
    database,
    sender,
    close: async () => {
      await sender.close();
      await database.close();
      await made.drop();
    },
  };
}

/** Writes one event for each name, in one transaction; `data.retiredBy` is the name. */
export async function writeEvents(
  database: Database,
  schedule: string | null,
  names: readonly string[],
): Promise<string[]> {
  return database.transaction(async (tx) => {
    const now = await clockNow(tx);
    return insertEvents(
      tx,
      names.map((name) => ({
        key: `test.${newId('key')}`,
        type: 'schedule.retired' as const,
        schedule,
        occurredAt: now,
        publishedAt: now,
        data: { schedule: schedule ?? 'none', retiredBy: name },
      })),
    );
  });
}

/** The names of the events that a receiver got, in the order in which they came. */
export function namesAt(receiver: WebhookReceiver, schedule?: string): string[] {
  return receiver.requests.flatMap(({ json }) => {
    const { data } = json as { readonly data: { readonly schedule: string; readonly retiredBy: string } };
    return schedule === undefined || data.schedule === schedule ? [data.retiredBy] : [];
  });
}

/** An endpoint at a receiver, which trusts its secret from now on. Returns its id. */
export async function endpointAt(
  database: Database,
  receiver: WebhookReceiver,
  wishes: { readonly eventTypes?: readonly string[]; readonly schedules?: readonly string[] } = {},
): Promise<string> {
  const { eventTypes = ['schedule.*'], schedules = null } = wishes;
  const made = await createEndpoint(
    { database, actor: 'test' },
    { url: receiver.url, eventTypes, schedules },
    { plainHttp: true },
  );
  if (!made.ok || made.value.secret === null) throw new Error(JSON.stringify(made));
  receiver.trust(made.value.secret);
  return made.value.endpoint.id;
}

export function fanOut(database: Database) {
  return fanOutEvents(database, { events: [], wakeAgainMs: 30_000 });
}

export interface TurnWishes {
  readonly delaysMs?: RetryPolicy['delaysMs'];
  readonly leaseMs?: number;
  readonly maxDeliveries?: number;
  readonly stopping?: boolean;
}

/** One turn of a lane, as a worker would take it. */
export function turn(
  world: DeliveryWorld,
  lane: { readonly endpoint: string; readonly lane: string },
  wishes: TurnWishes = {},
): Promise<LaneTurnEnd> {
  const { delaysMs = [0, 60_000, 300_000], leaseMs = 30_000, stopping = false, maxDeliveries } = wishes;
  return runLaneTurn(
    {
      database: world.database,
      sender: world.sender,
      settings: {
        leaseMs,
        wakeAgainMs: 30_000,
        retryDelaysMs: delaysMs,
        ...(maxDeliveries === undefined ? {} : { maxDeliveries }),
      },
      stopping: () => stopping,
    },
    lane,
  );
}

export interface StoredDelivery {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly attempts: number;
  readonly nextInMs: number | null;
  readonly outcomes: readonly string[];
}

const DELIVERIES = statement(
  'test.deliveries',
  `SELECT d.id, e.data->>'retiredBy' AS name, d.status, d.attempts,
     (extract(epoch FROM d.next_attempt_at - clock_timestamp()) * 1000)::double precision AS "nextInMs",
     ARRAY(SELECT outcome FROM attempts a WHERE a.delivery_id = d.id ORDER BY number) AS outcomes
   FROM deliveries d JOIN events e ON e.id = d.event_id
   WHERE d.endpoint_id = $1 AND d.lane = $2 ORDER BY d.sequence`,
);
const LANE = statement(
  'test.lane',
  `SELECT lease_token AS token, (extract(epoch FROM wake_at - clock_timestamp()) * 1000)::double precision AS "wakeInMs"
   FROM delivery_lanes WHERE endpoint_id = $1 AND lane = $2`,
);

/** All deliveries of a lane, in order, with the outcomes of their attempts. */
export function deliveriesIn(database: Database, endpoint: string, lane: string): Promise<StoredDelivery[]> {
  return database.query<StoredDelivery>(DELIVERIES, [endpoint, lane]);
}

export async function laneState(
  database: Database,
  endpoint: string,
  lane: string,
): Promise<{ readonly token: string | null; readonly wakeInMs: number | null } | undefined> {
  const [row] = await database.query<{ token: string | null; wakeInMs: number | null }>(LANE, [
    endpoint,
    lane,
  ]);
  return row;
}

/** Lets retries be due now. */
export async function letRetriesBeDue(database: Database): Promise<void> {
  await database.query(statement('test.retries_due', 'UPDATE deliveries SET next_attempt_at = NULL'));
}
