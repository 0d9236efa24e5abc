import type { SendEnd } from '@watchbill/commands';
import type { LeasedNotification } from '@watchbill/database';
import type { NotifySettings } from '@watchbill/runtime';
import { type Agent, request } from 'undici';
import { outcomeOfStatus } from '../delivery/answer.ts';
import { outcomeOfError } from '../delivery/network-failure.ts';
import type { Message } from './message-text.ts';

const TIMEOUT_MS = 10_000;
const USER_AGENT = 'Watchbill-Notifications/1.0';
/** From 1 to 5, as ntfy counts. */
const PRIORITY = { critical: 5, error: 4, warning: 3, info: 2 } as const;

/** A push through an ntfy server: one tap opens the page. */
export function sendPush(
  { url, token }: NonNullable<NotifySettings['ntfy']>,
  push: {
    readonly topic: string;
    readonly severity: LeasedNotification['severity'];
    readonly message: Message;
  },
  agent: Agent,
): Promise<SendEnd> {
  const { topic, severity, message } = push;
  const body = {
    topic,
    title: message.subject,
    message: message.body,
    priority: PRIORITY[severity],
    click: message.link,
    actions: [{ action: 'view', label: 'Answer', url: message.link }],
  };
  return postJson(url, { body, headers: token === null ? {} : { authorization: `Bearer ${token}` } }, agent);
}

/** A plain POST of JSON to an address that a person or a step of a policy names. */
export function sendToAddress(
  url: string,
  { notification, message }: { readonly notification: LeasedNotification; readonly message: Message },
  agent: Agent,
): Promise<SendEnd> {
  const { id, page, number, summary, severity, urgency, schedule, person, reason, source, details } =
    notification;
  const body = {
    type: 'page.notification',
    timestamp: new Date().toISOString(),
    data: {
      ...{ notification: id, reason, person, link: message.link },
      page: { id: page, number, summary, severity, urgency, schedule, source, details },
    },
  };
  return postJson(url, { body, headers: { 'webhook-id': id } }, agent);
}

/** Posts JSON through the guard against private addresses, and says how it went. */
export async function postJson(
  address: string,
  { body, headers = {} }: { readonly body: object; readonly headers?: Readonly<Record<string, string>> },
  agent: Agent,
): Promise<SendEnd> {
  try {
    const answer = await request(address, {
      ...{ method: 'POST', dispatcher: agent, signal: AbortSignal.timeout(TIMEOUT_MS) },
      headers: { 'content-type': 'application/json', 'user-agent': USER_AGENT, ...headers },
      body: JSON.stringify(body),
    });
    await answer.body.dump();
    const outcome = outcomeOfStatus(answer.statusCode);
    if (outcome === 'delivered') return { ok: true, receipt: null };
    const again = answer.statusCode >= 500 || answer.statusCode === 429;
    return { ok: false, outcome, error: `The other side answered ${answer.statusCode}.`, again };
  } catch (error) {
    const outcome = (error as Error).name === 'TimeoutError' ? 'timeout' : outcomeOfError(error);
    return { ok: false, outcome, error: (error as Error).message, again: outcome !== 'blocked_address' };
  }
}
