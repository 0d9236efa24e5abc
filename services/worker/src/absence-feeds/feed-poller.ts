import { randomUUID } from 'node:crypto';
import {
  type Database,
  type LeasedFeed,
  leaseAbsenceFeeds,
  noteAbsenceFeeds,
  releaseAbsenceFeed,
} from '@watchbill/database';
import type { Logger } from '@watchbill/runtime';
import type { FeedFetcher } from './feed-fetcher.ts';
import { pollFeed } from './poll-feed.ts';
import { type ReadCalendar, readInThread } from './read-in-thread.ts';

export interface FeedPollerOptions {
  readonly database: Database;
  readonly logger: Logger;
  readonly fetcher: FeedFetcher;
  /** In a thread of its own, unless said otherwise. */
  readonly read?: ReadCalendar;
  readonly pollMs: number;
  /** How often this process looks for feeds that are due. */
  readonly lookMs?: number;
  /** From 0 up to 1; spreads the polls. */
  readonly random?: () => number;
}

export interface FeedPoller {
  /** Cuts short what is under way; resolves when nothing runs any more. */
  close(): Promise<void>;
}

const LOOK_MS = 15_000;
/** Feeds that one process polls at once. */
const FEEDS_AT_ONCE = 2;
/** Longer than a request, the reading and the writing take together: 60 s, 20 s and a moment. */
const LEASE_MS = 180_000;

/** Polls the calendars of absences that are due. Any number of processes may do so: each feed is leased to one. */
export function startFeedPoller(options: FeedPollerOptions): FeedPoller {
  const stop = new AbortController();
  let wake: () => void = () => undefined;
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, options.lookMs ?? LOOK_MS);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      try {
        await pollDueFeeds(options, stop.signal);
      } catch (error) {
        if (!stop.signal.aborted) options.logger.error({ err: error }, 'calendars of absences not polled');
      }
      if (!stop.signal.aborted) await pause();
    }
  };
  const running = run();
  return {
    close: () => {
      stop.abort();
      wake();
      return running;
    },
  };
}

/** Polls feeds until none is due, and returns how many there were. */
export async function pollDueFeeds(options: FeedPollerOptions, signal: AbortSignal): Promise<number> {
  await noteAbsenceFeeds(options.database);
  let polled = 0;
  while (!signal.aborted) {
    const want = { limit: FEEDS_AT_ONCE, token: randomUUID(), leaseMs: LEASE_MS };
    const feeds = await leaseAbsenceFeeds(options.database, want);
    await Promise.all(feeds.map((feed) => pollOne(options, feed, signal)));
    polled += feeds.length;
    if (feeds.length < FEEDS_AT_ONCE) break;
  }
  return polled;
}

async function pollOne(
  { database, logger, fetcher, read = readInThread, pollMs, random = Math.random }: FeedPollerOptions,
  feed: LeasedFeed,
  signal: AbortSignal,
): Promise<void> {
  const { person } = feed;
  try {
    const end = await pollFeed({ database, fetcher, read, pollMs, random, signal }, feed);
    const quiet = ['read', 'unchanged', 'address_gone'].includes(end.outcome);
    // The address may be a secret, so it is never logged.
    if (quiet) logger.debug({ person, ...end }, 'calendar of absences polled');
    else logger.warn({ person, ...end }, 'calendar of absences not read; what it gave before is kept');
  } catch (error) {
    if (signal.aborted) await releaseAbsenceFeed(database, feed);
    // The lease runs out by itself, and whoever comes next tries again.
    else logger.error({ person, err: error }, 'poll of a calendar of absences failed');
  }
}
