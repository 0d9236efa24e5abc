import {
  type Database,
  lockOverdueHeartbeat,
  markHeartbeatMissed,
  noteHeartbeatWatch,
  overdueHeartbeats,
  waitLongerForHeartbeats,
} from '@watchbill/database';
import { triggerPage } from '../page/trigger-page.ts';
import { MAX_HEARTBEATS } from './create-heartbeat.ts';
import { heartbeatActor, missedPage } from './heartbeat-page.ts';

/** How often it is noted that somebody watches. */
const NOTE_MS = 10_000;
/** Nobody watched for longer than this: then nobody may have heard pings either, and the time does not count. */
export const UNWATCHED_MS = 60_000;

export interface SweptHeartbeats {
  /** For how long nobody watched, in milliseconds, when that was worth waiting longer; else 0. */
  readonly unwatchedMs: number;
  /** The ids of those that are missed now. */
  readonly missed: readonly string[];
  /** Those whose page could not be triggered; they are tried again. */
  readonly failed: readonly { readonly heartbeat: string; readonly message: string }[];
}

/**
 * Triggers a page for each heartbeat that stays away. Safe to run anywhere, any time, several times at once. The page
 * comes before the note of it: whoever is killed in between triggers the same page once more, which only counts.
 */
export async function sweepHeartbeats(database: Database): Promise<SweptHeartbeats> {
  const unwatchedMs = await waitAfterSilence(database);
  const missed: string[] = [];
  const failed: { heartbeat: string; message: string }[] = [];
  // All of them, so that none waits behind others whose pages cannot be triggered.
  for (const id of await overdueHeartbeats(database, MAX_HEARTBEATS)) {
    const end = await seeTo(database, id);
    if (end === 'missed') missed.push(id);
    else if (end !== 'not-mine') failed.push({ heartbeat: id, message: end.message });
  }
  return { unwatchedMs, missed, failed };
}

/** After an outage of ours everything would be overdue at once, and somebody paged for each of it. */
function waitAfterSilence(database: Database): Promise<number> {
  return database.transaction(async (tx) => {
    const agoMs = await noteHeartbeatWatch(tx, NOTE_MS);
    if (agoMs <= UNWATCHED_MS) return 0;
    await waitLongerForHeartbeats(tx, agoMs);
    return agoMs;
  });
}

async function seeTo(
  database: Database,
  id: string,
): Promise<'missed' | 'not-mine' | { readonly message: string }> {
  return database.transaction(async (tx) => {
    const heartbeat = await lockOverdueHeartbeat(tx, id);
    if (heartbeat === null) return 'not-mine';
    const own = { database, actor: heartbeatActor(heartbeat) };
    const triggered = await triggerPage(own, missedPage(heartbeat));
    if (!triggered.ok) return { message: triggered.error.message };
    await markHeartbeatMissed(tx, id);
    return 'missed';
  });
}
