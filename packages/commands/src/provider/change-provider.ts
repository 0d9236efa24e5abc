import {
  deleteProviderRow,
  findProvider,
  lockEndpoint,
  newId,
  type ProviderRow,
  resumeLanes,
  saveProvider,
  setEndpointStatus,
  setProviderKey,
  type Transaction,
} from '@watchbill/database';
import { hashSecret } from '../access/secret.ts';
import type { CommandResult } from '../command.ts';
import { markDisabled } from '../delivery/disable-endpoint.ts';
import { DEFAULT_WAKE_AGAIN_MS, tellLanes } from '../delivery/wake-lanes.ts';
import { type CommandContext, done, refuse, runCommand } from '../run-command.ts';
import { distinct, noProvider, type ProviderResult, readProvider } from './create-provider.ts';
import { filterProblems, keyProblem, noSecretKey, type ProviderRules } from './provider-input.ts';

/** What is left out stays as it is. */
export interface ChangeProviderInput {
  readonly provider: string;
  readonly name?: string | undefined;
  readonly schedules?: readonly string[] | null | undefined;
  readonly policies?: readonly string[] | null | undefined;
  /** A new key, in place of the old one. */
  readonly key?: string | undefined;
  readonly status?: ProviderRow['status'] | undefined;
}

/**
 * Changes what is forwarded to a provider, gives it another key, or switches it off or on. What waits while it is off
 * is kept, and goes out in order once it is on again.
 */
export function changeProvider(
  context: CommandContext,
  input: ChangeProviderInput,
  rules: Pick<ProviderRules, 'seal'>,
): Promise<CommandResult<ProviderResult>> {
  const { key, ...rest } = input;
  const signed = key === undefined ? null : hashSecret(key).toString('hex');
  return runCommand(context, { name: 'changeProvider', input: { ...rest, signed } }, async (tx) => {
    const before = await lockProvider(tx, input.provider);
    if (before === null) return noProvider();
    const { name = before.name } = input;
    const schedules = input.schedules === undefined ? before.schedules : distinct(input.schedules);
    const policies = input.policies === undefined ? before.policies : distinct(input.policies);
    // What was named before may have gone since; only what is named now is looked at.
    const problems = await filterProblems(tx, {
      schedules: distinct(input.schedules),
      policies: distinct(input.policies),
    });
    if (problems.length > 0) {
      const message = problems.map((problem) => problem.message).join(' ');
      return refuse('invalid', 'provider/invalid', { message, problems });
    }
    if (key !== undefined) {
      if (rules.seal === null) return noSecretKey();
      const wrongKey = await keyProblem(tx, key);
      if (wrongKey !== null) return { ok: false, error: wrongKey };
      await setProviderKey(tx, before.id, rules.seal(key, before.id));
    }
    await saveProvider(tx, { id: before.id, name, schedules, policies });
    await setStatus(tx, before, input.status);
    return done({ provider: await readProvider(tx, before.id) }, { provider: before });
  });
}

/** Forwards nothing more: the key is forgotten, and what waits is cancelled. What was opened there stays open there. */
export function deleteProvider(
  context: CommandContext,
  input: { readonly provider: string },
): Promise<CommandResult<{ readonly id: string }>> {
  return runCommand(context, { name: 'deleteProvider', input }, async (tx) => {
    const before = await lockProvider(tx, input.provider);
    if (before === null) return noProvider();
    await setStatus(tx, before, 'disabled');
    await deleteProviderRow(tx, before.id);
    return done({ id: before.id }, { provider: before });
  });
}

async function lockProvider(tx: Transaction, id: string): Promise<ProviderRow | null> {
  return (await lockEndpoint(tx, id)) === null ? null : findProvider(tx, id);
}

async function setStatus(
  tx: Transaction,
  { id, url, status }: ProviderRow,
  wanted: ProviderRow['status'] | undefined,
): Promise<void> {
  if (wanted === undefined || wanted === status) return;
  if (wanted === 'disabled') {
    await markDisabled(tx, { id, url, status, secrets: [] }, 'by_request');
    return;
  }
  await setEndpointStatus(tx, id, null);
  const lanes = await resumeLanes(tx, { endpoint: id, lane: null }, DEFAULT_WAKE_AGAIN_MS);
  const woken = lanes.map((lane) => ({ endpoint: id, lane }));
  await tellLanes(tx, woken, { cause: newId('ena'), wakeAgainMs: DEFAULT_WAKE_AGAIN_MS });
}
