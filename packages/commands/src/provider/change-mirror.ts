import {
  clockNow,
  type Database,
  deleteMirrorRow,
  disableMirror,
  insertEvents,
  type LeasedMirror,
  lockMirror,
  type MirrorRow,
  newId,
  saveMirror,
} from '@watchbill/database';
import { hashSecret } from '../access/secret.ts';
import { plainEmail } from '../account/account-input.ts';
import type { CommandResult } from '../command.ts';
import { type CommandContext, done, runCommand } from '../run-command.ts';
import { type MirrorResult, mirrorProblem, noMirror, readMirror } from './create-mirror.ts';
import { noSecretKey, type ProviderRules } from './provider-input.ts';

/** What is left out stays as it is. */
export interface ChangeMirrorInput {
  readonly mirror: string;
  readonly token?: string | undefined;
  readonly fromEmail?: string | undefined;
  readonly horizonDays?: number | undefined;
  readonly status?: MirrorRow['status'] | undefined;
}

/** Changes a mirror, gives it another token, or switches it off or on. It looks at the schedule there at once. */
export function changeMirror(
  context: CommandContext,
  input: ChangeMirrorInput,
  rules: Pick<ProviderRules, 'seal'>,
): Promise<CommandResult<MirrorResult>> {
  const { token, ...rest } = input;
  const signed = token === undefined ? null : hashSecret(token).toString('hex');
  return runCommand(context, { name: 'changeMirror', input: { ...rest, signed } }, async (tx) => {
    const before = await lockMirror(tx, input.mirror);
    if (before === null) return noMirror();
    const { fromEmail = before.fromEmail, horizonDays = before.horizonDays, status = before.status } = input;
    const wrong = mirrorProblem({ token, fromEmail, horizonDays });
    if (wrong !== null) return { ok: false, error: wrong };
    if (token !== undefined && rules.seal === null) return noSecretKey();
    const sealedToken = token === undefined ? null : (rules.seal?.(token, before.id) ?? null);
    await saveMirror(tx, {
      id: before.id,
      fromEmail: plainEmail(fromEmail),
      horizonDays,
      status,
      sealedToken,
    });
    return done({ mirror: await readMirror(tx, before.id) }, { mirror: before });
  });
}

/** Mirrors no more, and forgets the token. The overrides made so far stay there as they are. */
export function deleteMirror(
  context: CommandContext,
  input: { readonly mirror: string },
): Promise<CommandResult<{ readonly id: string }>> {
  return runCommand(context, { name: 'deleteMirror', input }, async (tx) => {
    const before = await lockMirror(tx, input.mirror);
    if (before === null) return noMirror();
    await deleteMirrorRow(tx, before.id);
    return done({ id: before.id }, { mirror: before });
  });
}

/** Switches off a mirror that the provider refuses, and tells its owner. Does nothing when it is not ours any more. */
export async function stopMirror(
  database: Database,
  mirror: Pick<LeasedMirror, 'id' | 'leaseToken' | 'url' | 'schedule'>,
  problem: string,
): Promise<void> {
  await database.transaction(async (tx) => {
    if (!(await disableMirror(tx, mirror, { reason: 'refused', problem }))) return;
    const now = await clockNow(tx);
    const type = 'delivery.endpoint_disabled';
    await insertEvents(tx, [
      {
        key: `${type}.${newId('dis')}`,
        type,
        schedule: null,
        occurredAt: now,
        publishedAt: now,
        data: { endpoint: mirror.id, url: mirror.url, reason: 'refused' },
      },
    ]);
  });
}
