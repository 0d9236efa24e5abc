import {
  addConfigurationRevision,
  clockNow,
  deletePolicyRow,
  lastConfigurationRevision,
  lockConfiguration,
  lockPolicy,
  usesOfPolicy,
} from '@watchbill/database';
import type { CommandResult } from '../command.ts';
import { type CommandContext, done, refuse, runCommand } from '../run-command.ts';
import { useWords } from './use-words.ts';

/**
 * Takes an escalation policy out of the configuration. Refuses while a page that follows it is open, or an intake or
 * a heartbeat points to it; pages that are over keep the policy as it was. A configuration that names it brings it
 * back, as with everything.
 */
export function deletePolicy(
  context: CommandContext,
  input: { readonly policy: string },
): Promise<CommandResult<{ readonly id: string }>> {
  return runCommand(context, { name: 'deletePolicy', input }, async (tx) => {
    if (context.caller !== undefined) {
      const message =
        'Escalation policies belong to everybody: only an admin may delete one. Ask one of them.';
      return refuse('forbidden', 'access/admins-only', { message });
    }
    await lockConfiguration(tx);
    const policy = await lockPolicy(tx, input.policy);
    if (policy === null) {
      const message = `There is no escalation policy "${input.policy.slice(0, 60)}".`;
      return refuse('not_found', 'policy/not-found', { message });
    }
    const used = useWords(await usesOfPolicy(tx, policy.id));
    if (used !== null) {
      const message = `The escalation policy "${policy.id}" is in use: ${used}`;
      return refuse('conflict', 'policy/in-use', { message });
    }
    await deletePolicyRow(tx, policy.id);
    const revision = (await lastConfigurationRevision(tx)) + 1;
    const at = { appliedBy: context.actor, appliedAt: await clockNow(tx) };
    await addConfigurationRevision(tx, { revision, source: 'delete', ...at });
    return done({ id: policy.id }, { policy: policy.definition });
  });
}
