import type { LeasedNotification } from '@watchbill/database';

/** What one notification says, in the forms that the ways need. `link` answers it from anywhere. */
export interface Message {
  readonly subject: string;
  /** Whole sentences, for mail and push. */
  readonly body: string;
  /** One line that fits into a short message with its link. */
  readonly short: string;
  /** To be read out. */
  readonly spoken: string;
  readonly link: string;
}

const SMS_SUMMARY = 90;
const SPOKEN_SUMMARY = 300;
const DETAILS_LIMIT = 4_000;

/** Words a person reads at 3 a.m.: what, how bad, whose, since when, and how to answer. */
export function messageOf(notification: LeasedNotification, link: string): Message {
  const { number, severity, summary, schedule, source, reason, personName } = notification;
  const plain = oneLine(summary);
  const about = reason === 'handover' ? `You came on call; page ${number} is open` : `Page ${number}`;
  const where = schedule === null ? '' : ` for ${schedule}`;
  const lines = [
    personName === null ? null : `${oneLine(personName)},`,
    `${about}${where}: ${plain}`,
    '',
    `Severity  ${severity}`,
    source === null ? null : `Source    ${oneLine(source)}`,
    `Since     ${sinceOf(notification)}`,
    '',
    `Acknowledge or resolve: ${link}`,
    ...detailsOf(notification),
  ];
  return {
    subject: `[${severity}] #${number} ${cut(plain, 150)}`,
    body: `${lines.filter((line) => line !== null).join('\n')}\n`,
    short: `#${number} ${severity}: ${cut(plain, SMS_SUMMARY)} Reply ACK ${number} or RES ${number}, or ${link}`,
    spoken: `Watchbill. ${about}${where}. Severity ${severity}. ${cut(plain, SPOKEN_SUMMARY)}. Press 1 to acknowledge. Press 2 to resolve.`,
    link,
  };
}

/** The time in the person's zone, named; in UTC where there is nobody. */
function sinceOf({ pageCreatedAt, timeZone }: LeasedNotification): string {
  const zone = timeZone ?? 'UTC';
  const options = { dateStyle: 'medium', timeStyle: 'short', timeZone: zone } as const;
  return `${new Intl.DateTimeFormat('en-GB', options).format(pageCreatedAt)} (${zone})`;
}

function detailsOf({ details }: LeasedNotification): string[] {
  if (details === null || details === undefined) return [];
  return ['', 'Details', cut(JSON.stringify(details, null, 2), DETAILS_LIMIT)];
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim();
}

function cut(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text inside HTML or XML. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign);
}
