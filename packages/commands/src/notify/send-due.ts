import { randomUUID } from 'node:crypto';
import {
  type Database,
  type LeasedNotification,
  leaseNotifications,
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
/** Longer than any way takes; a worker that died gives its notifications back after this. */
export const NOTIFY_LEASE_MS = 30_000;
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
  const sent = await Promise.all(
    leased.map((notification) => sendOne(database, { notification, token, send })),
  );
  return sent.filter((one) => one !== null);
}

async function sendOne(
  database: Database,
  { notification, token, send }: { notification: LeasedNotification; token: string; send: Send },
): Promise<SentNotification | null> {
  const startedAt = Date.now();
  const start = performance.now();
  const end = (await answered(database, notification)) ? 'answered' : await tryToSend(send, notification);
  const attempt = {
    ...{ notification: notification.id, token, startedAt, durationMs: performance.now() - start },
    ...factsOf(end, notification.attempts),
  };
  const kept = await database.transaction((tx) => settleNotification(tx, attempt));
  if (!kept) return null;
  const { outcome, error } = attempt;
  return { notification, outcome, error, ended: 'status' in attempt.next };
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
