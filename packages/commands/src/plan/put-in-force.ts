import type { Instant, PlanProblem } from '@watchbill/core';
import {
  addPlannedTurns,
  dropPlannedTurns,
  isoInstant,
  type NewEvent,
  type PlanScheduleRow,
  putPlanInForce,
  type ScheduleRow,
  type Transaction,
  type WholePlanRow,
} from '@watchbill/database';
import { DEFAULT_HORIZON } from '../horizon/horizon-settings.ts';
import { countShifts, type ShiftCounts, type SyncPlan } from '../horizon/plan-sync.ts';
import { syncHorizon } from '../horizon/sync-horizon.ts';
import { targetOf } from '../horizon/sync-target.ts';
import { type CommandContext, type CommandOutcome, done } from '../run-command.ts';
import { readMeanings } from '../schedule/load-schedule.ts';
import { planTargets } from '../schedule/plan-apply.ts';
import { decideTurns, leftTurns, turnsOf } from './decide-turns.ts';
import { refuseGivenAway } from './refuse-given.ts';
import { turnReasons } from './turn-reasons.ts';

export interface Publishing {
  readonly plan: WholePlanRow;
  readonly members: readonly PlanScheduleRow[];
  readonly rows: readonly ScheduleRow[];
  readonly now: Instant;
  readonly context: CommandContext;
}

/** What publishing did to the shifts of a schedule. */
export interface PublishedSchedule {
  readonly schedule: string;
  readonly version: number;
  readonly shifts: ShiftCounts;
}

/**
 * Lets a plan count from now on: its turns take the place of those that have not begun, and shifts, boundaries, gaps
 * and events follow. The schedules must be held, and be as they were when the plan was made.
 */
export async function putInForce(
  tx: Transaction,
  publishing: Publishing,
): Promise<CommandOutcome<PublishedSchedule[]>> {
  const { plan, members, rows, now, context } = publishing;
  const ids = members.map((member) => member.schedule);
  const meanings = await readMeanings(tx, ids, now);
  const outdated = await refuseGivenAway(tx, meanings, { assignment: plan.assignment, now });
  if (outdated !== null) return outdated;
  const problems = plan.problem as readonly PlanProblem[];
  const made = turnsOf(problems, plan.assignment);
  const left = leftTurns(problems, plan.assignment);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const targets = [];
  for (const { schedule, countsFrom } of members) {
    const row = byId.get(schedule);
    const meaning = meanings.get(schedule);
    if (row === undefined || meaning === undefined) continue;
    const own = made.filter((turn) => turn.schedule === schedule);
    const { kept, added, dropAfter } = decideTurns(meaning.turns, own, {
      ...{ now, countsFrom, left },
    });
    await dropPlannedTurns(tx, schedule, { after: dropAfter, keep: kept.map(({ unit }) => unit) });
    await addPlannedTurns(tx, added, plan.id);
    const turnReason = turnReasons(plan.changes, [...meaning.turns, ...own]);
    const after = { ...meaning, turns: [...kept, ...added] };
    targets.push(targetOf(row, after, { now, reason: 'plan', horizon: context.horizon, turnReason }));
  }
  const planned = await planTargets(tx, targets, { people: [], now });
  if (!planned.ok) return planned;
  await putPlanInForce(tx, { id: plan.id, schedules: ids }, { actor: context.actor, now });
  const versions = new Map(members.map((member) => [member.schedule, member]));
  await syncHorizon(tx, planned.value.plans, {
    now,
    leadMinutes: (context.horizon ?? DEFAULT_HORIZON).leadMinutes,
    announce: (sync) => announcement(sync, publishing, versions.get(sync.target.id)),
  });
  return done(
    planned.value.plans.map((sync) => ({
      schedule: sync.target.id,
      version: versions.get(sync.target.id)?.version ?? 0,
      shifts: countShifts(sync),
    })),
  );
}

function announcement(
  sync: SyncPlan,
  { plan, now, context }: Publishing,
  member: PlanScheduleRow | undefined,
): NewEvent[] {
  if (member === undefined) return [];
  const { schedule, version, countsFrom } = member;
  return [
    {
      key: `schedule.published.${schedule}.${plan.id}`,
      type: 'schedule.published',
      schedule,
      occurredAt: now,
      publishedAt: now,
      data: {
        schedule,
        revision: sync.target.revision,
        effectiveAt: isoInstant(Math.max(now, countsFrom)),
        publishedBy: context.actor,
        shifts: countShifts(sync),
        plan: { id: plan.id, version, reason: plan.reason },
      },
    },
  ];
}
