import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Database,
  type EndpointSummaryRow,
  eventsAfter,
  type PositionedEventRow,
  pageDeliveries,
  pageEndpoints,
} from '@watchbill/database';
import { instantText } from '../screen/instant-text.ts';
import { type NameOf, namesOf, type ZoneOf } from '../screen/names.ts';

const POLL_MS = 250;
const BATCH = 200;
const MAX_ENDPOINTS = 100;
const NEWEST_DELIVERIES = 20;

export interface FollowOptions {
  readonly database: Database;
  readonly nameOf: NameOf;
  readonly zoneOf: ZoneOf;
  readonly print: (line: string) => void;
  /** The endpoint whose receiver prints by itself. */
  readonly quietEndpoint: string | undefined;
}

export interface Following {
  close(): Promise<void>;
}

/** Prints handoffs, gaps and deliveries as they happen, from now on. */
export function followEvents(options: FollowOptions): Following {
  const stop = new AbortController();
  const running = follow(options, stop.signal);
  return {
    close: async () => {
      stop.abort();
      await running;
    },
  };
}

async function follow(options: FollowOptions, signal: AbortSignal): Promise<void> {
  const { database, print } = options;
  const all = { type: null, schedule: null, limit: BATCH };
  let after: number | undefined;
  let told: ReadonlyMap<string, number> | undefined;
  while (!signal.aborted) {
    try {
      after ??= (await eventsAfter(database, { after: 0, ...all, limit: 1 })).head;
      const stretch = await eventsAfter(database, { after, ...all });
      for (const event of stretch.events) {
        const line = eventLine(event, options);
        if (line !== undefined) print(line);
      }
      after = stretch.next;
      told = await tellDeliveries(options, told);
    } catch {
      // The database is away for a moment; the next look tells what was missed.
    }
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** The line for an event; undefined for the many that only repeat what another one says. */
export function eventLine(
  event: PositionedEventRow,
  { nameOf, zoneOf }: Pick<FollowOptions, 'nameOf' | 'zoneOf'>,
): string | undefined {
  const { data } = event;
  const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
  const zone = zoneOf(event.schedule ?? '');
  const start = `${instantText(event.occurredAt, zone)} (${zone})  ${event.schedule ?? ''}`;
  switch (event.type) {
    case 'handoff.completed':
      return `${start}  ${String(data.role)}: ${namesOf(list(data.outgoing), nameOf)} → ${namesOf(list(data.incoming), nameOf)}`;
    case 'coverage.gap_found':
      return `${start}  a gap: nobody will be on call`;
    case 'coverage.gap_closed':
      return `${start}  a gap is closed`;
    case 'override.created':
    case 'override.cancelled':
    case 'schedule.published':
      return `${start}  ${event.type}`;
    default:
      return undefined;
  }
}

/** Prints deliveries that ended or were tried in vain since the last look; gives what this look saw. */
async function tellDeliveries(
  options: FollowOptions,
  told: ReadonlyMap<string, number> | undefined,
): Promise<ReadonlyMap<string, number>> {
  const seen = new Map<string, number>();
  for (const endpoint of await pageEndpoints(options.database, '', MAX_ENDPOINTS)) {
    if (endpoint.id === options.quietEndpoint || endpoint.status === 'disabled') continue;
    const page = {
      endpoint: endpoint.id,
      before: Number.MAX_SAFE_INTEGER,
      status: null,
      limit: NEWEST_DELIVERIES,
    };
    for (const delivery of (await pageDeliveries(options.database, page)).reverse()) {
      seen.set(delivery.id, delivery.attempts);
      const isNews =
        delivery.attempts > 0 && told !== undefined && told.get(delivery.id) !== delivery.attempts;
      if (isNews) options.print(deliveryLine(endpoint, delivery));
    }
  }
  return seen;
}

function deliveryLine(
  endpoint: EndpointSummaryRow,
  delivery: { readonly eventType: string; readonly status: string; readonly attempts: number },
): string {
  const ended = { succeeded: 'delivered', failed: 'given up', cancelled: 'cancelled' }[delivery.status];
  const times = delivery.attempts === 1 ? '' : ` after ${delivery.attempts} attempts`;
  return `  webhook ${delivery.eventType} to ${endpoint.url}: ${ended ?? 'not taken, will be tried again'}${times}`;
}
