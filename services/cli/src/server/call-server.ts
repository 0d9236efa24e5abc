import { BadInput } from '../input/bad-input.ts';
import type { Io } from '../io.ts';
import { asRecord } from './read-applied.ts';

/** Which server, and as whom. */
export interface Server {
  readonly url: URL;
  readonly token: string;
}

export interface ServerCall {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below the address of the server, such as `/v1/pages`. */
  readonly path: string;
  readonly query?: readonly (readonly [string, string])[];
  readonly body?: { readonly type: 'application/json' | 'application/yaml'; readonly text: string };
  readonly timeoutMs: number;
  /** What a token without the scope may not do: `change schedules`. */
  readonly doing: string;
  /** How messages call the file that was sent; its places are lines. */
  readonly file?: string;
}

const ANSWER_MAX_BYTES = 16 * 1024 * 1024;
const SHOWN_CHARACTERS = 600;

/** The server that the options or the environment name. Throws BadInput with what is missing. */
export function serverOf(options: { readonly url?: string; readonly token?: string }, io: Io): Server {
  const url = readUrl(options.url ?? io.env.WATCHBILL_URL);
  const token = options.token ?? io.env.WATCHBILL_TOKEN;
  if (token === undefined || token === '') {
    throw new BadInput('A server needs a token: set WATCHBILL_TOKEN, or give one with --token.');
  }
  if (!/^[\x21-\x7e]+$/.test(token)) throw new BadInput('The token has characters that no token has.');
  return { url, token };
}

function readUrl(text: string | undefined): URL {
  if (text === undefined || text === '') {
    throw new BadInput('Say which server: set WATCHBILL_URL, or give its address with --url.');
  }
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new BadInput(`--url: "${text}" is not an http or https address.`);
  }
  return url;
}

/**
 * Calls a server and returns its answer, parsed. Throws BadInput with what to do when the server cannot be reached,
 * or refuses the token or the request.
 */
export async function callServer(
  server: Server,
  call: ServerCall,
  fetchFrom: typeof fetch,
): Promise<unknown> {
  const response = await send(server, call, fetchFrom);
  const body = await readJson(response, server.url);
  if (!response.ok) throw new BadInput(refusal(response.status, body, { server, call }));
  return body;
}

/** What to say when the answer is not what a Watchbill server says. */
export function notWatchbill({ url }: Server): BadInput {
  return new BadInput(`${url.origin} does not answer as a Watchbill server does.`);
}

async function send({ url, token }: Server, call: ServerCall, fetchFrom: typeof fetch): Promise<Response> {
  const target = new URL(`${url.pathname.replace(/\/+$/, '')}${call.path}`, url);
  for (const [name, value] of call.query ?? []) target.searchParams.append(name, value);
  try {
    return await fetchFrom(target, {
      method: call.method,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        ...(call.body !== undefined && { 'content-type': call.body.type }),
      },
      ...(call.body !== undefined && { body: call.body.text }),
      // Followed redirects could carry the token to another host.
      redirect: 'error',
      signal: AbortSignal.timeout(call.timeoutMs),
    });
  } catch (error) {
    throw new BadInput(`The server at ${url.origin} cannot be reached: ${reasonOf(error, call.timeoutMs)}.`);
  }
}

function reasonOf(error: unknown, timeoutMs: number): string {
  const { name, message, cause } = error as Error;
  if (name === 'TimeoutError') return `no answer within ${timeoutMs / 1_000} s`;
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
    throw new BadInput(
      `The answer of ${url.origin} broke off: ${reasonOf(error, 0)}. Run the command again.`,
    );
  }
  return Buffer.concat(chunks).toString('utf8');
}

function refusal(
  status: number,
  body: unknown,
  { server, call }: { readonly server: Server; readonly call: ServerCall },
): string {
  const problem = asRecord(body);
  const detail = plain(problem?.detail);
  const errors = Array.isArray(problem?.errors) ? problem.errors.map(asRecord) : [];
  const lines = errors.filter((one) => one !== null).map((one) => itemLine(one, call.file));
  return [
    `${server.url.origin} refuses (${status}): ${detail || adviceFor(status, call.doing)}`,
    ...lines,
  ].join('\n');
}

function itemLine(item: Readonly<Record<string, unknown>>, file: string | undefined): string {
  const inFile = file !== undefined && typeof item.line === 'number';
  const place = inFile
    ? `${file}:${item.line}:${String(item.column)}`
    : plain(item.pointer ?? item.parameter);
  return [place === '' ? (file ?? '') : place, plain(item.detail)].filter((part) => part !== '').join(': ');
}

/** Text of a server without characters that could steer a terminal. */
export function plain(value: unknown): string {
  if (typeof value !== 'string') return '';
  return value.replace(/[\p{Cc}\p{Cf}]/gu, ' ').slice(0, SHOWN_CHARACTERS);
}

function adviceFor(status: number, doing: string): string {
  switch (status) {
    case 401:
      return 'the token is not valid. Check WATCHBILL_TOKEN.';
    case 403:
      return `the token may not ${doing}.`;
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
