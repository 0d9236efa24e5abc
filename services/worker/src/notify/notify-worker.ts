import { issueContactCode, issuePageLink, type SendEnd, sendDue } from '@watchbill/commands';
import { type Database, findContactMethod, type LeasedNotification } from '@watchbill/database';
import type { Job } from '@watchbill/queue';
import type { Counter, Logger, Metrics, NotifySettings } from '@watchbill/runtime';
import { type GuardedAgentOptions, openGuardedAgent } from '../delivery/guarded-agent.ts';
import { openMailWay } from './email-way.ts';
import { messageOf } from './message-text.ts';
import { postJson, sendPush, sendToAddress } from './push-way.ts';
import { openTwilioWay } from './twilio-way.ts';

export interface NotifyOptions {
  readonly database: Database;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly settings: NotifySettings;
  /** Where links lead: without a slash at the end. */
  readonly publicUrl: string;
  readonly network: GuardedAgentOptions;
}

/** What a job of the queue asks for: notifications to send, or a code to a contact method. */
export type NotifyTask =
  | { readonly kind: 'notifications'; readonly ids: readonly string[] }
  | { readonly kind: 'code'; readonly contactMethod: string };

export interface NotifyWorker {
  run(task: NotifyTask): Promise<void>;
  close(): Promise<void>;
}

/** The task of a job of the queue `notifications`; null when it is no such job. */
export function readNotifyJob({ name, payload }: Job): NotifyTask | null {
  const { notifications, contactMethod } = payload;
  if (name === 'contact.verify') {
    return typeof contactMethod === 'string' ? { kind: 'code', contactMethod } : null;
  }
  const ids = Array.isArray(notifications) && notifications.every((id) => typeof id === 'string');
  return ids ? { kind: 'notifications', ids: notifications } : null;
}

/** Opens every way that is configured, and sends by them. */
export function openNotifyWorker(options: NotifyOptions): NotifyWorker {
  const { database, logger, settings } = options;
  const agent = openGuardedAgent(options.network);
  const ways = {
    agent,
    settings,
    publicUrl: options.publicUrl,
    mail: settings.mail === null ? null : openMailWay(settings.mail),
    twilio: settings.twilio === null ? null : openTwilioWay(settings.twilio, agent),
  };
  const attempts = options.metrics.counter({
    name: 'watchbill_notification_attempts_total',
    help: 'Tries to tell somebody of a page, by way and how they went.',
    labels: ['way', 'outcome'],
  });
  return {
    run: async (task) => {
      if (task.kind === 'code') return sendCode(database, task.contactMethod, ways);
      const sent = await sendDue(database, task.ids, (notification) => sendOne(database, notification, ways));
      for (const one of sent) note(one, { attempts, logger });
    },
    close: async () => {
      ways.mail?.close();
      await agent.close();
    },
  };
}

type Ways = {
  readonly agent: ReturnType<typeof openGuardedAgent>;
  readonly settings: NotifySettings;
  readonly publicUrl: string;
  readonly mail: ReturnType<typeof openMailWay> | null;
  readonly twilio: ReturnType<typeof openTwilioWay> | null;
};

const NOT_CONFIGURED: SendEnd = {
  ...{ ok: false, outcome: 'not_configured', again: false },
  error: 'This way is not configured on the server. An operator sets it up: docs/ways.md.',
};

async function sendOne(database: Database, notification: LeasedNotification, ways: Ways): Promise<SendEnd> {
  const { id, page, person, way, target, personEmail, severity } = notification;
  const address = notification.address ?? (way === 'email' ? personEmail : null);
  if (target === null && address === null) {
    return { ok: false, outcome: 'gone', error: 'This way to reach the person is gone.', again: false };
  }
  const secret = await issuePageLink(database, { page, person });
  const message = messageOf(notification, `${ways.publicUrl}/a/${secret}`);
  const to = address ?? '';
  switch (way) {
    case 'email':
      return ways.mail === null ? NOT_CONFIGURED : ways.mail.send({ id, to, message });
    case 'sms':
      return ways.twilio === null ? NOT_CONFIGURED : ways.twilio.sms(to, message);
    case 'voice':
      return ways.twilio === null
        ? NOT_CONFIGURED
        : ways.twilio.call(to, message, `${ways.publicUrl}/v1/twilio/voice/${secret}`);
    case 'ntfy':
      return ways.settings.ntfy === null
        ? NOT_CONFIGURED
        : sendPush(ways.settings.ntfy, { topic: to, severity, message }, ways.agent);
    case 'webhook':
      return sendToAddress(
        target?.kind === 'webhook' ? target.url : to,
        { notification, message },
        ways.agent,
      );
  }
}

/** A code to the way that it verifies. Rejects when it cannot be sent now, so that the job is tried again. */
async function sendCode(database: Database, contactMethod: string, ways: Ways): Promise<void> {
  const row = await findContactMethod(database, contactMethod);
  const code = row === null ? null : await issueContactCode(database, contactMethod);
  if (row === null || code === null) return;
  const words = `${code} is your Watchbill code. It is good for 15 minutes.`;
  const spoken = `Your Watchbill code is ${[...code].join(', ')}.`;
  const end = await sendWords(row, { words, spoken }, ways);
  if (!end.ok && end.again) throw new Error(`the code was not sent: ${end.error}`);
}

function sendWords(
  row: { readonly id: string; readonly kind: string; readonly address: string },
  { words, spoken }: { readonly words: string; readonly spoken: string },
  { mail, twilio, settings, agent, publicUrl }: Ways,
): Promise<SendEnd> {
  const subject = 'Your Watchbill code';
  const message = { subject, body: `${words}\n`, short: words, spoken, link: publicUrl };
  const no = Promise.resolve(NOT_CONFIGURED);
  switch (row.kind) {
    case 'email':
      return mail?.send({ id: `${row.id}.${Date.now()}`, to: row.address, message }) ?? no;
    case 'sms':
      return twilio?.sms(row.address, message) ?? no;
    case 'voice':
      return twilio?.call(row.address, message, `${publicUrl}/v1/twilio/voice/none`) ?? no;
    case 'ntfy':
      return settings.ntfy === null
        ? no
        : sendPush(settings.ntfy, { topic: row.address, severity: 'info', message }, agent);
    default:
      return postJson(row.address, { body: { type: 'contact.code', data: { message: words } } }, agent);
  }
}

function note(
  { notification, outcome, error, ended }: Awaited<ReturnType<typeof sendDue>>[number],
  { attempts, logger }: { readonly attempts: Counter; readonly logger: Logger },
): void {
  const { id, page, way, person } = notification;
  attempts.labels(way, outcome).inc();
  const line = { notification: id, page, way, person, outcome, attempt: notification.attempts };
  if (error === null) logger.info(line, 'told of a page');
  else if (ended) logger.error({ ...line, error }, 'could not tell of a page');
  else logger.warn({ ...line, error }, 'could not tell of a page; tried again later');
}
