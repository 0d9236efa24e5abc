import {
  activeSubscriptions,
  type Database,
  insertDeliveries,
  type LaneId,
  lockStreamHead,
  moveStreamHead,
  type NewDelivery,
  type PositionedEvent,
  positionEvents,
  type Subscription,
  someWithoutPosition,
  type Transaction,
} from '@watchbill/database';
import { subscribes } from '@watchbill/events';
import { tellLanes } from './wake-lanes.ts';

/** How many events are placed in one transaction. */
export const FAN_OUT_BATCH = 500;
/** The lane of events that belong to no schedule. */
export const NO_SCHEDULE_LANE = '-';
/** How many transactions one call makes at most; the sweep wakes again for what is left. */
const MAX_ROUNDS = 1_000;

export interface FanOutResult {
  readonly events: number;
  readonly deliveries: number;
  readonly lanes: number;
}

/**
 * Gives every event without a position its place in the stream, and writes a delivery for each active endpoint that
 * wants it. `events` are the ids that the caller was woken for: when all of them have their place, nothing is done;
 * an empty list always looks. Running it twice is harmless: the head of the stream lets in one at a time.
 */
export async function fanOutEvents(
  database: Database,
  call: { readonly events: readonly string[]; readonly wakeAgainMs: number },
): Promise<FanOutResult> {
  const total = { events: 0, deliveries: 0, lanes: 0 };
  if (call.events.length > 0 && !(await someWithoutPosition(database, call.events))) return total;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const batch = await database.transaction((tx) => fanOutBatch(tx, call.wakeAgainMs));
    total.events += batch.events;
    total.deliveries += batch.deliveries;
    total.lanes += batch.lanes;
    if (batch.events < FAN_OUT_BATCH) break;
  }
  return total;
}

async function fanOutBatch(tx: Transaction, wakeAgainMs: number): Promise<FanOutResult> {
  const head = await lockStreamHead(tx);
  const events = await positionEvents(tx, head, FAN_OUT_BATCH);
  const last = events.at(-1);
  if (last === undefined) return { events: 0, deliveries: 0, lanes: 0 };
  const deliveries = deliveriesOf(events, await activeSubscriptions(tx));
  const lanes = lanesOf(deliveries);
  await insertDeliveries(tx, deliveries);
  await tellLanes(tx, lanes, { cause: String(last.position), wakeAgainMs });
  await moveStreamHead(tx, last.position);
  return { events: events.length, deliveries: deliveries.length, lanes: lanes.length };
}

/** Who gets what, in the order of the stream. */
export function deliveriesOf(
  events: readonly PositionedEvent[],
  subscriptions: readonly Subscription[],
): NewDelivery[] {
  return events.flatMap((event) =>
    subscriptions
      .filter((subscription) => wants(subscription, event))
      .map(({ endpoint }) => ({ endpoint, event: event.id, lane: event.schedule ?? NO_SCHEDULE_LANE })),
  );
}

/** An endpoint that names schedules hears of those only, so of nothing that belongs to no schedule. */
function wants({ eventTypes, schedules }: Subscription, event: PositionedEvent): boolean {
  if (!subscribes(eventTypes, event.type)) return false;
  return schedules === null || (event.schedule !== null && schedules.includes(event.schedule));
}

function lanesOf(deliveries: readonly NewDelivery[]): LaneId[] {
  const lanes = new Map(deliveries.map(({ endpoint, lane }) => [`${endpoint} ${lane}`, { endpoint, lane }]));
  return [...lanes.values()];
}
