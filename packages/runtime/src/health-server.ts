import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from './metrics.ts';
import { withinTime } from './within-time.ts';

/** Finds what makes a process unfit for work, in plain words; an empty list is well. */
export interface HealthCheck {
  readonly name: string;
  check(): Promise<readonly string[]>;
}

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

const CHECK_LIMIT_MS = 3_000;
const REQUEST_LIMIT_MS = 10_000;

/** Runs every check, each for a bounded time; gives all problems, each with the name of its check. */
export async function runChecks(checks: readonly HealthCheck[]): Promise<readonly string[]> {
  const found = await Promise.all(checks.map(runCheck));
  return found.flat();
}

async function runCheck({ name, check }: HealthCheck): Promise<readonly string[]> {
  try {
    const problems = await withinTime(check(), CHECK_LIMIT_MS, 'did not answer in time');
    return problems.map((problem) => `${name}: ${problem}`);
  } catch (error) {
    return [`${name}: ${error instanceof Error ? error.message : String(error)}`];
  }
}

/**
 * Serves `/healthz` (the process runs), `/readyz` (it can do its work; 503 with the problems otherwise) and
 * `/metrics`. Port 0 takes a free one. Rejects when the port is taken.
 */
export async function startHealthServer(options: {
  readonly port: number;
  readonly host?: string;
  readonly checks: readonly HealthCheck[];
  readonly metrics: Metrics;
}): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0] ?? '';
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return send(response, 405, { error: 'only GET' });
    answer(path, options, response).catch(() => send(response, 500, { error: 'could not be answered' }));
  });
  server.requestTimeout = REQUEST_LIMIT_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host ?? '0.0.0.0', resolve);
  });
  return { port: (server.address() as AddressInfo).port, close: () => closeServer(server) };
}

async function answer(
  path: string,
  { checks, metrics }: { readonly checks: readonly HealthCheck[]; readonly metrics: Metrics },
  response: ServerResponse,
): Promise<void> {
  switch (path) {
    case '/healthz':
      return send(response, 200, { status: 'ok' });
    case '/readyz': {
      const problems = await runChecks(checks);
      const ready = problems.length === 0;
      return send(response, ready ? 200 : 503, { status: ready ? 'ready' : 'not ready', problems });
    }
    case '/metrics': {
      const text = await metrics.text();
      response.writeHead(200, { 'content-type': metrics.registry.contentType });
      response.end(text);
      return;
    }
    default:
      return send(response, 404, { error: 'try /healthz, /readyz or /metrics' });
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  if (response.headersSent) return;
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
