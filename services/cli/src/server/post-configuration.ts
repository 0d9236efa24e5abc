import { callServer, notWatchbill, type Server } from './call-server.ts';
import type { Applied } from './read-applied.ts';
import { readApplied } from './read-applied.ts';

export interface Posting {
  readonly server: Server;
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

/**
 * Sends a configuration to `POST /v1/configuration`. Throws BadInput with what to do when the server cannot be
 * reached, refuses the token or the file, or is no Watchbill server.
 */
export async function postConfiguration(
  { server, dryRun, file, text }: Posting,
  fetchFrom: typeof fetch,
): Promise<Posted> {
  const call = {
    ...{
      method: 'POST' as const,
      path: '/v1/configuration',
      timeoutMs: TIMEOUT_MS,
      doing: 'change schedules',
      file,
    },
    query: dryRun ? ([['dryRun', 'true']] as const) : [],
    body: { type: 'application/yaml' as const, text },
  };
  const body = await callServer(server, call, fetchFrom);
  const applied = readApplied(body);
  if (applied === null) throw notWatchbill(server);
  return { body, applied };
}
