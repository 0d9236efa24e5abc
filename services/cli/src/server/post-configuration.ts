import { BadInput } from '../input/bad-input.ts';
import type { Applied } from './read-applied.ts';
import { asRecord, readApplied } from './read-applied.ts';

export interface Posting {
  readonly url: URL;
  readonly token: string;
  readonly dryRun: boolean;
  /** How messages call the file. */
  readonly file: string;
  readonly text: string;
}

export interface Posted {
  /** The server's answer as it came. */
  readonly body: unknown;
  readonly applied: Applied;
}

/** A year of a large organisation is resolved and stored meanwhile. */
const TIMEOUT_MS = 120_000;
const ANSWER_MAX_BYTES = 16 * 1024 * 1024;
const SHOWN_CHARACTERS = 600;

/**
 * Sends a configuration to `POST /v1/configuration`. Throws BadInput with what to do when the server cannot be
 * reached, refuses the token or the file, or is no Watchbill server.
 */
export async function postConfiguration(posting: Posting, fetchFrom: typeof fetch): Promise<Posted> {
  const response = await send(posting, fetchFrom);
  const body = await readJson(response, posting.url);
  if (!response.ok) throw new BadInput(refusal(response.status, body, posting));
  const applied = readApplied(body);
  if (applied === null)
    throw new BadInput(`${posting.url.origin} does not answer as a Watchbill server does.`);
  return { body, applied };
}

async function send({ url, token, dryRun, text }: Posting, fetchFrom: typeof fetch): Promise<Response> {
  const target = new URL(`${url.pathname.replace(/\/+$/, '')}/v1/configuration`, url);
  if (dryRun) target.searchParams.set('dryRun', 'true');
  try {
    return await fetchFrom(target, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/yaml',
        accept: 'application/json',
      },
      body: text,
      // Followed redirects could carry the file to another host.
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    throw new BadInput(`The server at ${url.origin} cannot be reached: ${reasonOf(error)}.`);
  }
}

function reasonOf(error: unknown): string {
  const { name, message, cause } = error as Error;
  if (name === 'TimeoutError') return `no answer within ${TIMEOUT_MS / 1_000} s`;
  const { code, message: inner } = (cause ?? {}) as NodeJS.ErrnoException;
  return code ?? inner ?? message;
}

async function readJson(response: Response, url: URL): Promise<unknown> {
  const text = await readText(response, url);
  try {
    return JSON.parse(text);
  } catch {
    // A proxy's page, say: its status tells what there is to tell.
    return null;
  }
}

async function readText(response: Response, url: URL): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body ?? []) {
      size += chunk.length;
      if (size > ANSWER_MAX_BYTES) throw new Error('the answer is too long');
      chunks.push(chunk);
    }
  } catch (error) {
    throw new BadInput(`The answer of ${url.origin} broke off: ${reasonOf(error)}. Run the command again.`);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function refusal(status: number, body: unknown, { url, file }: Posting): string {
  const problem = asRecord(body);
  const detail = plain(problem?.detail);
  const errors = Array.isArray(problem?.errors) ? problem.errors.map(asRecord) : [];
  const lines = errors.filter((one) => one !== null).map((one) => itemLine(one, file));
  return [`${url.origin} refuses (${status}): ${detail || adviceFor(status)}`, ...lines].join('\n');
}

function itemLine(item: Readonly<Record<string, unknown>>, file: string): string {
  const place =
    typeof item.line === 'number' ? `${file}:${item.line}:${String(item.column)}` : plain(item.pointer);
  return `${place === '' ? file : place}: ${plain(item.detail)}`;
}

/** Text of the server without characters that could steer a terminal. */
function plain(value: unknown): string {
  if (typeof value !== 'string') return '';
  return value.replace(/[\p{Cc}\p{Cf}]/gu, ' ').slice(0, SHOWN_CHARACTERS);
}

function adviceFor(status: number): string {
  switch (status) {
    case 401:
      return 'the token is not valid. Check WATCHBILL_TOKEN.';
    case 403:
      return 'the token may not change schedules.';
    case 404:
      return 'there is no Watchbill server at this address.';
    case 413:
      return 'the file is too large for it.';
    case 429:
      return 'too many requests. Wait a little and try again.';
    default:
      return status >= 500 ? 'the server has failed. Try again, or look at its log.' : 'it gives no reason.';
  }
}
