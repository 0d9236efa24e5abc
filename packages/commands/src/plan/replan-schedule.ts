import type { Instant } from '@watchbill/core';
import {
  clockNow,
  finishPlanRequests,
  planRequestsOf,
  plansInForce,
  schedulesOfPlan,
  type Transaction,
} from '@watchbill/database';
import type { CommandResult } from '../command.ts';
import { type CommandContext, type CommandOutcome, done, refuse, runCommand } from '../run-command.ts';
import { draftOrRefusal } from './create-plan.ts';
import { decideTurns, leftTurns, turnsOf } from './decide-turns.ts';
import { type MadePlan, makeDraft } from './make-draft.ts';
import type { PlanTools } from './planner.ts';
import { type PublishedSchedule, putInForce } from './put-in-force.ts';
import type { Keep } from './read-plan-inputs.ts';
import { holdBasis, storeDraft } from './store-plan.ts';

export interface ReplanInput {
  readonly schedule: string;
  /** Why, for the record: `absence`, `people`, `configuration`, `override`, `horizon`. */
  readonly reason: string;
}

export interface Replanned {
  /** Null when there is nothing to plan: the schedule has no fair rotation any more. */
  readonly plan: string | null;
  /** Empty when the plan in force is the same. */
  readonly schedules: readonly PublishedSchedule[];
}

/** Whatever the reason: only what must change changes, unless the meaning of the schedule is another one. */
const KEEP: Readonly<Record<string, Keep>> = { configuration: 'published' };

/**
 * Makes a plan that keeps what can stand and publishes it at once; the first plan of a schedule too. Meets all wishes
 * for a plan of the schedules that are planned together. Refuses with `plan/outdated` when they changed meanwhile.
 */
export async function replanSchedule(
  context: CommandContext,
  input: ReplanInput,
  tools: PlanTools,
): Promise<CommandResult<Replanned>> {
  const keep = KEEP[input.reason] ?? 'all';
  const wish = { schedule: input.schedule, keep, horizon: context.horizon };
  const attempt = await draftOrRefusal(() => makeDraft(context.database, wish, tools));
  return runCommand(context, { name: 'replanSchedule', input }, async (tx) => {
    if (!attempt.ok) return attempt;
    if (attempt.value === null) {
      await finishPlanRequests(tx, await planRequestsOf(tx, [input.schedule]));
      return done({ plan: null, schedules: [] });
    }
    return publishMade(tx, attempt.value, { context, reason: input.reason });
  });
}

async function publishMade(
  tx: Transaction,
  made: MadePlan,
  by: { readonly context: CommandContext; readonly reason: string },
): Promise<CommandOutcome<Replanned>> {
  const { members: basis, requests } = made.inputs;
  const held = await holdBasis(tx, basis);
  if (!held.ok) return held;
  const now = await clockNow(tx);
  if (by.reason !== 'horizon' && changesNothing(made, now)) {
    await finishPlanRequests(tx, requests);
    return done({ plan: basis[0]?.base ?? null, schedules: [] });
  }
  const stored = await storeDraft(tx, made, { ...by, held: held.value, now });
  if (!stored.ok) return stored;
  const { plan } = stored.value;
  await finishPlanRequests(tx, requests);
  const ids = basis.map((member) => member.schedule);
  const inForce = await plansInForce(tx, ids);
  if (inForce.length === ids.length && inForce.every((row) => row.plan === plan.id)) {
    return done({ plan: plan.id, schedules: [] });
  }
  if (plan.status !== 'draft') {
    return refuse('conflict', 'plan/outdated', {
      message: 'The same plan is in force for a part of its schedules.',
    });
  }
  const members = await schedulesOfPlan(tx, plan.id);
  const rows = held.value.rows;
  const published = await putInForce(tx, { plan, members, rows, now, context: by.context });
  if (!published.ok) return published;
  return done({ plan: plan.id, schedules: published.value });
}

/** Whether the turns in force are those of the plan already. */
function changesNothing({ inputs, outcome }: MadePlan, now: Instant): boolean {
  const made = turnsOf(inputs.problems, outcome.assignment);
  const left = leftTurns(inputs.problems, outcome.assignment);
  return inputs.members.every(({ schedule, base, countsFrom, meaning }) => {
    const own = made.filter((turn) => turn.schedule === schedule);
    const { kept, added } = decideTurns(meaning.turns, own, { now, countsFrom, left });
    const text = ({ unit, person, intervals }: (typeof kept)[number]) =>
      [unit, person, ...intervals.flatMap(({ start, end }) => [start, end])].join(' ');
    const before = new Set(meaning.turns.map(text));
    return (
      base !== null &&
      kept.length + added.length === meaning.turns.length &&
      added.every((turn) => before.has(text(turn)))
    );
  });
}
