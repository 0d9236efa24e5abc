import { createHash } from 'node:crypto';
import {
  beginSlackSending,
  type Database,
  type LeasedSlackMessage,
  recordSlackEnd,
  recordSlackFound,
  recordSlackRetry,
  recordSlackSent,
  slackMessageByKey,
  slackUserOf,
} from '@watchbill/database';
import type { Message } from '../blocks/elements.ts';
import type { SlackClients } from '../slack-deps.ts';
import { failureOf, isAccessReason, type SlackFailure } from '../web/slack-failure.ts';
import { UnknownWorkspaceError } from '../workspaces/workspaces.ts';
import type { ChannelNames } from './find-channel.ts';
import { findMessage, metadataOf } from './find-message.ts';
import type { Rests } from './rests.ts';
import { MAX_SEND_ATTEMPTS, retryDelayMs } from './retry-delay.ts';

/** What became of a message in one go. */
export type Delivered =
  | { readonly kind: 'sent' | 'found' | 'updated' | 'unchanged' }
  | { readonly kind: 'retry'; readonly reason: string; readonly delayMs: number }
  | { readonly kind: 'failed' | 'dropped'; readonly reason: string }
  | { readonly kind: 'lost' };

export interface Delivery {
  readonly database: Database;
  readonly clients: (workspace: string) => Promise<SlackClients>;
  readonly rests: Rests;
  readonly names: ChannelNames;
  /** What a message says now; null when there is nothing to say any more. */
  readonly render: (message: LeasedSlackMessage) => Promise<Message | null>;
}

/**
 * How long a message may be in the hands of one process; renewed before it is sent, and longer than a call. When that
 * process dies, another one takes the message up after this.
 */
export const SEND_LEASE_MS = 15_000;
/** One message a second in a channel is what Slack takes. */
const SPACING_MS = 1_000;
/** A request that we gave up may still be under way at Slack for a while. */
const SETTLE_MS = 3_000;
/** The message whose thread it belongs to is not there yet. */
const PARENT_MS = 1_500;

const NO_PREVIEWS = { unfurl_links: false, unfurl_media: false } as const;
const BAD_BLOCKS = new Set(['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long']);

/** Where a message goes, as ids. */
interface Target {
  readonly channel: string;
  readonly threadTs: string | null;
}

type Stop = { readonly stop: Delivered };

/**
 * Brings Slack's copy of a message to what it should say: posts it once, finds it again when nobody knows whether it
 * was posted, edits it in place afterwards. The message is in our hands, and is out of them when this resolves.
 */
export async function deliverMessage(at: Delivery, message: LeasedSlackMessage): Promise<Delivered> {
  try {
    return await deliver(at, message);
  } catch (error) {
    if (error instanceof UnknownWorkspaceError) return end(at, message, ['failed', 'no_workspace']);
    return afterFailure(at, message, { failure: failureOf(error), sending: false });
  }
}

async function deliver(at: Delivery, message: LeasedSlackMessage): Promise<Delivered> {
  const { database } = at;
  const posted = message.ts !== null;
  if (!posted && message.sendingAt === null && message.stale) return end(at, message, ['dropped', 'stale']);
  const said = await at.render(message);
  const perhapsThere = !posted && message.sendingAt !== null;
  if (said === null && !perhapsThere) return end(at, message, ['dropped', 'nothing_to_say']);
  const clients = await at.clients(message.workspace);
  const target = await targetOf(at, clients, message);
  if ('stop' in target) return target.stop;
  if (perhapsThere) {
    const found = await lookUp(clients, message, target);
    if (found === 'unsettled') {
      return wait(at, message, { reason: 'unknown', delayMs: SETTLE_MS, unknown: true });
    }
    if (found !== null) {
      await recordSlackFound(database, message, found);
      return { kind: 'found' };
    }
  }
  if (said === null) return end(at, message, ['dropped', 'nothing_to_say']);
  const hash = createHash('sha256').update(JSON.stringify(said)).digest('base64url');
  if (posted && hash === message.shownHash) {
    await recordSent(at, message, { hash, channel: message.sentChannel ?? '', ts: message.ts });
    return { kind: 'unchanged' };
  }
  return posted
    ? edit(at, { clients, message, said, hash })
    : post(at, { clients, message, said, hash, target });
}

/** How long the place must be left alone still. What is urgent is the next to be said there. */
function restOf(rests: Rests, message: LeasedSlackMessage): number {
  const anyMs = rests.left(restKey('any', message));
  if (!message.urgent) return Math.max(anyMs, rests.left(restKey('bulk', message)));
  if (anyMs > 0) rests.rest(restKey('bulk', message), anyMs + SPACING_MS);
  return anyMs;
}

interface Work {
  readonly clients: SlackClients;
  readonly message: LeasedSlackMessage;
  readonly said: Message;
  readonly hash: string;
}

async function post(at: Delivery, work: Work & { readonly target: Target }): Promise<Delivered> {
  const { clients, message, said, hash, target } = work;
  const restMs = restOf(at.rests, message);
  if (restMs > 0) {
    return wait(at, message, { reason: 'spacing', delayMs: restMs, unknown: message.sendingAt !== null });
  }
  // Written before the call: whoever finds it without a `ts` looks into the channel before sending again.
  if (!(await beginSlackSending(at.database, message, SEND_LEASE_MS))) return { kind: 'lost' };
  const fixed = { channel: target.channel, metadata: metadataOf(message), ...NO_PREVIEWS };
  const broadcast = message.facts.broadcast === true;
  at.rests.rest(restKey('any', message), SPACING_MS);
  try {
    const { channel, ts } = await orPlain(said, (each) => {
      const common = { ...fixed, ...each };
      if (target.threadTs === null) return clients.once.chat.postMessage(common);
      const inThread = { ...common, thread_ts: target.threadTs };
      return broadcast
        ? clients.once.chat.postMessage({ ...inThread, reply_broadcast: true })
        : clients.once.chat.postMessage(inThread);
    });
    if (ts === undefined) throw new SyntaxError('an answer without a ts');
    await recordSent(at, message, { hash, channel: channel ?? target.channel, ts });
    return { kind: 'sent' };
  } catch (error) {
    return afterFailure(at, message, { failure: failureOf(error), sending: true });
  }
}

async function edit(at: Delivery, work: Work): Promise<Delivered> {
  const { clients, message, said, hash } = work;
  const [channel, ts] = [message.sentChannel ?? '', message.ts ?? ''];
  const metadata = metadataOf(message);
  at.rests.rest(restKey('any', message), SPACING_MS);
  try {
    await orPlain(said, (each) => clients.once.chat.update({ channel, ts, metadata, ...each }));
    await recordSent(at, message, { hash, channel, ts });
    return { kind: 'updated' };
  } catch (error) {
    return afterFailure(at, message, { failure: failureOf(error), sending: false });
  }
}

/** A message whose blocks Slack refuses is still said, as text: a fault in their layout must not keep a page back. */
async function orPlain<Answer>(said: Message, call: (said: Message) => Promise<Answer>): Promise<Answer> {
  try {
    return await call(said);
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind !== 'refused' || !BAD_BLOCKS.has(failure.reason)) throw error;
    return call({ text: said.text, blocks: [] });
  }
}

async function targetOf(
  at: Delivery,
  clients: SlackClients,
  message: LeasedSlackMessage,
): Promise<Target | Stop> {
  if (message.ts !== null) return { channel: message.sentChannel ?? '', threadTs: null };
  const thread = message.threadOf === null ? null : await slackMessageByKey(at.database, message.threadOf);
  if (message.threadOf !== null) {
    if (thread?.ts && thread.channel) return { channel: thread.channel, threadTs: thread.ts };
    if (thread === null || thread.status !== 'pending') return stopped(at, message, ['dropped', 'no_thread']);
    const later = { reason: 'thread', delayMs: PARENT_MS, unknown: message.sendingAt !== null };
    return { stop: await wait(at, message, later) };
  }
  if (message.person !== null) {
    const { workspace, person } = message;
    const user = await slackUserOf(at.database, { workspace, person });
    if (user === null) return stopped(at, message, ['failed', 'not_linked']);
    const opened = await clients.once.conversations.open({ users: user });
    const channel = opened.channel?.id;
    return channel === undefined
      ? stopped(at, message, ['failed', 'no_channel'])
      : { channel, threadTs: null };
  }
  const channel = await at.names.idOf(clients.once, message.workspace, message.channel ?? '');
  if (channel === null) return stopped(at, message, ['failed', 'channel_not_found']);
  return { channel, threadTs: null };
}

/** Whether Slack has it: where, not at all, or too early to say. A Slack that may not tell us has it not. */
async function lookUp(clients: SlackClients, message: LeasedSlackMessage, target: Target) {
  try {
    const found = await findMessage(clients.once, message, target);
    if (found !== null) return found;
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind !== 'refused') throw error;
  }
  return message.sendingMs >= SETTLE_MS ? null : 'unsettled';
}

async function afterFailure(
  at: Delivery,
  message: LeasedSlackMessage,
  { failure, sending }: { readonly failure: SlackFailure; readonly sending: boolean },
): Promise<Delivered> {
  const before = !sending && message.sendingAt !== null;
  const delayMs = retryDelayMs(message.urgent, message.attempts + 1, Math.random());
  if (message.attempts >= MAX_SEND_ATTEMPTS) return end(at, message, ['failed', 'too_many_attempts']);
  switch (failure.kind) {
    case 'rate_limited': {
      at.rests.rest(restKey(message.urgent ? 'urgent' : 'bulk', message), failure.retryAfterMs);
      const later = { reason: 'rate_limited', delayMs: failure.retryAfterMs, unknown: before };
      return retry(at, message, later);
    }
    case 'unreachable':
      return retry(at, message, { reason: failure.reason, delayMs, unknown: before });
    case 'unknown': {
      const later = sending ? Math.max(delayMs, SETTLE_MS) : delayMs;
      return retry(at, message, { reason: failure.reason, delayMs: later, unknown: sending || before });
    }
    case 'refused': {
      if (!isAccessReason(failure.reason)) return end(at, message, ['failed', failure.reason]);
      return retry(at, message, { reason: failure.reason, delayMs, unknown: before });
    }
  }
}

function recordSent(
  { database }: Delivery,
  message: LeasedSlackMessage,
  sent: { readonly hash: string; readonly channel: string; readonly ts: string | null },
): Promise<void> {
  const { hash, channel, ts } = sent;
  return recordSlackSent(database, message, { hash, channel, ts: ts ?? '', shown: message.wanted });
}

interface Later {
  readonly reason: string;
  readonly delayMs: number;
  readonly unknown: boolean;
}

/** It failed: again later, each time after a longer wait. */
async function retry({ database }: Delivery, message: LeasedSlackMessage, later: Later): Promise<Delivered> {
  const { reason, delayMs, unknown } = later;
  await recordSlackRetry(database, message, { delayMs, error: reason, unknown, counts: true });
  return { kind: 'retry', reason, delayMs };
}

/** It is not time yet. */
async function wait({ database }: Delivery, message: LeasedSlackMessage, later: Later): Promise<Delivered> {
  const { reason, delayMs, unknown } = later;
  await recordSlackRetry(database, message, { delayMs, error: reason, unknown, counts: false });
  return { kind: 'retry', reason, delayMs };
}

async function end(
  { database }: Delivery,
  message: LeasedSlackMessage,
  [status, reason]: readonly ['failed' | 'dropped', string],
): Promise<Delivered> {
  await recordSlackEnd(database, message, { status, error: reason });
  return { kind: status, reason };
}

async function stopped(
  at: Delivery,
  message: LeasedSlackMessage,
  why: readonly ['failed' | 'dropped', string],
): Promise<Stop> {
  return { stop: await end(at, message, why) };
}

/** Whose rest it is: of everything to a place, or only of what is urgent there, or of what can wait. */
type RestOf = 'any' | 'urgent' | 'bulk';

/** A place as the database names it, after whose rest it is. */
function restKey(of: RestOf, message: Pick<LeasedSlackMessage, 'workspace' | 'channel' | 'person'>): string {
  return `${of} ${message.workspace}.${message.channel ?? `@${message.person}`}`;
}
