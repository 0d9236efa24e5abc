import {
  countLiveFeeds,
  findPersonSummary,
  findScheduleSummary,
  insertFeed,
  newId,
  type Queryable,
} from '@watchbill/database';
import type { CommandError, CommandResult } from '../command.ts';
import { type CommandContext, done, refuse, runCommand } from '../run-command.ts';
import { ownOrManager } from './caller.ts';
import { hashSecret, newFeedSecret } from './secret.ts';

/** How many feeds may be live at once. */
export const MAX_FEEDS = 50_000;

/** Of a schedule or of a person. */
export type CreateFeedInput =
  | { readonly schedule: string; readonly person: null }
  | { readonly schedule: null; readonly person: string };

/** A feed just made. `secret` is null where the answer is a stored one: the secret itself is stored nowhere. */
export interface IssuedFeed {
  readonly id: string;
  readonly schedule: string | null;
  readonly person: string | null;
  readonly secret: string | null;
}

/** Makes a secret calendar address. Refuses a schedule or person that is not there, and more than `MAX_FEEDS`. */
export function createFeed(
  context: CommandContext,
  input: CreateFeedInput,
): Promise<CommandResult<IssuedFeed>> {
  const { schedule, person } = input;
  const call = {
    name: 'createFeed',
    input: { schedule, person },
    remember: (issued: IssuedFeed) => ({ ...issued, secret: null }),
  };
  return runCommand(context, call, async (tx) => {
    const missing = await missingSubject(tx, input);
    if (missing !== null) return { ok: false, error: missing };
    // Everybody may follow a schedule; where somebody is all week long is theirs to show.
    const refused =
      person === null ? null : await ownOrManager(tx, context.caller, { person, schedule: null });
    if (refused !== null) return refused;
    if ((await countLiveFeeds(tx)) >= MAX_FEEDS) {
      const message = `There are ${MAX_FEEDS} live feeds already. Revoke those that nobody uses.`;
      return refuse('limit', 'limit/feeds', { message });
    }
    const id = newId('fed');
    const secret = newFeedSecret();
    await insertFeed(tx, { id, hash: hashSecret(secret), schedule, person, createdBy: context.actor });
    return done({ id, schedule, person, secret });
  });
}

async function missingSubject(tx: Queryable, input: CreateFeedInput): Promise<CommandError | null> {
  if (input.schedule !== null) {
    if ((await findScheduleSummary(tx, input.schedule)) !== null) return null;
    const message = 'There is no schedule with this id.';
    return { code: 'not_found', reason: 'schedule/not-found', message };
  }
  if ((await findPersonSummary(tx, input.person)) !== null) return null;
  return { code: 'not_found', reason: 'person/not-found', message: 'There is no person with this id.' };
}
