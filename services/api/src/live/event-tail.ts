import { type Database, eventsAfter, type PositionedEventRow } from '@watchbill/database';
import type { Logger } from '@watchbill/runtime';

/** What whoever follows is told: that something happened, and to which schedule. What it means they ask for. */
export interface TailNote {
  readonly position: number;
  readonly type: string;
  readonly schedule: string | null;
}

export type Follower = (notes: readonly TailNote[] | 'missed') => void;

/** Follows the end of the stream of events while anybody listens. */
export interface EventTail {
  /** Tells from now on; gives what ends it. Null when too many follow already. */
  follow(follower: Follower): (() => void) | null;
  /** Somebody said that there is more. */
  wake(): void;
  /** Whether word of new events reaches us; after a break nobody knows what was missed. */
  setLive(live: boolean): void;
  close(): Promise<void>;
}

export const MAX_FOLLOWERS = 500;
const BATCH = 500;

export function createEventTail(database: Database, logger: Logger): EventTail {
  const followers = new Set<Follower>();
  let position: number | null = null;
  let reading: Promise<void> | null = null;
  let again = false;
  let closed = false;

  const tell = (notes: readonly TailNote[] | 'missed'): void => {
    for (const follower of followers) follower(notes);
  };
  const readOn = async (): Promise<void> => {
    do {
      again = false;
      const after = position ?? Number.MAX_SAFE_INTEGER;
      const { events, head } = await eventsAfter(database, {
        after,
        limit: BATCH,
        type: null,
        schedule: null,
      });
      // A whole herd is told in one word: everybody asks once for what they look at.
      if (events.length === BATCH) tell('missed');
      else if (events.length > 0) tell(events.map(noteOf));
      position = head;
    } while (again && followers.size > 0 && !closed);
  };
  const wake = (): void => {
    again = true;
    if (reading !== null || followers.size === 0 || closed) return;
    reading = readOn()
      .catch((error: unknown) => logger.warn({ err: error }, 'the stream of events could not be read'))
      .finally(() => {
        reading = null;
        if (again) wake();
      });
  };
  return {
    follow: (follower) => {
      if (closed || followers.size >= MAX_FOLLOWERS) return null;
      // While nobody followed nothing was read: the first one begins at the end.
      if (followers.size === 0) position = null;
      followers.add(follower);
      wake();
      return () => followers.delete(follower);
    },
    wake,
    setLive: (live) => {
      if (!live) return;
      tell('missed');
      wake();
    },
    close: async () => {
      closed = true;
      followers.clear();
      await reading;
    },
  };
}

function noteOf({ position, type, schedule }: PositionedEventRow): TailNote {
  return { position, type, schedule };
}
