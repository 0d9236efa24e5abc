import { randomBytes } from 'node:crypto';
import {
  type CreateProviderInput,
  createProvider,
  fanOutEvents,
  type ProviderRules,
} from '@watchbill/commands';
import { type Database, type ProviderRow, statement } from '@watchbill/database';
import { type SealKeys, seal } from '@watchbill/runtime';
import {
  type LaneTurnEnd,
  openPageForwarder,
  openWebhookSender,
  type PageForwarder,
  runLaneTurn,
  type WebhookSender,
} from '@watchbill/worker';
import type { ProviderServer } from '../support/provider-server.ts';
import { accepted, type World } from './apply-fixture.ts';

export const KEYS: SealKeys = [randomBytes(32)];
export const RULES: ProviderRules = { plainHttp: true, seal: (text, about) => seal(text, about, KEYS) };
export const NETWORK = { timeoutMs: 10_000, allowedNetworks: ['127.0.0.0/8'] };

/** The ways out of a worker. */
export interface Ways {
  readonly sender: WebhookSender;
  readonly forwarder: PageForwarder;
  close(): Promise<void>;
}

export function openWays(database: Database, network = NETWORK): Ways {
  const sender = openWebhookSender(network);
  const publicUrl = 'https://watchbill.example';
  const forwarder = openPageForwarder({ database, network, keys: KEYS, publicUrl });
  return {
    sender,
    forwarder,
    close: async () => {
      await sender.close();
      await forwarder.close();
    },
  };
}

/** A provider at the stand-in, with the key that it takes. */
export async function providerAt(
  { context }: World,
  server: ProviderServer,
  input: Partial<CreateProviderInput> = {},
): Promise<ProviderRow> {
  const base = { kind: 'pagerduty', name: 'Stand-in', key: server.key, url: server.url } as const;
  return accepted(await createProvider(context, { ...base, ...input }, RULES)).provider;
}

export function fanOut({ database }: World) {
  return fanOutEvents(database, { events: [], wakeAgainMs: 30_000 });
}

const WAITING = statement(
  'test.waiting_lanes',
  `SELECT DISTINCT d.endpoint_id AS endpoint, d.lane FROM deliveries d JOIN endpoints e ON e.id = d.endpoint_id
   WHERE d.status = 'pending' AND e.status = 'active' ORDER BY 1, 2`,
);
const DUE = statement('test.all_due', 'UPDATE deliveries SET next_attempt_at = NULL');

/** One turn of every lane with something to send, all at once, as workers take them. */
export async function takeTurns(
  { database }: World,
  { sender, forwarder }: Ways,
  forwardDelaysMs: readonly number[] = Array.from({ length: 12 }, () => 60_000),
): Promise<LaneTurnEnd[]> {
  const lanes = await database.query<{ endpoint: string; lane: string }>(WAITING);
  const settings = { leaseMs: 30_000, wakeAgainMs: 30_000, retryDelaysMs: [0, 60_000], forwardDelaysMs };
  const tools = { database, sender, forwarder, settings, stopping: () => false };
  return Promise.all(lanes.map((lane) => runLaneTurn(tools, lane)));
}

/** Everything that is written goes out, as far as the other side lets it. */
export async function pump(world: World, ways: Ways): Promise<void> {
  await fanOut(world);
  await takeTurns(world, ways);
}

/** Retries need not wait. */
export async function letRetriesBeDue({ database }: World): Promise<void> {
  await database.query(DUE);
}

export interface ForwardedDelivery {
  readonly type: string;
  readonly status: string;
  readonly outcomes: readonly string[];
  readonly nextInMs: number | null;
}

const FORWARDED = statement(
  'test.forwarded',
  `SELECT e.type, d.status, ARRAY(SELECT outcome FROM attempts a WHERE a.delivery_id = d.id ORDER BY number) AS outcomes,
     (extract(epoch FROM d.next_attempt_at - clock_timestamp()) * 1000)::double precision AS "nextInMs"
   FROM deliveries d JOIN events e ON e.id = d.event_id WHERE d.endpoint_id = $1 ORDER BY d.sequence`,
);

/** What was to be forwarded to a provider, in order. */
export function forwardedTo({ database }: World, provider: string): Promise<ForwardedDelivery[]> {
  return database.query<ForwardedDelivery>(FORWARDED, [provider]);
}

const EVENTS = statement('test.events_of_type', 'SELECT data FROM events WHERE type = $1 ORDER BY sequence');

/** The data of every event of a type. */
export async function eventsOf(
  { database }: World,
  type: string,
): Promise<Readonly<Record<string, unknown>>[]> {
  const rows = await database.query<{ data: Readonly<Record<string, unknown>> }>(EVENTS, [type]);
  return rows.map(({ data }) => data);
}
