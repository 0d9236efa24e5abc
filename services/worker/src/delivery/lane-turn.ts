import {
  type Attempt,
  isSendable,
  type RecordOutcome,
  recordAttempt,
  releaseLane,
  takeLane,
} from '@watchbill/commands';
import {
  type Database,
  type LaneHead,
  type LaneId,
  type LaneLease,
  laneHead,
  liveSecrets,
  renewLane,
} from '@watchbill/database';
import { webhookBody } from '@watchbill/events';
import type { PageForwarder } from '../provider/page-forwarder.ts';
import { keepLease } from './lane-lease-keeper.ts';
import type { WebhookSender } from './webhook-sender.ts';

/** A turn hands the lane on after this many deliveries, so that a long line does not hold a place for ever. */
export const MAX_DELIVERIES_A_TURN = 100;
/** … or once it has lasted this long, in milliseconds. */
export const MAX_TURN_MS = 20_000;

/**
 * Pages are tried again sooner than webhooks: somebody may wait for them. Fifteen attempts in about two days, in
 * milliseconds.
 */
export const FORWARD_DELAYS_MS: readonly number[] = [
  ...[0, 2, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400],
].map((seconds) => seconds * 1_000);

export interface LaneTurnSettings {
  readonly leaseMs: number;
  readonly wakeAgainMs: number;
  /** The wait before each attempt, in milliseconds. */
  readonly retryDelaysMs: readonly number[];
  /** The same for pages on their way to a provider; `FORWARD_DELAYS_MS` unless said. */
  readonly forwardDelaysMs?: readonly number[];
  readonly maxDeliveries?: number;
}

export interface StoredAttempt {
  readonly lane: LaneId;
  readonly head: LaneHead;
  readonly attempt: Attempt;
  readonly outcome: RecordOutcome;
}

export interface LaneTurnTools {
  readonly database: Database;
  readonly sender: WebhookSender;
  /** The way to other paging providers. */
  readonly forwarder?: PageForwarder | undefined;
  readonly settings: LaneTurnSettings;
  /** Says that the process wants to stop: the turn ends after the delivery it is at. */
  readonly stopping: () => boolean;
  /** Hears of each attempt that was stored. */
  readonly onAttempt?: (made: StoredAttempt) => void;
}

/**
 * How a turn ended. `busy`: another worker has the lane. `lost`: another worker has taken it. `requeued`: there is
 * more to send. `released`: nothing can be sent now.
 */
export type LaneTurnEnd = 'busy' | 'lost' | 'requeued' | 'released';

/** Takes a lane and sends its pending deliveries one after another, in order, until nothing can be sent. */
export async function runLaneTurn(tools: LaneTurnTools, lane: LaneId): Promise<LaneTurnEnd> {
  const { database, settings } = tools;
  const lease = await takeLane(database, lane, settings.leaseMs);
  if (lease === null) return 'busy';
  const keeper = keepLease(lease, () => renewLane(database, lease));
  try {
    return await sendAll(tools, lease, keeper.signal);
  } catch (error) {
    if (keeper.signal.aborted) return 'lost';
    throw error;
  } finally {
    keeper.stop();
  }
}

async function sendAll(tools: LaneTurnTools, lease: LaneLease, lost: AbortSignal): Promise<LaneTurnEnd> {
  const { database, settings, stopping } = tools;
  const startedAt = performance.now();
  const limit = settings.maxDeliveries ?? MAX_DELIVERIES_A_TURN;
  for (let sent = 0; ; ) {
    const yielding = stopping() || sent >= limit || performance.now() - startedAt >= MAX_TURN_MS;
    const head = yielding ? null : await laneHead(database, lease);
    if (head !== null && isSendable(head)) {
      if ((await sendOne(tools, { lease, head, lost })) === 'lost') return 'lost';
      sent += 1;
      continue;
    }
    const end = await releaseLane(database, lease, { yielding, wakeAgainMs: settings.wakeAgainMs });
    if (end !== 'more') return end;
  }
}

async function sendOne(
  tools: LaneTurnTools,
  at: { readonly lease: LaneLease; readonly head: LaneHead; readonly lost: AbortSignal },
): Promise<RecordOutcome['kind']> {
  const { lease, head } = at;
  const attempt = await attemptOf(tools, at);
  const { retryDelaysMs, forwardDelaysMs = FORWARD_DELAYS_MS } = tools.settings;
  const delaysMs = head.provider === null ? retryDelaysMs : forwardDelaysMs;
  const policy = { delaysMs, random: Math.random() };
  const outcome = await recordAttempt(tools.database, lease, { head, attempt, policy });
  if (outcome.kind !== 'lost') tools.onAttempt?.({ lane: lease, head, attempt, outcome });
  return outcome.kind;
}

function attemptOf(
  { sender, forwarder }: LaneTurnTools,
  { lease, head, lost }: { readonly lease: LaneLease; readonly head: LaneHead; readonly lost: AbortSignal },
): Promise<Attempt> {
  const { event, provider, url } = head;
  if (provider !== null) {
    if (forwarder === undefined) throw new Error('this worker has no way to other providers');
    return forwarder.send({ endpoint: lease.endpoint, url, provider, event }, lost);
  }
  return sender.send(
    {
      url,
      id: event.id,
      body: webhookBody(event),
      secrets: liveSecrets(head.secrets, Date.now()).map(({ secret }) => secret),
    },
    lost,
  );
}
