import { isoInstant } from '@watchbill/database';
import type { Agent } from 'undici';
import { errorLine, plainText, retryAfterMs } from '../delivery/answer.ts';
import { outcomeOfError } from '../delivery/network-failure.ts';

/** An override as PagerDuty tells it. */
export interface ListedOverride {
  /** Null where it tells none. */
  readonly id: string | null;
  readonly user: string;
  readonly start: number;
  readonly end: number;
}

export type WantedOverride = Omit<ListedOverride, 'id'>;

/** PagerDuty did not do what it was asked. `status` null: there was no answer. */
export class PagerdutyError extends Error {
  readonly status: number | null;
  readonly retryAfterMs: number | null;

  constructor(message: string, status: number | null, pauseMs: number | null) {
    super(message);
    this.name = 'PagerdutyError';
    this.status = status;
    this.retryAfterMs = pauseMs;
  }
}

/** The part of PagerDuty's REST API v2 that a mirror needs. Every method rejects with a PagerdutyError. */
export interface PagerdutyRest {
  /** The overrides of a schedule that touch a window, whole. */
  listOverrides(schedule: string, since: number, until: number): Promise<ListedOverride[]>;
  /** Makes overrides. For each in turn its id, or why it was not made. */
  createOverrides(
    schedule: string,
    overrides: readonly WantedOverride[],
  ): Promise<readonly ({ readonly id: string } | { readonly error: string })[]>;
  /** Ends one: one that has begun ends now. Does nothing when it is over, or not there. */
  deleteOverride(schedule: string, override: string): Promise<void>;
  /** The id of the user with this e-mail address, or null. */
  findUser(email: string): Promise<string | null>;
}

export interface PagerdutyAccess {
  readonly agent: Agent;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly url: string;
  readonly token: string;
  readonly fromEmail: string;
}

const USER_AGENT = 'Watchbill-Mirror/1.0';
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;
const USERS_A_PAGE = 100;
/** A search for a whole address finds few; more pages than this are not looked at. */
const MAX_USER_PAGES = 5;
const SAID_CHARACTERS = 200;

type Json = { readonly [name: string]: unknown };

export function pagerdutyRest(access: PagerdutyAccess): PagerdutyRest {
  const call = (method: Method, path: string, body?: object) => request(access, { method, path, body });
  const overridesAt = (schedule: string) => `/schedules/${encodeURIComponent(schedule)}/overrides`;
  const list = async (schedule: string, query: Readonly<Record<string, string>>) => {
    const answer = await call('GET', `${overridesAt(schedule)}?${new URLSearchParams(query)}`);
    return listOf(answer, 'overrides').flatMap(readOverride);
  };
  return {
    listOverrides: async (schedule, since, until) => {
      const query = { since: isoInstant(since), until: isoInstant(until), overflow: 'true' };
      const all = await list(schedule, query);
      if (all.every(({ id }) => id !== null)) return all;
      // Ids may be told only of those that can still be changed, and those only when asked for.
      return withIds(all, await list(schedule, { ...query, editable: 'true' }));
    },
    createOverrides: async (schedule, overrides) => {
      const wanted = overrides.map(({ user, start, end }) => ({
        ...{ start: isoInstant(start), end: isoInstant(end) },
        user: { id: user, type: 'user_reference' },
      }));
      const answer = await call('POST', overridesAt(schedule), { overrides: wanted });
      const made = Array.isArray(answer) ? (answer as readonly unknown[]) : [];
      return overrides.map((_, index) => readMade(made[index]));
    },
    deleteOverride: async (schedule, override) => {
      try {
        await call('DELETE', `${overridesAt(schedule)}/${encodeURIComponent(override)}`);
      } catch (error) {
        // 404: not there any more. 400: it is past, which is as good.
        if (!(error instanceof PagerdutyError) || (error.status !== 404 && error.status !== 400)) throw error;
      }
    },
    findUser: async (email) => {
      for (let page = 0; page < MAX_USER_PAGES; page += 1) {
        const query = { query: email, limit: String(USERS_A_PAGE), offset: String(page * USERS_A_PAGE) };
        const answer = await call('GET', `/users?${new URLSearchParams(query)}`);
        const found = listOf(answer, 'users').find(
          (user) => typeof user.email === 'string' && user.email.toLowerCase() === email.toLowerCase(),
        );
        if (typeof found?.id === 'string') return found.id;
        if (asJson(answer)?.more !== true) return null;
      }
      return null;
    },
  };
}

type Method = 'GET' | 'POST' | 'DELETE';

async function request(
  { agent, url: base, token, fromEmail, signal, timeoutMs }: PagerdutyAccess,
  {
    method,
    path,
    body,
  }: { readonly method: Method; readonly path: string; readonly body?: object | undefined },
): Promise<unknown> {
  const url = new URL(`${base}${path}`);
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const answer = await agent.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method,
      headers: {
        authorization: `Token token=${token}`,
        accept: 'application/vnd.pagerduty+json;version=2',
        'user-agent': USER_AGENT,
        ...(method !== 'GET' && { from: fromEmail }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.any([signal, timeout]),
    });
    const text = await readText(answer.body);
    const { statusCode: status, headers } = answer;
    if (status >= 200 && status < 300) return text === '' ? null : JSON.parse(text);
    const pause = retryAfterMs(headers['retry-after'] ?? headers['ratelimit-reset'], Date.now());
    throw new PagerdutyError(`PagerDuty answered ${status}: ${whatItSaid(text)}`, status, pause);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof PagerdutyError) throw error;
    if (timeout.aborted) throw new PagerdutyError(`No whole answer within ${timeoutMs} ms.`, null, null);
    if (error instanceof SyntaxError) throw new PagerdutyError('The answer is not JSON.', null, null);
    throw new PagerdutyError(`${outcomeOfError(error)}: ${errorLine(error)}`, null, null);
  }
}

async function readText(body: AsyncIterable<Buffer> & { destroy(): unknown }): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) {
      body.destroy();
      throw new PagerdutyError(`The answer is larger than ${MAX_ANSWER_BYTES} bytes.`, null, null);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function whatItSaid(text: string): string {
  let said = text;
  try {
    const error = asJson(asJson(JSON.parse(text))?.error);
    const errors = Array.isArray(error?.errors) ? error.errors.filter((one) => typeof one === 'string') : [];
    if (typeof error?.message === 'string') said = [error.message, ...errors].join(' ');
  } catch {
    // No JSON: the text as it is.
  }
  return plainText(said).slice(0, SAID_CHARACTERS) || 'nothing';
}

/** Fills in the ids of overrides that are told without one, each from another one that is otherwise the same. */
function withIds(all: readonly ListedOverride[], named: readonly ListedOverride[]): ListedOverride[] {
  const left = [...named];
  return all.map((one) => {
    if (one.id !== null) return one;
    const at = left.findIndex(
      ({ id, user, start, end }) =>
        id !== null && user === one.user && start === one.start && end === one.end,
    );
    return at < 0 ? one : (left.splice(at, 1)[0] as ListedOverride);
  });
}

function readOverride(value: Json): ListedOverride[] {
  const user = asJson(value.user)?.id;
  const [start, end] = [value.start, value.end].map((text) => Date.parse(String(text)));
  if (typeof user !== 'string' || start === undefined || end === undefined) return [];
  if (Number.isNaN(start) || Number.isNaN(end) || start >= end) return [];
  return [{ id: typeof value.id === 'string' ? value.id : null, user, start, end }];
}

function readMade(value: unknown): { readonly id: string } | { readonly error: string } {
  const made = asJson(value);
  const id = asJson(made?.override)?.id;
  if (made?.status === 201 && typeof id === 'string') return { id };
  const errors = Array.isArray(made?.errors)
    ? made.errors.map(String).join(' ')
    : 'no override in the answer';
  return { error: plainText(errors).slice(0, SAID_CHARACTERS) };
}

function listOf(answer: unknown, name: string): Json[] {
  const list = asJson(answer)?.[name];
  if (!Array.isArray(list)) throw new PagerdutyError(`The answer has no ${name}.`, null, null);
  return (list as readonly unknown[]).flatMap((one) => {
    const json = asJson(one);
    return json === null ? [] : [json];
  });
}

function asJson(value: unknown): Json | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
}
