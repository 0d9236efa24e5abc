import { randomUUID } from 'node:crypto';
import { stopMirror } from '@watchbill/commands';
import { type Database, keepMirror, type LeasedMirror, leaseMirror } from '@watchbill/database';
import { type Logger, type Loop, SealError, type SealKeys, startLoop, unseal } from '@watchbill/runtime';
import { type GuardedAgentOptions, openGuardedAgent } from '../delivery/guarded-agent.ts';
import { PagerdutyError, pagerdutyRest } from './pagerduty-rest.ts';
import { MirrorLostError, reconcileMirror } from './reconcile-mirror.ts';
import { resealKeys } from './reseal-keys.ts';

export interface MirrorPollerOptions {
  readonly database: Database;
  readonly logger: Logger;
  readonly network: GuardedAgentOptions;
  readonly keys: SealKeys | null;
  /** How long a mirror that is right is left alone, in milliseconds of real time, unless something changes. */
  readonly reconcileMs?: number;
}

export interface MirrorPoller {
  /** Cuts short what is under way; resolves when nothing runs any more. */
  close(): Promise<void>;
}

const LOOK_MS = 1_000;
const AT_ONCE = 4;
/** Renewed before every write. Longer than the few reads before the first one take together. */
const LEASE_MS = 180_000;
const RECONCILE_MS = 600_000;
const FIRST_RETRY_MS = 5_000;
/** Users are looked for again after this: an address may belong to somebody else by then. */
const KEEP_USERS_MS = 3_600_000;
const MAX_DOUBLINGS = 10;
/** Of a schedule that is not there, and of a key that may not: until somebody changes something, nothing will. */
const REFUSED = new Set([401, 403, 404]);

/** Keeps schedules of PagerDuty right. Any number of processes may do so: each mirror is leased to one. */
export function startMirrorPoller(options: MirrorPollerOptions): MirrorPoller {
  const { database, logger, network } = options;
  const agent = openGuardedAgent(network);
  const stop = new AbortController();
  let users = new Map<string, Map<string, string>>();
  let usersSince = performance.now();
  let resealed = false;

  const usersOf = (mirror: LeasedMirror): Map<string, string> => {
    if (performance.now() - usersSince > KEEP_USERS_MS) {
      users = new Map();
      usersSince = performance.now();
    }
    const known = users.get(mirror.id) ?? new Map<string, string>();
    users.set(mirror.id, known);
    return known;
  };
  const look = async (mirror: LeasedMirror): Promise<void> => {
    const token = unseal(mirror.sealedToken, mirror.id, options.keys ?? noKeys());
    const { url, fromEmail } = mirror;
    const access = { agent, timeoutMs: network.timeoutMs, signal: stop.signal, url, token, fromEmail };
    const tools = { database, rest: pagerdutyRest(access), users: usersOf(mirror), leaseMs: LEASE_MS };
    const found = await reconcileMirror(tools, mirror);
    const nextMs = options.reconcileMs ?? RECONCILE_MS;
    await keepMirror(database, mirror, { problem: null, failures: 0, found, nextMs });
    const { unknown, ...counts } = found;
    const line = { mirror: mirror.id, ...counts, unknown: unknown.map(({ person }) => person) };
    if (found.added + found.removed > 0 || unknown.length > 0) logger.info(line, 'mirrored');
    else logger.debug(line, 'mirrored');
  };
  const one = async (mirror: LeasedMirror): Promise<void> => {
    try {
      await look(mirror);
    } catch (error) {
      if (stop.signal.aborted || error instanceof MirrorLostError) return;
      await afterFailure(options, mirror, error);
    }
  };
  const loop: Loop = startLoop({
    name: 'mirrors',
    logger,
    run: async () => {
      if (!resealed) await resealKeys(options);
      resealed = true;
      const leased = await leaseSome(database);
      await Promise.all(leased.map(one));
      return leased.length === AT_ONCE ? 0 : LOOK_MS;
    },
  });
  return {
    close: async () => {
      stop.abort();
      await loop.close();
      await agent.destroy();
    },
  };
}

async function leaseSome(database: Database): Promise<LeasedMirror[]> {
  const leased: LeasedMirror[] = [];
  while (leased.length < AT_ONCE) {
    const mirror = await leaseMirror(database, { token: randomUUID(), leaseMs: LEASE_MS });
    if (mirror === null) break;
    leased.push(mirror);
  }
  return leased;
}

/** Tries again later, or gives up where only somebody's change can help. Rejects where it is our own fault. */
async function afterFailure(
  { database, logger, reconcileMs = RECONCILE_MS }: MirrorPollerOptions,
  mirror: LeasedMirror,
  error: unknown,
): Promise<void> {
  const line = { mirror: mirror.id, providerSchedule: mirror.providerSchedule };
  if (error instanceof SealError || (error instanceof PagerdutyError && REFUSED.has(error.status ?? 0))) {
    logger.error({ ...line, problem: error.message }, 'mirror switched off');
    await stopMirror(database, mirror, error.message);
    return;
  }
  // Not PagerDuty's fault: the lease runs out by itself, and whoever comes next tries again.
  if (!(error instanceof PagerdutyError)) {
    logger.error({ ...line, err: error }, 'a look at a mirror failed');
    return;
  }
  const backoff = FIRST_RETRY_MS * 2 ** Math.min(mirror.failures, MAX_DOUBLINGS);
  const nextMs = Math.max(Math.min(backoff, reconcileMs), error.retryAfterMs ?? 0);
  const failures = mirror.failures + 1;
  logger.warn({ ...line, problem: error.message, nextMs }, 'not mirrored');
  await keepMirror(database, mirror, { problem: error.message, failures, found: null, nextMs });
}

function noKeys(): never {
  throw new SealError('WATCHBILL_SECRET_KEY is not set, so the token cannot be decrypted.');
}
