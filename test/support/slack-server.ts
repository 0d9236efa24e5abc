import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageProblems } from './slack-limits.ts';
import { SLACK_METHODS, type SlackAnswer, type SlackArguments } from './slack-methods.ts';
import { emptySlackState, type SlackState, type SlackUser } from './slack-state.ts';

/** One call of the Web API, or one answer to a response URL (`response_url`). */
export interface SlackCall {
  readonly method: string;
  /** The bearer token; empty for a response URL. */
  readonly token: string;
  readonly args: SlackArguments;
  readonly answer: SlackAnswer;
  /** Milliseconds since the server started. */
  readonly atMs: number;
}

/** What to do to a call instead of, or before, the usual answer. Undefined: the usual. */
export type SlackFault =
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: SlackAnswer;
      readonly delayMs?: number;
      /** Ends the connection without an answer, after the call has had its effect or before. */
      readonly hangUp?: 'before' | 'after';
    }
  | undefined;

export interface SlackServer {
  /** For SLACK_API_URL: ends in a slash. */
  readonly apiUrl: string;
  readonly state: SlackState;
  readonly calls: readonly SlackCall[];
  /** The calls of one method. */
  of(method: string): readonly SlackCall[];
  /** Forgets the calls so far; the state stays. */
  forget(): void;
  /** Adds or changes a user; they are a member of the public channels that name them. */
  addUser(user: SlackUser): void;
  addChannel(channel: {
    readonly id: string;
    readonly name?: string;
    readonly isPrivate?: boolean;
    readonly members?: readonly string[];
    /** Whether the bot is in it; yes unless said. */
    readonly bot?: boolean;
  }): void;
  addGroup(group: { readonly id: string; readonly handle: string; readonly users: readonly string[] }): void;
  /** A fresh trigger id; from a view where one is named, so that another can be pushed on it. */
  trigger(view?: string): string;
  /** A fresh response URL; what is sent there is a call of `response_url`. */
  responseUrl(): string;
  /** Decides about every call from now on; `undefined` back to the usual. */
  faultWith(decide: ((method: string, args: SlackArguments) => SlackFault) | undefined): void;
  /** Waits until the calls satisfy the test. Throws with what came when they do not in time. */
  waitUntil(test: (calls: readonly SlackCall[]) => boolean, timeoutMs?: number): Promise<void>;
  close(): Promise<void>;
}

const BODY_LIMIT_BYTES = 4 * 1024 * 1024;
const DEFAULT_WAIT_MS = 10_000;
/** Fields that the Web API client sends as JSON inside a form. */
const JSON_FIELDS = new Set(['blocks', 'view', 'metadata', 'attachments', 'users']);

/** Starts a stand-in of Slack's Web API on a free port of 127.0.0.1. Any token starting with `xoxb-` is good. */
export async function startSlackServer(): Promise<SlackServer> {
  const state = emptySlackState();
  const calls: SlackCall[] = [];
  const wakeUps = new Set<() => void>();
  const startedAt = performance.now();
  let decide: (method: string, args: SlackArguments) => SlackFault = () => undefined;

  const server = createServer(async (incoming, response) => {
    const { method, token, args } = await readCall(incoming);
    const fault = decide(method, args);
    if (fault?.delayMs !== undefined) await sleep(fault.delayMs, undefined, { ref: false });
    const acts = fault === undefined || (fault.body === undefined && fault.hangUp !== 'before');
    const usual = acts && (fault?.status ?? 200) < 300 ? answerOf(state, { method, token, args }) : undefined;
    const answer = fault?.body ?? usual ?? { ok: false, error: 'fault' };
    calls.push({ method, token, args, answer, atMs: performance.now() - startedAt });
    for (const wake of wakeUps) wake();
    if (fault?.hangUp !== undefined) incoming.socket.destroy();
    else
      reply(response, {
        status: fault?.status ?? statusOf(method, answer),
        headers: fault?.headers ?? {},
        answer,
      });
  });
  server.listen(0, '127.0.0.1');
  await new Promise<void>((resolve) => server.once('listening', resolve));
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;

  return {
    apiUrl: `${origin}/api/`,
    state,
    calls,
    of: (method) => calls.filter((call) => call.method === method),
    forget: () => {
      calls.length = 0;
    },
    ...builders(state),
    trigger: (view) => {
      const id = `trigger.${state.next()}`;
      state.triggers.set(id, view ?? null);
      return id;
    },
    responseUrl: () => `${origin}/respond/${state.next()}`,
    faultWith: (decision) => {
      decide = decision ?? (() => undefined);
    },
    waitUntil: async (test, timeoutMs = DEFAULT_WAIT_MS) => {
      const from = performance.now();
      while (!test(calls)) {
        const left = timeoutMs - (performance.now() - from);
        if (left <= 0) throw new Error(`Not in ${timeoutMs} ms. What came:\n${summary(calls)}`);
        await nextCall(wakeUps, Math.min(left, 250));
      }
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function builders(state: SlackState): Pick<SlackServer, 'addUser' | 'addChannel' | 'addGroup'> {
  return {
    addUser: (user) => void state.users.set(user.id, user),
    addChannel: ({ id, name = id.toLowerCase(), isPrivate = false, members = [], bot = true }) => {
      const all = new Set([...members, ...(bot ? [state.team.botUser] : [])]);
      state.channels.set(id, { id, name, isPrivate, members: all, topic: '', archived: false });
    },
    addGroup: (group) => void state.groups.set(group.id, { ...group, disabled: false }),
  };
}

function answerOf(
  state: SlackState,
  call: { readonly method: string; readonly token: string; readonly args: SlackArguments },
): SlackAnswer {
  if (call.method === 'response_url') return toResponseUrl(call.args);
  const answer = SLACK_METHODS[call.method];
  if (answer === undefined) return { ok: false, error: 'unknown_method', req_method: call.method };
  if (call.method !== 'api.test' && !call.token.startsWith('xoxb-'))
    return { ok: false, error: 'invalid_auth' };
  return answer(state, call.args);
}

/** A response says who may see it, and what it says must hold to the same limits as any message. */
function toResponseUrl(args: SlackArguments): SlackAnswer {
  if (args.delete_original === true) return { ok: true };
  const problems = messageProblems(args);
  if (args.response_type === undefined) problems.push('no response_type');
  if (problems.length === 0) return { ok: true };
  return { ok: false, error: 'invalid_payload', response_metadata: { messages: problems } };
}

async function readCall(
  incoming: IncomingMessage,
): Promise<{ readonly method: string; readonly token: string; readonly args: SlackArguments }> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT_BYTES) break;
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks).toString('utf8');
  const path = (incoming.url ?? '').split('?')[0] ?? '';
  const method = path.startsWith('/respond/') ? 'response_url' : path.replace(/^\/api\//, '');
  const args = argumentsOf(incoming.headers['content-type'] ?? '', body);
  const header = incoming.headers.authorization ?? '';
  const token = header.replace(/^Bearer /, '') || (typeof args.token === 'string' ? args.token : '');
  return { method, token, args: method === 'response_url' ? { ...args, url: path } : args };
}

function argumentsOf(contentType: string, body: string): SlackArguments {
  if (contentType.includes('json')) return JSON.parse(body) as SlackArguments;
  const args: Record<string, unknown> = {};
  for (const [name, value] of new URLSearchParams(body)) {
    args[name] = JSON_FIELDS.has(name) && /^[[{]/.test(value) ? JSON.parse(value) : value;
  }
  return args;
}

/** The Web API answers 200 also where it refuses; a response URL does not. */
function statusOf(method: string, answer: SlackAnswer): number {
  return method === 'response_url' && answer.ok !== true ? 400 : 200;
}

function reply(
  response: ServerResponse,
  sent: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly answer: SlackAnswer;
  },
): void {
  response.writeHead(sent.status, { 'content-type': 'application/json', ...sent.headers });
  response.end(JSON.stringify(sent.answer));
}

function nextCall(wakeUps: Set<() => void>, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      wakeUps.delete(done);
      resolve();
    };
    const timer = setTimeout(done, timeoutMs);
    wakeUps.add(done);
  });
}

function summary(calls: readonly SlackCall[]): string {
  const lines = calls.map(
    ({ method, args, answer }) =>
      `${method} ${JSON.stringify(args).slice(0, 300)} → ${JSON.stringify(answer).slice(0, 200)}`,
  );
  return `${calls.length} calls\n${lines.slice(-20).join('\n')}`;
}
