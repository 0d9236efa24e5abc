import { randomUUID } from 'node:crypto';
import { DAY_MS } from '@watchbill/core';
import {
  type Database,
  insertSlackMessages,
  type LeasedSlackMessage,
  type LeasedSlackNotification,
  leaseSlackNotifications,
  type NewSlackMessage,
  nextSlackNotificationMs,
  noteSlackNotification,
  type SettledNotification,
  type SlackMessageState,
  settleSlackNotification,
  slackMessageByKey,
  slackPlacesOf,
} from '@watchbill/database';
import type { Logger } from '@watchbill/runtime';
import { toChannel, toPerson } from '../follow/follow-event.ts';
import { pageChannelKey } from '../follow/follow-page.ts';
import type { MessageKind } from '../message-kinds.ts';
import type { Delivered } from '../send/deliver-message.ts';
import type { ChannelNames } from '../send/find-channel.ts';
import { failureOf } from '../web/slack-failure.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';

export interface NotifierOptions {
  readonly database: Database;
  readonly workspaces: Workspaces;
  readonly names: ChannelNames;
  readonly logger: Logger;
  /** Called when messages were written. */
  readonly onWritten: () => void;
}

const AT_ONCE = 50;
/** After so long somebody looks again what became of the message. */
const LEASE_MS = 20_000;
/** What could not be taken up comes again. */
const AGAIN_MS = 2_000;
const LONGEST_PAUSE_MS = 2_000;
const SHORTEST_PAUSE_MS = 20;
const PAGE: MessageKind = 'page';
const PAGE_AGAIN: MessageKind = 'page_again';

/**
 * Turns the notifications of pages that go by Slack into messages, and settles those whose message was sent or given
 * up. The message itself is tried again by its own schedule; acknowledging the page takes it back while it waits.
 */
export async function notifyBySlack(options: NotifierOptions): Promise<number> {
  const { database, onWritten, logger } = options;
  const token = randomUUID();
  const leased = await database.transaction((tx) =>
    leaseSlackNotifications(tx, { token, leaseMs: LEASE_MS, limit: AT_ONCE }),
  );
  let written = 0;
  for (const notification of leased) {
    try {
      written += await takeUp(options, notification);
    } catch (error) {
      const failure = failureOf(error);
      const reason = 'reason' in failure ? failure.reason : failure.kind;
      logger.warn({ notification: notification.id, reason }, 'a notification waits for Slack');
      await noteSlackNotification(database, notification.id, { outcome: reason, againMs: AGAIN_MS });
    }
  }
  if (written > 0) onWritten();
  if (leased.length === AT_ONCE) return 0;
  const nextMs = (await nextSlackNotificationMs(database)) ?? LONGEST_PAUSE_MS;
  return Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, nextMs));
}

/** Settles a notification by what became of its message. */
export async function settleByMessage(
  database: Database,
  message: LeasedSlackMessage,
  delivered: Delivered,
): Promise<void> {
  const id = message.facts.notification;
  if (typeof id !== 'string' || message.ts !== null) return;
  if (delivered.kind === 'retry') {
    await noteSlackNotification(database, id, { outcome: delivered.reason, againMs: null });
  } else await settleByKey(database, id, message.key);
}

async function takeUp(options: NotifierOptions, notification: LeasedSlackNotification): Promise<number> {
  const { database } = options;
  const { id, page, person } = notification;
  const wanted =
    person === null
      ? await channelMessages(options, notification)
      : await personMessages(database, notification);
  if (wanted === null && (await options.workspaces.list()).length === 0) {
    // Slack has not told us yet whose the token is, so nobody knows where this goes.
    await noteSlackNotification(database, id, { outcome: 'no_workspace', againMs: AGAIN_MS });
    return 0;
  }
  if (wanted === null) {
    const outcome = person === null ? 'channel_not_found' : 'not_linked';
    await settleSlackNotification(database, id, { status: 'failed', outcome, receipt: null });
    options.logger.warn({ notification: id, page, outcome }, 'a notification cannot go by Slack');
    return 0;
  }
  const [first, again] = wanted;
  const written = await database.transaction((tx) => insertSlackMessages(tx, [first]));
  if (written.length === 1) return 1;
  const known = await slackMessageByKey(database, first.key);
  // Its own message from an earlier look, or the message of the page in a channel that has it already.
  if (again === null || known?.notification === id) {
    await settleByKey(database, id, first.key);
    return 0;
  }
  const more = await database.transaction((tx) => insertSlackMessages(tx, [again]));
  if (more.length === 0) await settleByKey(database, id, again.key);
  return more.length;
}

type Wanted = readonly [NewSlackMessage, NewSlackMessage | null];

async function personMessages(
  database: Database,
  { id, page, person }: LeasedSlackNotification,
): Promise<Wanted | null> {
  const place = (await slackPlacesOf(database, [person ?? ''])).get(person ?? '');
  if (place === undefined) return null;
  const to = { workspace: place.workspace, person: person ?? '' };
  return [toPerson(to, { ...pageMessage(id, page), key: `page.${page}.ntf.${id}` }), null];
}

async function channelMessages(
  { workspaces, names }: NotifierOptions,
  { id, page, target }: LeasedSlackNotification,
): Promise<Wanted | null> {
  if (target?.kind !== 'slackChannel') return null;
  for (const { id: workspace } of await workspaces.list()) {
    const { urgent } = await workspaces.clients(workspace);
    const channel = await names.idOf(urgent, workspace, target.channel);
    if (channel === null) continue;
    const at = { workspace, channel };
    const key = pageChannelKey(page, at);
    const again = {
      ...pageMessage(id, page),
      key: `page.${page}.ntf.${id}`,
      kind: PAGE_AGAIN,
      threadOf: key,
    };
    return [
      toChannel(at, { ...pageMessage(id, page), key }),
      toChannel(at, { ...again, facts: { notification: id, broadcast: true } }),
    ];
  }
  return null;
}

function pageMessage(notification: string, page: string) {
  return { kind: PAGE, subject: page, facts: { notification }, urgent: true, staleMs: DAY_MS };
}

async function settleByKey(database: Database, notification: string, key: string): Promise<void> {
  const message = await slackMessageByKey(database, key);
  const end = message === null ? null : endOf(message);
  if (end !== null) await settleSlackNotification(database, notification, end);
}

function endOf({ status, channel, ts, lastError }: SlackMessageState): SettledNotification | null {
  switch (status) {
    case 'pending':
      return null;
    case 'sent':
      return { status: 'sent', outcome: 'delivered', receipt: `${channel}/${ts}` };
    case 'failed':
      return { status: 'failed', outcome: lastError ?? 'failed', receipt: null };
    case 'dropped':
      return { status: 'cancelled', outcome: lastError ?? 'nothing_to_say', receipt: null };
  }
}
