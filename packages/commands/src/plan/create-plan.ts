import { clockNow, schedulesOfPlan, type Transaction } from '@watchbill/database';
import { refuseUnlessManager } from '../access/caller.ts';
import type { CommandResult } from '../command.ts';
import { type CommandContext, type CommandOutcome, done, refuse, runCommand } from '../run-command.ts';
import { type MadePlan, makeDraft } from './make-draft.ts';
import type { PlanTools } from './planner.ts';
import type { Keep } from './read-plan-inputs.ts';
import { PlannerFailedError } from './start-planner.ts';
import { holdBasis, storeDraft } from './store-plan.ts';

export interface CreatePlanInput {
  readonly schedule: string;
  /** What of the plan in force is kept; `published` unless said. */
  readonly keep?: Keep | undefined;
  /** Another seed gives another plan of the same quality; by default it follows from the schedules and the start. */
  readonly seed?: number | undefined;
}

export interface CreatedPlan {
  readonly id: string;
  readonly schedule: string;
  readonly version: number;
  /** False when a plan of the same input was there already. */
  readonly made: boolean;
}

/**
 * Makes a plan of a schedule, and of those that share its people, as a draft that changes nothing yet. The same input
 * gives the same plan, byte for byte, and no new version.
 */
export async function createPlan(
  context: CommandContext,
  input: CreatePlanInput,
  tools: PlanTools,
): Promise<CommandResult<CreatedPlan>> {
  const { schedule, keep = 'published', seed } = input;
  const wish = { schedule, keep, seed, horizon: context.horizon };
  // Before the work, which is long.
  const refused = await refuseUnlessManager(context.database, context.caller, schedule);
  if (refused !== null) return refused;
  const attempt = await draftOrRefusal(() => makeDraft(context.database, wish, tools));
  return runCommand(context, { name: 'createPlan', input }, async (tx) =>
    attempt.ok ? storeMade(tx, attempt.value, { schedule, context }) : attempt,
  );
}

/** Stores what was made on request, or refuses where there was nothing to plan or something changed meanwhile. */
export async function storeMade(
  tx: Transaction,
  made: MadePlan | null,
  by: { readonly schedule: string; readonly context: CommandContext },
): Promise<CommandOutcome<CreatedPlan>> {
  const { schedule, context } = by;
  if (made === null) return nothingFair(schedule);
  const held = await holdBasis(tx, made.inputs.members);
  if (!held.ok) return held;
  const now = await clockNow(tx);
  const stored = await storeDraft(tx, made, { context, held: held.value, reason: 'request', now });
  if (!stored.ok) return stored;
  const { plan, made: isNew } = stored.value;
  const member = (await schedulesOfPlan(tx, plan.id)).find((row) => row.schedule === schedule);
  return done({ id: plan.id, schedule, version: member?.version ?? 0, made: isNew });
}

export function nothingFair(schedule: string) {
  return refuse('conflict', 'plan/no-fair-rotation', {
    message: `The schedule "${schedule}" is retired, or has no rotation with \`strategy: fair\` and people in it.`,
  });
}

/** A problem beyond the planner's limits is for whoever asked to mend; one that breaks it must not be lost. */
export async function draftOrRefusal<T>(make: () => Promise<T>) {
  try {
    return done(await make());
  } catch (error) {
    if (error instanceof RangeError) return refuse('limit', 'plan/too-large', { message: error.message });
    if (!(error instanceof PlannerFailedError)) throw error;
    return refuse('conflict', 'plan/planner-failed', {
      message: `${error.message} Nothing was planned. Try again; if it happens again, plan fewer turns or people together.`,
    });
  }
}
