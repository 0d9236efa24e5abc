import { ENGINE_VERSION, type Instant } from '@watchbill/core';
import {
  addPlan,
  holdPlan,
  lockSchedules,
  newId,
  plansInForce,
  type ScheduleRow,
  samePlan,
  type Transaction,
  type WholePlanRow,
} from '@watchbill/database';
import type { CommandError } from '../command.ts';
import { targetOf } from '../horizon/sync-target.ts';
import { type CommandContext, type CommandOutcome, done, refuse } from '../run-command.ts';
import { planTargets } from '../schedule/plan-apply.ts';
import { decideTurns, leftTurns, turnsOf } from './decide-turns.ts';
import type { MadePlan } from './make-draft.ts';
import { TZDATA } from './planner.ts';

/** The schedules of a plan, held by this transaction. */
export interface HeldPlan {
  readonly rows: readonly ScheduleRow[];
}

/** Locks the schedules of a plan and refuses when one has changed since the plan was made. */
export async function holdBasis(
  tx: Transaction,
  members: readonly { readonly schedule: string; readonly revision: number; readonly base: string | null }[],
): Promise<
  { readonly ok: true; readonly value: HeldPlan } | { readonly ok: false; readonly error: CommandError }
> {
  const ids = members.map((member) => member.schedule);
  const rows = await lockSchedules(tx, ids);
  const bases = new Map((await plansInForce(tx, ids)).map((row) => [row.schedule, row.plan]));
  const byId = new Map(rows.map((row) => [row.id, row]));
  const changed = members.filter(({ schedule, revision, base }) => {
    const row = byId.get(schedule);
    return row?.revision !== revision || row.retiredAt !== null || (bases.get(schedule) ?? null) !== base;
  });
  if (changed.length === 0) return { ok: true, value: { rows } };
  const names = changed.map((member) => `"${member.schedule}"`).join(', ');
  return refuse('conflict', 'plan/outdated', {
    message: `Another revision or another plan of ${names} came into force since this plan was made. Make a new plan.`,
  });
}

export interface StoredDraft {
  readonly plan: WholePlanRow;
  /** False when a plan of the same input was there already. */
  readonly made: boolean;
}

/** Stores a made plan as a draft, or finds the one that was made of the same input. The schedules must be held. */
export async function storeDraft(
  tx: Transaction,
  { inputs, outcome, changes }: MadePlan,
  by: {
    readonly context: CommandContext;
    readonly held: HeldPlan;
    readonly reason: string;
    readonly now: Instant;
  },
): Promise<CommandOutcome<StoredDraft>> {
  const { members, problems, horizon, inputHash } = inputs;
  const [first] = problems;
  const ids = members.map((member) => member.schedule);
  const same = await samePlan(tx, ids, inputHash);
  if (same !== null) return done({ plan: same, made: false });
  const difference = await differenceOf(tx, { inputs, outcome, changes }, by);
  if (!difference.ok) return difference;
  const id = newId('pln');
  await addPlan(
    tx,
    {
      id,
      startsAt: horizon.start,
      endsAt: horizon.end,
      seed: first?.seed ?? 0,
      weights: first?.weights ?? {},
      engine: ENGINE_VERSION,
      tzdata: TZDATA,
      inputHash,
      value: outcome.value,
      bound: outcome.bound,
      reason: by.reason,
      createdBy: by.context.actor,
      createdAt: by.now,
      file: outcome.file,
      changes,
      assignment: outcome.assignment,
      problem: problems,
      difference: difference.value,
    },
    members,
  );
  const stored = await holdPlan(tx, id);
  if (stored === null) throw new Error(`the plan ${id} was not stored`);
  return done({ plan: stored, made: true });
}

/** What publishing a plan would change now: shifts by schedule, load by person. */
async function differenceOf(
  tx: Transaction,
  { inputs, outcome }: MadePlan,
  {
    context,
    held,
    now,
  }: { readonly context: CommandContext; readonly held: HeldPlan; readonly now: Instant },
): Promise<CommandOutcome<object>> {
  const made = turnsOf(inputs.problems, outcome.assignment);
  const left = leftTurns(inputs.problems, outcome.assignment);
  const rows = new Map(held.rows.map((row) => [row.id, row]));
  const targets = inputs.members.flatMap(({ schedule, meaning, countsFrom }) => {
    const row = rows.get(schedule);
    if (row === undefined) return [];
    const own = made.filter((turn) => turn.schedule === schedule);
    const { kept, added } = decideTurns(meaning.turns, own, { now, countsFrom, left });
    const after = { ...meaning, turns: [...kept, ...added] };
    return [targetOf(row, after, { now, reason: 'plan', horizon: context.horizon })];
  });
  const planned = await planTargets(tx, targets, { people: [], now });
  if (!planned.ok) return planned;
  const { counts, changesByPerson } = planned.value;
  return done({ schedules: counts.map(({ id, shifts }) => ({ id, shifts })), people: changesByPerson });
}
