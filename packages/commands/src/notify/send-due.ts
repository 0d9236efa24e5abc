import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Database,
  type LeasedNotification,
  leaseNotifications,
  renewNotifications,
  settleNotification,
  statePage,
} from '@watchbill/database';

/** How a try to send ended. `again`: it may go better later. `outcome` is stable for programs. */
export type SendEnd =
  | { readonly ok: true; readonly receipt: string | null }
  | { readonly ok: false; readonly outcome: string; readonly error: string; readonly again: boolean };

export type Send = (notification: LeasedNotification) => Promise<SendEnd>;

export interface SentNotification {
  readonly notification: LeasedNotification;
  readonly outcome: string;
  readonly error: string | null;
  readonly ended: boolean;
}

/** The wait before each try after the first, in milliseconds; then the notification has failed. */
export const NOTIFY_RETRY_MS: readonly number[] = [5_000, 15_000, 60_000, 180_000, 600_000];
/** A worker that died gives its notifications back after this; one that lives and still sends renews its lease. */
export const NOTIFY_LEASE_MS = 10_000;
const RENEWALS_A_LEASE = 3;
/** A database that restarts is waited for: what was sent is not sent again only because nobody could note it. */
const NOTE_WITHIN_MS = 60_000;
const NOTE_AGAIN_MS = 200;
const ERROR_LIMIT = 500;

/**
 * Sends those of these notifications that are due and in nobody's hands, all at once, and stores how each went. What is
 * answered meanwhile is not sent. A notification is sent at least once: a worker that dies between the sending and the
 * storing leaves it to be sent again, for nobody can know whether it arrived.
 */
export async function sendDue(
  database: Database,
  ids: readonly string[],
  send: Send,
): Promise<readonly SentNotification[]> {
  const token = randomUUID();
  const leased = await database.transaction((tx) =>
    leaseNotifications(tx, ids, { token, leaseMs: NOTIFY_LEASE_MS }),
  );
  if (leased.length === 0) return [];
  const lease = { token, leaseMs: NOTIFY_LEASE_MS };
  const taken = leased.map(({ id }) => id);
  const renewal = setInterval(() => {
    // Where it fails the database is away, or another worker has them by now: the settling will tell.
    renewNotifications(database, taken, lease).catch(() => undefined);
  }, NOTIFY_LEASE_MS / RENEWALS_A_LEASE);
  try {
    const sent = await Promise.all(
      leased.map((notification) => sendOne(database, { notification, token, send })),
    );
    return sent.filter((one) => one !== null);
  } finally {
    clearInterval(renewal);
  }
}

async function sendOne(
  database: Database,
  { notification, token, send }: { notification: LeasedNotification; token: string; send: Send },
): Promise<SentNotification | null> {
  const startedAt = Date.now();
  const start = performance.now();
  const over = await persistently(() => answered(database, notification));
  const end = over ? 'answered' : await tryToSend(send, notification);
  const attempt = {
    ...{ notification: notification.id, token, startedAt, durationMs: performance.now() - start },
    ...factsOf(end, notification.attempts),
  };
  const kept = await persistently(() => database.transaction((tx) => settleNotification(tx, attempt)));
  if (!kept) return null;
  const { outcome, error } = attempt;
  return { notification, outcome, error, ended: 'status' in attempt.next };
}

/** Does it again while it fails, for as long as a restart of the database may take. Only for what may be done twice. */
async function persistently<T>(work: () => Promise<T>): Promise<T> {
  const end = performance.now() + NOTE_WITHIN_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (performance.now() >= end) throw error;
      await sleep(NOTE_AGAIN_MS);
    }
  }
}

/** Somebody takes care of it by now. Whoever came on call later is told of an acknowledged page all the same. */
async function answered(database: Database, { page, reason }: LeasedNotification): Promise<boolean> {
  const state = await statePage(database, page);
  return state === null || state === 'resolved' || (state === 'acknowledged' && reason === 'step');
}

async function tryToSend(send: Send, notification: LeasedNotification): Promise<SendEnd> {
  try {
    return await send(notification);
  } catch (error) {
    return { ok: false, outcome: 'error', error: (error as Error).message, again: true };
  }
}

function factsOf(end: SendEnd | 'answered', attempts: number) {
  if (end === 'answered') {
    return { outcome: 'answered', error: null, receipt: null, next: { status: 'cancelled' as const } };
  }
  if (end.ok)
    return { outcome: 'sent', error: null, receipt: end.receipt, next: { status: 'sent' as const } };
  const afterMs = end.again ? NOTIFY_RETRY_MS[attempts - 1] : undefined;
  const next = afterMs === undefined ? { status: 'failed' as const } : { afterMs };
  return { outcome: end.outcome, error: end.error.slice(0, ERROR_LIMIT), receipt: null, next };
}
