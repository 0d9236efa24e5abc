import type { Severity } from '@watchbill/core';
import { countHeartbeatsLocked, type HeartbeatRow, insertHeartbeat, newId } from '@watchbill/database';
import { hashSecret } from '../access/secret.ts';
import type { CommandResult } from '../command.ts';
import { type CommandContext, type CommandOutcome, done, refuse, runCommand } from '../run-command.ts';
import { newIntakeKey } from './intake-key.ts';
import { targetProblem } from './intake-target.ts';

/** How many heartbeats there may be. */
export const MAX_HEARTBEATS = 5_000;
/** The shortest and longest that pings may lie apart, and the longest grace, in milliseconds of real time. */
export const MIN_EVERY_MS = 10_000;
export const MAX_EVERY_MS = 366 * 24 * 3_600_000;
export const MAX_GRACE_MS = 7 * 24 * 3_600_000;

export interface CreateHeartbeatInput {
  readonly name: string;
  readonly policy?: string | null | undefined;
  readonly schedule?: string | null | undefined;
  readonly severity: Severity;
  readonly everyMs: number;
  readonly graceMs: number;
  /** Whether a page comes when not even the first ping does; else it is expected from its first ping on. */
  readonly expected: boolean;
}

/** A heartbeat just made. `key` is null where the answer is a stored one: it is shown once. */
export interface IssuedHeartbeat {
  readonly heartbeat: HeartbeatRow;
  readonly key: string | null;
}

/** Expects a ping at least every so often from somebody's program; when it stays away, a page is triggered. */
export function createHeartbeat(
  context: CommandContext,
  input: CreateHeartbeatInput,
): Promise<CommandResult<IssuedHeartbeat>> {
  const { name, severity, everyMs, graceMs, expected } = input;
  const target = { policy: input.policy ?? null, schedule: input.schedule ?? null };
  const call = {
    name: 'createHeartbeat',
    input: { name, severity, everyMs, graceMs, expected, ...target },
    remember: (issued: IssuedHeartbeat) => ({ ...issued, key: null }),
  };
  return runCommand(context, call, async (tx) => {
    const wrong = spansProblem(input) ?? (await targetProblem(tx, target));
    if (wrong !== null) return { ok: false, error: wrong };
    if ((await countHeartbeatsLocked(tx)) >= MAX_HEARTBEATS) {
      const message = `There are ${MAX_HEARTBEATS} heartbeats already. Delete those that nobody sends any more.`;
      return refuse('limit', 'limit/heartbeats', { message });
    }
    const key = newIntakeKey();
    const made = { id: newId('hbt'), keyHash: hashSecret(key), createdBy: context.actor };
    const heartbeat = await insertHeartbeat(tx, {
      ...made,
      ...target,
      ...{ name, severity, everyMs, graceMs, expected },
    });
    return done({ heartbeat, key });
  });
}

/** Why pings cannot be expected like this; null when they can. */
export function spansProblem({ everyMs, graceMs }: { readonly everyMs: number; readonly graceMs: number }) {
  const isFit =
    Number.isInteger(everyMs) &&
    everyMs >= MIN_EVERY_MS &&
    everyMs <= MAX_EVERY_MS &&
    Number.isInteger(graceMs) &&
    graceMs >= 0 &&
    graceMs <= MAX_GRACE_MS;
  if (isFit) return null;
  const message = 'A heartbeat comes every ten seconds to every year, with a grace of up to seven days.';
  return { code: 'invalid', reason: 'heartbeat/spans', message } as const;
}

export function noHeartbeat(): CommandOutcome<never> {
  return refuse('not_found', 'heartbeat/not-found', { message: 'There is no heartbeat with this id.' });
}
