import { clockNow, findPlan, holdPlan, schedulesOfPlan, type WholePlanRow } from '@watchbill/database';
import { refuseUnlessManagerOfAll } from '../access/caller.ts';
import type { CommandResult } from '../command.ts';
import { type CommandContext, done, refuse, runCommand } from '../run-command.ts';
import { type PublishedSchedule, putInForce } from './put-in-force.ts';
import { holdBasis } from './store-plan.ts';

export interface PlanAddress {
  readonly schedule: string;
  readonly version: number;
}

export interface PublishedPlan {
  readonly id: string;
  readonly schedules: readonly PublishedSchedule[];
}

/**
 * Publishes a draft for all of its schedules: from now on its turns count. Refuses a draft whose schedules got another
 * revision or plan since it was made, so that of two drafts only one can win.
 */
export function publishPlan(
  context: CommandContext,
  input: PlanAddress,
): Promise<CommandResult<PublishedPlan>> {
  return runCommand(context, { name: 'publishPlan', input }, async (tx) => {
    const known = await findPlan(tx, input.schedule, input.version);
    if (known === null) return unknownPlan(input);
    const members = await schedulesOfPlan(tx, known.id);
    const refused = await refuseUnlessManagerOfAll(tx, context.caller, members);
    if (refused !== null) return refused;
    const held = await holdBasis(tx, members);
    // Read again under the lock: another one may have published it meanwhile.
    const plan = await holdPlan(tx, known.id);
    if (plan === null) return unknownPlan(input);
    if (plan.status !== 'draft') return notDraft(plan);
    if (!held.ok) return held;
    const now = await clockNow(tx);
    const published = await putInForce(tx, { plan, members, rows: held.value.rows, now, context });
    if (!published.ok) return published;
    return done({ id: plan.id, schedules: published.value });
  });
}

export function unknownPlan({ schedule, version }: PlanAddress) {
  return refuse('not_found', 'plan/not-found', {
    message: `The schedule "${schedule}" has no plan of version ${version}.`,
  });
}

export function notDraft(plan: Pick<WholePlanRow, 'status'>) {
  return refuse('conflict', 'plan/not-a-draft', {
    message: `The plan is ${plan.status} already; only a draft can be published or discarded. Make a new one.`,
  });
}
