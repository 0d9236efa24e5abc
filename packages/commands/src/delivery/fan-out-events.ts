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
import { type ForwardFacts, isForwarded, readForwardFacts } from '../provider/forward-pages.ts';
import { wantLooks } from '../provider/want-looks.ts';
import { tellLanes } from './wake-lanes.ts';

/** How many events are placed in one transaction. */
export const FAN_OUT_BATCH = 500;
/** The lane of events that belong to no schedule. */
export const NO_SCHEDULE_LANE = '-';
/** How many transactions one call makes at most; the sweep wakes again for what is left. */
const MAX_ROUNDS = 1_000;

export interface FanOutCall {
  /** The events that the caller was woken for; empty: look in any case. */
  readonly events: readonly string[];
  readonly wakeAgainMs: number;
  /** Hears of each batch once it is committed. */
  readonly onBatch?: (events: readonly PositionedEvent[], deliveries: number) => void;
}

export interface FanOutResult {
  readonly events: number;
  readonly deliveries: number;
  readonly lanes: number;
}

/**
 * Gives every event without a position its place in the stream, and writes a delivery for each active endpoint that
 * wants it. When all events that the caller was woken for have their place, nothing is done. Running it twice is
 * harmless: the head of the stream lets in one at a time.
 */
export async function fanOutEvents(database: Database, call: FanOutCall): Promise<FanOutResult> {
  const total = { events: 0, deliveries: 0, lanes: 0 };
  if (call.events.length > 0 && !(await someWithoutPosition(database, call.events))) return total;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const batch = await database.transaction((tx) => fanOutBatch(tx, call.wakeAgainMs));
    if (batch.events.length > 0) call.onBatch?.(batch.events, batch.deliveries);
    total.events += batch.events.length;
    total.deliveries += batch.deliveries;
    total.lanes += batch.lanes;
    if (batch.events.length < FAN_OUT_BATCH) break;
  }
  return total;
}

interface FannedOutBatch {
  readonly events: readonly PositionedEvent[];
  readonly deliveries: number;
  readonly lanes: number;
}

async function fanOutBatch(tx: Transaction, wakeAgainMs: number): Promise<FannedOutBatch> {
  const head = await lockStreamHead(tx);
  const events = await positionEvents(tx, head, FAN_OUT_BATCH);
  const last = events.at(-1);
  if (last === undefined) return { events, deliveries: 0, lanes: 0 };
  const subscriptions = await activeSubscriptions(tx);
  const deliveries = deliveriesOf(events, subscriptions, await readForwardFacts(tx, events, subscriptions));
  const lanes = lanesOf(deliveries);
  await insertDeliveries(tx, deliveries);
  await wantLooks(tx, events);
  await tellLanes(tx, lanes, { cause: String(last.position), wakeAgainMs });
  await moveStreamHead(tx, last.position);
  return { events, deliveries: deliveries.length, lanes: lanes.length };
}

/**
 * Who gets what, in the order of the stream. To a webhook endpoint the events of a schedule go one after another, to a
 * provider those of a page.
 */
export function deliveriesOf(
  events: readonly PositionedEvent[],
  subscriptions: readonly Subscription[],
  facts: ForwardFacts,
): NewDelivery[] {
  const begun = new Set<string>();
  const isKnown: ForwardFacts['isKnown'] = (lane) =>
    facts.isKnown(lane) || begun.has(`${lane.endpoint} ${lane.lane}`);
  return events.flatMap((event) =>
    subscriptions
      .filter((subscription) => wants(subscription, event, { ...facts, isKnown }))
      .map(({ endpoint, provider }) => {
        const lane = (provider === null ? event.schedule : event.page?.id) ?? NO_SCHEDULE_LANE;
        if (provider !== null) begun.add(`${endpoint} ${lane}`);
        return { endpoint, event: event.id, lane };
      }),
  );
}

/** An endpoint that names schedules hears of those only, so of nothing that belongs to no schedule. */
function wants(subscription: Subscription, event: PositionedEvent, facts: ForwardFacts): boolean {
  const { eventTypes, schedules, provider } = subscription;
  if (!subscribes(eventTypes, event.type)) return false;
  if (provider !== null) return isForwarded(subscription, event, facts);
  return schedules === null || (event.schedule !== null && schedules.includes(event.schedule));
}

function lanesOf(deliveries: readonly NewDelivery[]): LaneId[] {
  const lanes = new Map(deliveries.map(({ endpoint, lane }) => [`${endpoint} ${lane}`, { endpoint, lane }]));
  return [...lanes.values()];
}
