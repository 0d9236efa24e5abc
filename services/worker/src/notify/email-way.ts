import type { SendEnd } from '@watchbill/commands';
import type { NotifySettings } from '@watchbill/runtime';
import { createTransport } from 'nodemailer';
import { escapeMarkup, type Message } from './message-text.ts';

export interface MailWay {
  send(mail: {
    readonly id: string;
    readonly to: string;
    readonly message: Pick<Message, 'subject' | 'body'>;
  }): Promise<SendEnd>;
  close(): void;
}

const TIMEOUT_MS = 10_000;
const MAX_CONNECTIONS = 4;

/** Mail through an SMTP server. The Message-ID comes from the notification, so that a second copy is known as one. */
export function openMailWay({ smtpUrl, from }: NonNullable<NotifySettings['mail']>): MailWay {
  const transport = createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections: MAX_CONNECTIONS,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    // Nothing of a message is a file of this machine or an address to fetch.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = from.slice(from.lastIndexOf('@') + 1).replace(/[^A-Za-z0-9.-]/g, '');
  return {
    send: async ({ id, to, message }) => {
      try {
        const sent = await transport.sendMail({
          from,
          to: { name: '', address: to },
          subject: message.subject,
          text: message.body,
          html: `<pre style="font:inherit;white-space:pre-wrap">${linked(message.body)}</pre>`,
          messageId: `<${id}@${domain}>`,
          headers: { 'Auto-Submitted': 'auto-generated', 'X-Watchbill-Notification': id },
        });
        return { ok: true, receipt: sent.messageId };
      } catch (error) {
        return failureOf(error as Error & { code?: string; responseCode?: number });
      }
    },
    close: () => transport.close(),
  };
}

/** 5xx of the mail server is its last word; everything else may go better later. */
function failureOf(error: Error & { code?: string; responseCode?: number }): SendEnd {
  const { code, responseCode, message } = error;
  const refused = responseCode !== undefined && responseCode >= 500;
  const outcome = refused
    ? 'refused'
    : code === 'ETIMEDOUT'
      ? 'timeout'
      : code === 'EAUTH'
        ? 'sign_in'
        : 'unreachable';
  return { ok: false, outcome, error: message, again: !refused };
}

function linked(text: string): string {
  return escapeMarkup(text).replace(/https?:\/\/[^\s<]+/g, (url) => `<a href="${url}">${url}</a>`);
}
