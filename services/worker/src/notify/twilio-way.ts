import type { SendEnd } from '@watchbill/commands';
import type { TwilioSettings } from '@watchbill/runtime';
import twilio from 'twilio';
import { type Agent, request } from 'undici';
import { escapeMarkup, type Message } from './message-text.ts';

export interface TwilioWay {
  sms(to: string, message: Pick<Message, 'short'>): Promise<SendEnd>;
  call(to: string, message: Pick<Message, 'spoken'>, answerUrl: string): Promise<SendEnd>;
}

const OWN_BASE = 'https://api.twilio.com';
const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 256 * 1024;

/** SMS and calls through Twilio's own library; what it sends goes to the base address of the settings. */
export function openTwilioWay(settings: TwilioSettings, agent: Agent): TwilioWay {
  const { accountSid, authToken, from, baseUrl } = settings;
  const client = twilio(accountSid, authToken, {
    httpClient: clientOf(baseUrl, agent) as never,
    autoRetry: false,
  });
  return {
    sms: (to, { short }) => ended(() => client.messages.create({ to, from, body: short })),
    call: (to, { spoken }, answerUrl) =>
      ended(() => client.calls.create({ to, from, twiml: spokenTwiml(spoken, answerUrl), timeout: 30 })),
  };
}

/** What is read out, twice, and what a key does. */
export function spokenTwiml(spoken: string, answerUrl: string): string {
  const say = `<Say>${escapeMarkup(spoken)}</Say>`;
  const gather = `<Gather numDigits="1" timeout="6" method="POST" action="${escapeMarkup(answerUrl)}">${say}</Gather>`;
  return `<?xml version="1.0" encoding="UTF-8"?><Response>${gather}${gather}<Say>Goodbye.</Say></Response>`;
}

interface LibraryRequest {
  readonly method: string;
  readonly uri: string;
  readonly username?: string;
  readonly password?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** The library's door to the network: ours, with our time-out and our address. */
function clientOf(baseUrl: string, agent: Agent) {
  return {
    request: async ({ method, uri, username = '', password = '', headers = {}, data }: LibraryRequest) => {
      const url = uri.startsWith(OWN_BASE) ? `${baseUrl}${uri.slice(OWN_BASE.length)}` : uri;
      const form = new URLSearchParams();
      for (const [name, value] of Object.entries(data ?? {})) {
        if (value !== undefined && value !== null) form.append(name, String(value));
      }
      const answer = await request(url, {
        method: method.toUpperCase() as 'POST',
        dispatcher: agent,
        headersTimeout: TIMEOUT_MS,
        bodyTimeout: TIMEOUT_MS,
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: {
          ...headers,
          authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: form.toString(),
      });
      const text = (await answer.body.text()).slice(0, MAX_ANSWER_BYTES);
      return {
        statusCode: answer.statusCode,
        body: text.startsWith('{') ? JSON.parse(text) : text,
        headers: answer.headers,
      };
    },
  };
}

async function ended(send: () => Promise<{ readonly sid: string }>): Promise<SendEnd> {
  try {
    return { ok: true, receipt: (await send()).sid };
  } catch (error) {
    const { status, message, name } = error as Error & { status?: number };
    if (status === undefined) {
      const outcome = name === 'TimeoutError' ? 'timeout' : 'unreachable';
      return { ok: false, outcome, error: message, again: true };
    }
    // A number that Twilio refuses stays refused; too many requests and its own failures pass.
    const again = status === 429 || status >= 500;
    return { ok: false, outcome: `status_${status}`, error: message, again };
  }
}
