import { createServer, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** A request as a provider got it. */
export interface ProviderCall {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape; the shape itself is checked here.
  readonly body: any;
  readonly answered: number;
}

export interface Fault {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Does what it is asked, and then hangs up without an answer. */
  readonly hangUp?: boolean;
}

/** An incident of PagerDuty, or an alert of Opsgenie, with everything that was done to it. */
export interface StoodIncident {
  readonly key: string;
  status: 'triggered' | 'acknowledged' | 'resolved';
  readonly log: string[];
}

export interface StoodOverride {
  readonly id: string;
  readonly start: number;
  end: number;
  readonly user: string;
}

export interface ProviderServer {
  readonly url: string;
  readonly calls: readonly ProviderCall[];
  /** The only keys that are taken; a routing key, an API key, a REST token. */
  key: string;
  /** Every incident there ever was, oldest first: a key that is open is never there twice. */
  readonly incidents: readonly StoodIncident[];
  /** Users of PagerDuty by id. */
  readonly users: Map<string, string>;
  readonly overrides: StoodOverride[];
  /** Whether lists of overrides leave ids out unless they are asked for those that can be changed. */
  hidesIds: boolean;
  /** What time it is there. */
  clock: () => number;
  /** Decides about each request before it is looked at; undefined: as the provider would. */
  faultWith(decide: (call: Omit<ProviderCall, 'answered'>) => Fault | undefined): void;
  waitUntil(test: () => boolean, timeoutMs?: number): Promise<void>;
  close(): Promise<void>;
}

type Answer = { readonly status: number; readonly json?: unknown };
const SCHEDULE = 'PSCHED1';
const FROM = 'boss@example.com';

/**
 * Stands in for PagerDuty (Events API v2, REST API v2 for overrides and users) and Opsgenie (Alert API) on a free port
 * of 127.0.0.1. It refuses what they refuse: unknown fields, wrong types, texts that are too long, missing headers.
 */
export async function startProviderServer(): Promise<ProviderServer> {
  const calls: ProviderCall[] = [];
  const incidents: StoodIncident[] = [];
  let decide: (call: Omit<ProviderCall, 'answered'>) => Fault | undefined = () => undefined;
  const server = createServer(async (incoming, response) => {
    const text = await readBody(incoming);
    const call = {
      method: incoming.method ?? '',
      path: incoming.url ?? '',
      headers: Object.fromEntries(Object.entries(incoming.headers).map(([k, v]) => [k, String(v)])),
      body: text === '' ? undefined : JSON.parse(text),
    };
    const fault = decide(call);
    const refused = fault !== undefined && fault.hangUp !== true;
    const answer: Answer = refused ? { status: fault.status } : answerTo(call, stood);
    calls.push({ ...call, answered: fault?.hangUp === true ? 0 : answer.status });
    if (fault?.hangUp === true) {
      incoming.socket.destroy();
      return;
    }
    response.writeHead(answer.status, { 'content-type': 'application/json', ...fault?.headers });
    response.end(fault?.body ?? (answer.json === undefined ? '' : JSON.stringify(answer.json)));
  });
  server.listen(0, '127.0.0.1');
  await new Promise<void>((resolve) => server.once('listening', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const stood: Stood = {
    ...{ url: `http://127.0.0.1:${port}`, calls, incidents, key: 'R0UT1NGKEY00000000000000000000AB' },
    ...{ users: new Map(), overrides: [], hidesIds: false, clock: Date.now },
    faultWith: (decision) => {
      decide = decision;
    },
    waitUntil: async (test, timeoutMs = 20_000) => {
      const startedAt = performance.now();
      while (!test()) {
        if (performance.now() - startedAt > timeoutMs) {
          throw new Error(`Not in ${timeoutMs} ms: ${JSON.stringify(calls.slice(-10))}`);
        }
        await sleep(20);
      }
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return stood;
}

type Stood = ProviderServer & { readonly incidents: StoodIncident[] };
type Call = Omit<ProviderCall, 'answered'>;

function answerTo(call: Call, stood: Stood): Answer {
  const path = call.path.split('?')[0] ?? '';
  if (path === '/v2/enqueue') return enqueue(call, stood);
  if (path.startsWith('/v2/alerts')) return opsgenie(call, stood, path);
  if (path === '/users' || path.startsWith('/schedules/')) return rest(call, stood, path);
  return { status: 404, json: { message: 'No such resource' } };
}

/** What is wrong with an object: fields that are unknown, missing, or of another shape. */
function wrong(value: unknown, shape: Readonly<Record<string, (field: unknown) => boolean>>): string[] {
  if (typeof value !== 'object' || value === null) return ['is no object'];
  const known = Object.entries(shape).filter(([name, fits]) => !fits((value as Fields)[name]));
  const unknown = Object.keys(value).filter((name) => !(name in shape));
  return [...known.map(([name]) => `'${name}' is invalid`), ...unknown.map((name) => `'${name}' is unknown`)];
}

type Fields = Readonly<Record<string, unknown>>;
const text = (max: number) => (field: unknown) =>
  typeof field === 'string' && field.length > 0 && field.length <= max;
const maybe = (fits: (field: unknown) => boolean) => (field: unknown) => field === undefined || fits(field);
const oneOf = (words: readonly string[]) => (field: unknown) => words.includes(String(field));
const instant = (field: unknown) =>
  typeof field === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/.test(field);
const object = (field: unknown) => typeof field === 'object' && field !== null && !Array.isArray(field);
const link = (field: unknown) => wrong(field, { href: text(2000), text: maybe(text(2000)) }).length === 0;

function enqueue({ method, headers, body }: Call, stood: Stood): Answer {
  const payload = wrong(body?.payload, {
    ...{ summary: text(1024), source: text(255), severity: oneOf(['critical', 'error', 'warning', 'info']) },
    ...{ timestamp: maybe(instant), group: maybe(text(255)), component: maybe(text(255)) },
    ...{ class: maybe(text(255)), custom_details: maybe(object) },
  });
  const isTrigger = body?.event_action === 'trigger';
  const errors = [
    ...wrong(body, {
      ...{ routing_key: text(64), event_action: oneOf(['trigger', 'acknowledge', 'resolve']) },
      ...{ dedup_key: text(255), payload: isTrigger ? object : (field) => field === undefined },
      ...{ client: maybe(text(255)), client_url: maybe(text(2000)), images: maybe(Array.isArray) },
      links: maybe((field) => Array.isArray(field) && field.every(link)),
    }),
    ...(isTrigger ? payload : []),
    ...(method === 'POST' && headers['content-type'] === 'application/json' ? [] : ['not JSON by POST']),
    ...(body?.routing_key === stood.key ? [] : ['Invalid routing key']),
  ];
  if (errors.length > 0) {
    return { status: 400, json: { status: 'invalid event', message: 'Event object is invalid', errors } };
  }
  const { event_action: action, dedup_key: key } = body;
  actOn(stood, key, { action, note: isTrigger ? body.payload.summary : '' });
  return { status: 202, json: { status: 'success', message: 'Event processed', dedup_key: key } };
}

function opsgenie({ method, headers, body, path: whole }: Call, stood: Stood, path: string): Answer {
  const accepted = { result: 'Request will be processed', took: 0.1, requestId: 'r-1' };
  if (headers.authorization !== `GenieKey ${stood.key}`)
    return { status: 401, json: { message: 'Key format is not valid!' } };
  const common = { user: maybe(text(100)), source: maybe(text(100)), note: maybe(text(25_000)) };
  const act = /^\/v2\/alerts\/([^/]+)\/(acknowledge|unacknowledge|close|notes|snooze)$/.exec(path);
  const errors =
    path === '/v2/alerts'
      ? wrong(body, {
          ...common,
          ...{
            message: text(130),
            alias: text(512),
            description: maybe(text(15_000)),
            entity: maybe(text(512)),
          },
          ...{ priority: maybe(oneOf(['P1', 'P2', 'P3', 'P4', 'P5'])), tags: maybe(Array.isArray) },
          details: maybe((field) => object(field) && Object.values(field as Fields).every(text(8_000))),
        })
      : act === null || !whole.endsWith('?identifierType=alias')
        ? ['no such resource']
        : wrong(body, {
            ...common,
            ...(act[2] === 'snooze' ? { endTime: instant } : {}),
            ...(act[2] === 'notes' ? { note: text(25_000) } : {}),
          });
  if (method !== 'POST' || errors.length > 0)
    return { status: 422, json: { message: 'Request body is not processable', errors } };
  if (act === null) actOn(stood, body.alias, { action: 'trigger', note: `${body.priority} ${body.message}` });
  else
    actOn(stood, decodeURIComponent(act[1] ?? ''), {
      action: act[2] ?? '',
      note: body.note ?? body.endTime ?? '',
    });
  return { status: 202, json: accepted };
}

function actOn(
  stood: Stood,
  key: string,
  { action, note }: { readonly action: string; readonly note: string },
): void {
  let open = stood.incidents.find((one) => one.key === key && one.status !== 'resolved');
  if (open === undefined) {
    // Neither opens anything by an acknowledgement, and both say that all is well.
    if (action !== 'trigger') return;
    open = { key, status: 'triggered', log: [] };
    stood.incidents.push(open);
  }
  open.log.push(note === '' ? action : `${action}: ${note}`);
  if (action === 'acknowledge') open.status = 'acknowledged';
  if (action === 'unacknowledge') open.status = 'triggered';
  if (action === 'resolve' || action === 'close') open.status = 'resolved';
}

function rest({ method, headers, body, path: whole }: Call, stood: Stood, path: string): Answer {
  const refuse = (status: number, ...errors: string[]): Answer => ({
    status,
    json: { error: { message: 'Invalid Input Provided', code: 2001, errors } },
  });
  if (headers.authorization !== `Token token=${stood.key}`) return refuse(401, 'Unauthorized');
  if (headers.accept !== 'application/vnd.pagerduty+json;version=2') return refuse(406, 'No version');
  if (method !== 'GET' && headers.from !== FROM) return refuse(400, 'Requester User Not Found');
  const query = new URL(whole, stood.url).searchParams;
  if (path === '/users') {
    const wanted = (query.get('query') ?? '').toLowerCase();
    const users = [...stood.users].filter(([, email]) => email.toLowerCase().includes(wanted));
    return {
      status: 200,
      json: {
        users: users.map(([id, email]) => ({ id, email, type: 'user' })),
        limit: 100,
        offset: 0,
        more: false,
      },
    };
  }
  const at = /^\/schedules\/([^/]+)\/overrides(?:\/([^/]+))?$/.exec(path);
  if (at === null || at[1] !== SCHEDULE) return refuse(404, 'Not Found');
  if (method === 'GET') return { status: 200, json: { overrides: listed(stood, query) } };
  if (method === 'DELETE') return removed(stood, at[2] ?? '', refuse);
  const entries: unknown[] = Array.isArray(body?.overrides) ? body.overrides : [];
  if (method !== 'POST' || entries.length === 0 || Object.keys(body).length !== 1)
    return refuse(400, 'overrides');
  return { status: 201, json: entries.map((entry) => created(stood, entry as Fields)) };
}

function listed(stood: Stood, query: URLSearchParams) {
  const [since, until] = ['since', 'until'].map((name) => Date.parse(query.get(name) ?? ''));
  if (!(Number(since) < Number(until))) throw new Error('since and until are required');
  const whole = query.get('overflow') === 'true';
  const named = !stood.hidesIds || query.get('editable') === 'true';
  return stood.overrides
    .filter(({ start, end }) => start < Number(until) && end > Number(since))
    .map(({ id, start, end, user }) => ({
      ...(named && { id }),
      start: iso(whole ? start : Math.max(start, Number(since))),
      end: iso(whole ? end : Math.min(end, Number(until))),
      user: { id: user, type: 'user_reference' },
    }));
}

function removed(stood: Stood, id: string, refuse: (status: number, ...errors: string[]) => Answer): Answer {
  const at = stood.overrides.findIndex((one) => one.id === id);
  const override = stood.overrides[at];
  if (override === undefined) return refuse(404, 'Not Found');
  if (override.end <= stood.clock()) return refuse(400, 'Override has already ended');
  if (override.start > stood.clock()) {
    stood.overrides.splice(at, 1);
    return { status: 204 };
  }
  override.end = Math.floor(stood.clock() / 1_000) * 1_000;
  return { status: 200, json: {} };
}

let made = 0;
function created(stood: Stood, entry: Fields): Fields {
  const { start, end, user } = entry as { start: string; end: string; user: { id: string } };
  const errors = [
    ...wrong(entry, { start: instant, end: instant, user: object }),
    ...wrong(user, { id: (id) => stood.users.has(String(id)), type: oneOf(['user_reference']) }),
    ...(Date.parse(end) > Date.parse(start) ? [] : ['Override must end after its start']),
    ...(Date.parse(start) >= stood.clock() ? [] : ['Override cannot begin in the past']),
  ];
  if (errors.length > 0) return { status: 400, errors };
  made += 1;
  const override = {
    id: `Q${String(made).padStart(6, '0')}`,
    start: Date.parse(start),
    end: Date.parse(end),
    user: user.id,
  };
  stood.overrides.push(override);
  return { status: 201, override: { ...override, start, end, user } };
}

function iso(instant: number): string {
  return new Date(instant).toISOString().replace('.000Z', 'Z');
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
