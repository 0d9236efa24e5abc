import { findPlan, holdPlan, markPlanDiscarded, schedulesOfPlan } from '@watchbill/database';
import { refuseUnlessManagerOfAll } from '../access/caller.ts';
import type { CommandResult } from '../command.ts';
import { type CommandContext, done, runCommand } from '../run-command.ts';
import { notDraft, type PlanAddress, unknownPlan } from './publish-plan.ts';

/** Puts a draft away; its file stays for the record. */
export function discardPlan(
  context: CommandContext,
  input: PlanAddress,
): Promise<CommandResult<{ readonly id: string }>> {
  return runCommand(context, { name: 'discardPlan', input }, async (tx) => {
    const known = await findPlan(tx, input.schedule, input.version);
    const plan = known === null ? null : await holdPlan(tx, known.id);
    if (plan === null) return unknownPlan(input);
    const members = await schedulesOfPlan(tx, plan.id);
    const refused = await refuseUnlessManagerOfAll(tx, context.caller, members);
    if (refused !== null) return refused;
    if (plan.status !== 'draft') return notDraft(plan);
    await markPlanDiscarded(tx, plan.id);
    return done({ id: plan.id });
  });
}
