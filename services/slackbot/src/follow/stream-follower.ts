import {
  clockNow,
  type Database,
  eventsAfter,
  moveSlackStream,
  type PositionedEventRow,
  type SlackStreamLane,
  sqlState,
  startSlackStream,
  type Transaction,
  takeSlackStream,
} from '@watchbill/database';
import type { Logger } from '@watchbill/runtime';
import { readEvent } from './follow-event.ts';
import { followEvents } from './follow-events.ts';

/** How many events are read in one transaction. */
const BATCH = 1_000;
/** The stream is told of by the database; this is for what it could not tell. */
const LOOK_EVERY_MS = 5_000;
/** Another bot reads just now. */
const BUSY_MS = 500;
/** An event that fails this often, alone and for a reason of its own, is passed over. */
const TRIES_OF_ONE = 3;

export interface FollowerOptions {
  readonly database: Database;
  readonly logger: Logger;
  readonly reminderMinutes: readonly number[];
  /** Hears how many events were read, once they are. */
  readonly onFollowed: (events: number) => void;
}

/**
 * One round of reading a lane of the stream; resolves with the pause after it, in ms. What events call for is written together
 * with the place up to which they were read, so that each counts once, whoever dies when. An event that cannot be
 * handled is passed over after some tries, and said so: the others behind it are not held up for ever.
 */
export function streamFollower(options: FollowerOptions, lane: SlackStreamLane): () => Promise<number> {
  let started = false;
  let stuck: { readonly position: number; readonly tries: number } | null = null;
  return async () => {
    if (!started) await startSlackStream(options.database);
    started = true;
    const alone = stuck !== null;
    const skip = stuck !== null && stuck.tries >= TRIES_OF_ONE ? stuck.position : null;
    let reading: number | null = null;
    try {
      const read = await options.database.transaction(async (tx) => {
        const after = await takeSlackStream(tx, lane);
        if (after === null) return null;
        reading = after;
        return readOn(tx, { options, lane, after, skip, limit: alone ? 1 : BATCH });
      });
      if (read === null) return BUSY_MS;
      stuck = null;
      options.onFollowed(read.events);
      return read.more ? 0 : LOOK_EVERY_MS;
    } catch (error) {
      if (reading !== null && !isOutage(error)) {
        stuck = { position: reading, tries: stuck?.position === reading ? stuck.tries + 1 : 0 };
      }
      throw error;
    }
  };
}

/** Of a database that is away or says so, and not of what was asked of it. */
const OUTAGE_STATES = /^(08|53|57|40)/;

function isOutage(error: unknown): boolean {
  const state = sqlState(error);
  if (state !== undefined) return OUTAGE_STATES.test(state);
  const { code, message = '' } = error as { readonly code?: unknown; readonly message?: string };
  return (typeof code === 'string' && code.startsWith('E')) || message.startsWith('Connection terminated');
}

async function readOn(
  tx: Transaction,
  round: {
    readonly options: FollowerOptions;
    readonly lane: SlackStreamLane;
    readonly after: number;
    readonly skip: number | null;
    readonly limit: number;
  },
): Promise<{ readonly events: number; readonly more: boolean }> {
  const { options, lane, after, skip, limit } = round;
  const { logger, reminderMinutes } = options;
  const families = FAMILIES[lane];
  const stretch = await eventsAfter(tx, { after, type: null, families, schedule: null, limit });
  if (stretch.events.length > 0) {
    if (skip === after) logger.error({ after, event: ids(stretch.events) }, 'event passed over');
    else await followEvents({ tx, now: await clockNow(tx), reminderMinutes }, stretch.events.map(readEvent));
  }
  if (stretch.next > after) await moveSlackStream(tx, lane, stretch.next);
  return { events: stretch.events.length, more: stretch.next < stretch.head };
}

function ids(rows: readonly PositionedEventRow[]): string[] {
  return rows.map(({ id }) => id);
}

/** Families of events that say something to people in Slack. */
const FAMILIES: Readonly<Record<SlackStreamLane, readonly string[]>> = {
  people: ['swap.', 'page.'],
  schedules: ['shift.', 'handoff.', 'coverage.', 'schedule.'],
};
