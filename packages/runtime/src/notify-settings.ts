import { toUrl } from './setting-shapes.ts';

/** How messages leave. A way that is null is not configured, and whoever is to be told by it is told so. */
export interface NotifySettings {
  readonly mail: { readonly smtpUrl: string; readonly from: string } | null;
  readonly twilio: TwilioSettings | null;
  readonly ntfy: { readonly url: string; readonly token: string | null } | null;
}

export interface TwilioSettings {
  readonly accountSid: string;
  readonly authToken: string;
  /** The number that messages and calls come from, such as +15005550006. */
  readonly from: string;
  /** Without a slash at the end. */
  readonly baseUrl: string;
}

export const TWILIO_BASE_URL = 'https://api.twilio.com';
const TWILIO = ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_FROM'] as const;

type Given = Readonly<Record<string, string>>;

/** Reads how mail, SMS, calls and pushes leave. */
export function readNotifySettings(given: Given): {
  readonly value: NotifySettings;
  readonly problems: readonly string[];
} {
  const problems: string[] = [];
  const value = {
    mail: mailOf(given, problems),
    twilio: twilioOf(given, problems),
    ntfy: ntfyOf(given, problems),
  };
  return { value, problems };
}

function mailOf(given: Given, problems: string[]): NotifySettings['mail'] {
  const smtpUrl = given.SMTP_URL?.trim();
  const from = given.WATCHBILL_MAIL_FROM?.trim();
  if (smtpUrl === undefined && from === undefined) return null;
  if (!['smtp:', 'smtps:'].includes(toUrl(smtpUrl ?? '')?.protocol ?? '')) {
    problems.push(
      'SMTP_URL: must be the address of a mail server, such as smtps://user:password@mail.example.com.',
    );
  }
  if (from === undefined || !from.includes('@')) {
    problems.push(
      'WATCHBILL_MAIL_FROM: must be the address that mail comes from, such as oncall@example.com.',
    );
  }
  return { smtpUrl: smtpUrl ?? '', from: from ?? '' };
}

function twilioOf(given: Given, problems: string[]): TwilioSettings | null {
  const unset = TWILIO.filter((name) => given[name] === undefined);
  if (unset.length === TWILIO.length) return null;
  if (unset.length > 0)
    problems.push(`${unset.join(' and ')}: must be set too, or none of ${TWILIO.join(', ')}.`);
  const baseUrl = (given.TWILIO_BASE_URL?.trim() ?? TWILIO_BASE_URL).replace(/\/+$/, '');
  if (!['https:', 'http:'].includes(toUrl(baseUrl)?.protocol ?? '')) {
    problems.push('TWILIO_BASE_URL: must be an address that begins with https://.');
  }
  const [accountSid = '', authToken = '', from = ''] = TWILIO.map((name) => given[name]?.trim());
  return { accountSid, authToken, from, baseUrl };
}

function ntfyOf(given: Given, problems: string[]): NotifySettings['ntfy'] {
  const text = given.NTFY_URL?.trim();
  if (text === undefined) return null;
  const url = text.replace(/\/+$/, '');
  if (!['https:', 'http:'].includes(toUrl(url)?.protocol ?? '')) {
    problems.push('NTFY_URL: must be the address of an ntfy server, such as https://ntfy.sh.');
  }
  return { url, token: given.NTFY_TOKEN?.trim() ?? null };
}
