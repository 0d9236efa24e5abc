import { randomUUID } from 'node:crypto';
import { type Database, type LeasedSnsFetch, leaseSnsFetches, recordSnsFetch } from '@watchbill/database';
import { type Logger, type Loop, startLoop } from '@watchbill/runtime';
import { doSnsFetch } from './do-sns-fetch.ts';
import type { SnsFetcher } from './sns-fetcher.ts';

export interface SnsPollerOptions {
  readonly database: Database;
  readonly logger: Logger;
  readonly fetcher: SnsFetcher;
}

export interface SnsPoller {
  /** Cuts short what is under way; resolves when nothing runs any more. */
  close(): Promise<void>;
}

/** SNS sends a message again within seconds, and by then its certificate is to be there. */
const LOOK_MS = 1_000;
const AT_ONCE = 4;
/** Longer than two requests and the writing take together. */
const LEASE_MS = 150_000;

/** Fetches what messages of SNS need. Any number of processes may do so: each thing is leased to one. */
export function startSnsPoller({ database, logger, fetcher }: SnsPollerOptions): SnsPoller {
  const stop = new AbortController();
  const one = async (wish: LeasedSnsFetch): Promise<void> => {
    try {
      const end = await doSnsFetch({ database, fetcher, signal: stop.signal }, wish);
      await recordSnsFetch(database, wish, end);
      const line = { intake: wish.intake, kind: wish.kind, ...end };
      if (end.outcome === 'fetched' || end.outcome === 'confirmed') logger.info(line, 'done for SNS');
      else logger.warn(line, 'not done for SNS');
    } catch (error) {
      // The lease runs out by itself, and whoever comes next tries again.
      if (!stop.signal.aborted) logger.error({ intake: wish.intake, err: error }, 'a fetch for SNS failed');
    }
  };
  const loop: Loop = startLoop({
    name: 'sns',
    logger,
    run: async () => {
      const want = { limit: AT_ONCE, token: randomUUID(), leaseMs: LEASE_MS };
      const wishes = await leaseSnsFetches(database, want);
      await Promise.all(wishes.map(one));
      return wishes.length === AT_ONCE ? 0 : LOOK_MS;
    },
  });
  return {
    close: async () => {
      stop.abort();
      await loop.close();
      await fetcher.close();
    },
  };
}
