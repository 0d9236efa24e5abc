import { addPlanJob, clockNow, fairSchedules, newId, openPlanJobs } from '@watchbill/database';
import { refuseUnlessManager } from '../access/caller.ts';
import type { CommandResult } from '../command.ts';
import { type CommandContext, done, refuse, runCommand } from '../run-command.ts';
import { holdSchedule } from '../schedule/change-schedule.ts';
import { type CreatePlanInput, nothingFair } from './create-plan.ts';

/** Plans of a schedule that may be asked for at once. */
export const PLAN_JOBS_PER_SCHEDULE = 5;

/**
 * Asks the planners for a plan of a schedule, and of those that share its people, as a draft. It is made whatever
 * becomes of this process; its job says how far it is.
 */
export function requestPlan(
  context: CommandContext,
  input: CreatePlanInput,
): Promise<CommandResult<{ readonly id: string }>> {
  const { schedule, keep = 'published', seed = null } = input;
  return runCommand(context, { name: 'requestPlan', input }, async (tx) => {
    const held = await holdSchedule(tx, schedule);
    if (!held.ok) return held.error.reason === 'schedule/retired' ? nothingFair(schedule) : held;
    const refused = await refuseUnlessManager(tx, context.caller, schedule);
    if (refused !== null) return refused;
    if (!(await fairSchedules(tx)).includes(schedule)) return nothingFair(schedule);
    const open = await openPlanJobs(tx, schedule);
    if (open.length >= PLAN_JOBS_PER_SCHEDULE) {
      return refuse('limit', 'plan/too-many-jobs', {
        message: `${open.length} plans of the schedule "${schedule}" are being made: ${open.join(', ')}. Wait until one of them is done.`,
      });
    }
    const id = newId('pjb');
    const requestedAt = await clockNow(tx);
    await addPlanJob(tx, { id, schedule, keep, seed, requestedBy: context.actor, requestedAt });
    return done({ id });
  });
}
