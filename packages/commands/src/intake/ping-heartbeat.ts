import {
  findHeartbeatByHash,
  type HeartbeatRow,
  lockHeartbeat,
  notePing,
  realNow,
} from '@watchbill/database';
import type { CommandResult } from '../command.ts';
import { resolvePageByKey } from '../page/resolve-page-by-key.ts';
import { type CommandContext, done, refuse, runCommand } from '../run-command.ts';
import { heartbeatActor, pageKeyOf } from './heartbeat-page.ts';

export interface Pinged {
  readonly heartbeat: HeartbeatRow;
  /** Whether it was missed, so that its page is resolved now. */
  readonly wasMissed: boolean;
}

/** The heartbeat that a program pings: by the SHA-256 of its key, or one that was found already. */
export type PingInput =
  | { readonly keyHash: Uint8Array }
  | { readonly heartbeat: Pick<HeartbeatRow, 'id' | 'name'> };

/**
 * Notes that a program is alive. If it was missed, its page is resolved first:
 * whoever is killed in between is asked again by the next ping, or missed again.
 */
export async function pingHeartbeat(
  context: Pick<CommandContext, 'database'>,
  input: PingInput,
): Promise<CommandResult<Pinged>> {
  const found =
    'heartbeat' in input ? input.heartbeat : await findHeartbeatByHash(context.database, input.keyHash);
  if (found === null) {
    return refuse('not_found', 'heartbeat/unknown-key', { message: 'There is no heartbeat with this key.' });
  }
  const own: CommandContext = { database: context.database, actor: heartbeatActor(found) };
  return runCommand(
    own,
    { name: 'pingHeartbeat', input: { heartbeat: found.id }, audited: false },
    async (tx) => {
      // The lock keeps the sweep from triggering a page between the look and the note.
      const before = await lockHeartbeat(tx, found.id);
      const wasMissed = before !== null && isMissed(before, await realNow(tx));
      if (wasMissed) {
        const resolved = await resolvePageByKey(own, pageKeyOf(found.id));
        if (!resolved.ok) return resolved;
      }
      const heartbeat = await notePing(tx, found.id);
      return heartbeat === null ? gone() : done({ heartbeat, wasMissed });
    },
  );
}

/** A page may be open also when it is only overdue: its trigger and the note of it are two transactions. */
export function isMissed({ missedAt, dueAt }: HeartbeatRow, now: number): boolean {
  return missedAt !== null || (dueAt !== null && dueAt <= now);
}

function gone() {
  return refuse('not_found', 'heartbeat/not-found', { message: 'The heartbeat was deleted meanwhile.' });
}
