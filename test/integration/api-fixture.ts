import { type ApiSettings, startApi } from '@watchbill/api';
import { createFirstToken } from '@watchbill/commands';
import { type Database, openDatabase } from '@watchbill/database';
import { openQueues } from '@watchbill/queue';
import { createLogger, createMetrics } from '@watchbill/runtime';
import { createTestDatabase } from '../support/test-database.ts';
import { type Description, describedBy } from './api-description.ts';
import { startListenProxy } from './listen-proxy.ts';

export interface ApiRequest {
  readonly method?: string;
  /** Sent as JSON, unless it is a text. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: the first token; null sends none. */
  readonly token?: string | null;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape; the shape itself is checked.
  readonly json: any;
}

export interface TestApi {
  readonly url: string;
  readonly token: string;
  readonly database: Database;
  readonly connectionString: string;
  readonly description: Description;
  /** Takes the database's notices away from the API, and gives them back. */
  setDeaf(deaf: boolean): void;
  /** What the API wrote to its log. */
  log(): string;
  /** Sends a request, and holds the answer to the OpenAPI document. */
  send(path: string, request?: ApiRequest): Promise<ApiAnswer>;
  close(): Promise<void>;
}

const SETTINGS: Omit<ApiSettings, 'publicUrl'> = {
  host: '127.0.0.1',
  port: 0,
  rateLimitPerMinute: 1_000_000,
  horizonWeeks: 26,
  startingSoonMinutes: [1440, 15],
  trustedProxies: [],
  webhookAllowedNetworks: [],
  signInProviders: [],
  notify: { mail: null, twilio: null, ntfy: null },
};

/** The API on a fresh database of its own, over real HTTP. */
export async function startTestApi(settings: Partial<ApiSettings> = {}): Promise<TestApi> {
  const testDatabase = await createTestDatabase();
  const proxy = await startListenProxy(testDatabase.connectionString);
  const { connectionString } = proxy;
  const database = openDatabase({ connectionString, max: 8 });
  const queues = openQueues({ postgres: { connectionString }, onError: () => undefined });
  let written = '';
  const write = (line: string): void => {
    written += line;
  };
  const logger = createLogger({ logLevel: 'info' }, 'api', { write });
  const api = await startApi({
    ...{ database, queues, logger, metrics: createMetrics({ processFigures: false }) },
    settings: { ...SETTINGS, publicUrl: 'https://watchbill.example', ...settings },
  });
  const token = (await createFirstToken(database)) ?? '';
  const document = await (await fetch(`${api.url}/openapi.json`)).json();
  const description = describedBy(document as object);
  return {
    url: api.url,
    token,
    database,
    connectionString,
    description,
    setDeaf: (deaf) => proxy.setDeaf(deaf),
    log: () => written,
    send: async (path, request = {}) => {
      const answer = await sendTo(api.url, path, { token, ...request });
      description.check(request.method ?? 'GET', path, answer);
      return answer;
    },
    close: async () => {
      await api.close();
      await queues.close();
      await database.close();
      await proxy.close();
      await testDatabase.drop();
    },
  };
}

/** One request, without a look at its answer. */
export async function sendTo(url: string, path: string, request: ApiRequest): Promise<ApiAnswer> {
  const { method = 'GET', body, headers = {}, token } = request;
  const isText = typeof body === 'string';
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(token !== null && token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && !isText && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: isText ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson ? JSON.parse(text) : undefined,
  };
}
