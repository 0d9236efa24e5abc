import type { Severity } from '@watchbill/core';
import {
  deleteHeartbeatRow,
  type HeartbeatRow,
  lockHeartbeat,
  realNow,
  saveHeartbeat,
  type Transaction,
} from '@watchbill/database';
import type { CommandError, CommandResult } from '../command.ts';
import { resolvePageByKey } from '../page/resolve-page-by-key.ts';
import { type CommandContext, done, runCommand } from '../run-command.ts';
import { noHeartbeat, spansProblem } from './create-heartbeat.ts';
import { heartbeatActor, pageKeyOf } from './heartbeat-page.ts';
import { targetProblem } from './intake-target.ts';
import { isMissed } from './ping-heartbeat.ts';

/** What is left out stays as it is. */
export interface ChangeHeartbeatInput {
  readonly heartbeat: string;
  readonly name?: string | undefined;
  readonly policy?: string | null | undefined;
  readonly schedule?: string | null | undefined;
  readonly severity?: Severity | undefined;
  readonly everyMs?: number | undefined;
  readonly graceMs?: number | undefined;
  /** Paused: nothing is expected. Going on: expected from then. */
  readonly paused?: boolean | undefined;
}

/** Changes a heartbeat, pauses it or lets it go on. Pausing resolves its page. */
export function changeHeartbeat(
  context: CommandContext,
  input: ChangeHeartbeatInput,
): Promise<CommandResult<{ readonly heartbeat: HeartbeatRow }>> {
  return runCommand(context, { name: 'changeHeartbeat', input }, async (tx) => {
    const before = await lockHeartbeat(tx, input.heartbeat);
    if (before === null) return noHeartbeat();
    const after = changed(before, input);
    const moved = after.policy !== before.policy || after.schedule !== before.schedule;
    const wrong = spansProblem(after) ?? (moved ? await targetProblem(tx, after) : null);
    if (wrong !== null) return { ok: false, error: wrong };
    const refused = after.paused ? await endPage(context, { tx, heartbeat: before }) : null;
    if (refused !== null) return { ok: false, error: refused };
    const heartbeat = await saveHeartbeat(tx, after);
    return heartbeat === null ? noHeartbeat() : done({ heartbeat }, { heartbeat: before });
  });
}

/** Expects nothing more of a program, and resolves the page of its heartbeat. */
export function deleteHeartbeat(
  context: CommandContext,
  input: { readonly heartbeat: string },
): Promise<CommandResult<{ readonly id: string }>> {
  return runCommand(context, { name: 'deleteHeartbeat', input }, async (tx) => {
    const before = await lockHeartbeat(tx, input.heartbeat);
    if (before === null) return noHeartbeat();
    const refused = await endPage(context, { tx, heartbeat: before });
    if (refused !== null) return { ok: false, error: refused };
    await deleteHeartbeatRow(tx, before.id);
    return done({ id: before.id }, { heartbeat: before });
  });
}

function changed(before: HeartbeatRow, input: ChangeHeartbeatInput): HeartbeatRow {
  const { heartbeat: _, policy, schedule, ...fields } = input;
  const stated = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  const target =
    policy == null && schedule == null ? {} : { policy: policy ?? null, schedule: schedule ?? null };
  return { ...before, ...stated, ...target };
}

/** Resolves the page of a missed heartbeat, whose row is locked; gives the refusal where that fails. */
async function endPage(
  { database }: CommandContext,
  { tx, heartbeat }: { readonly tx: Transaction; readonly heartbeat: HeartbeatRow },
): Promise<CommandError | null> {
  if (!isMissed(heartbeat, await realNow(tx))) return null;
  const own = { database, actor: heartbeatActor(heartbeat) };
  const resolved = await resolvePageByKey(own, pageKeyOf(heartbeat.id));
  return resolved.ok ? null : resolved.error;
}
