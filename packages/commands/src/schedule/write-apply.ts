import type { Instant } from '@watchbill/core';
import {
  addConfigurationRevision,
  addRevisions,
  cancelOverrides,
  type EscalationPolicyRow,
  isoInstant,
  type NewEvent,
  type PersonRow,
  type RevisionRow,
  revisionsFrom,
  saveEscalationPolicies,
  saveOverrides,
  savePeople,
  saveSchedules,
  saveTeams,
  type TeamRow,
  type Transaction,
} from '@watchbill/database';
import { canonicalJson } from '../canonical-json.ts';
import { countShifts, type SyncPlan } from '../horizon/plan-sync.ts';
import { syncHorizon } from '../horizon/sync-horizon.ts';
import { requestReplans } from '../plan/request-replans.ts';
import type { ApplyMoment, ScheduleApply } from './decide-apply.ts';

/** Schedules whose shifts are written together. */
const SCHEDULES_PER_WRITE = 50;

export interface ApplyWrites {
  readonly people: readonly PersonRow[];
  readonly teams: readonly TeamRow[];
  readonly policies: readonly EscalationPolicyRow[];
  readonly applies: readonly ScheduleApply[];
  /** One for each of `applies`, in their order. */
  readonly plans: readonly SyncPlan[];
  readonly revision: number;
  readonly source: string;
}

/** Writes everything that an apply changes. */
export async function writeApply(tx: Transaction, writes: ApplyWrites, moment: ApplyMoment): Promise<void> {
  const { applies, plans, revision, source } = writes;
  const { now, actor } = moment;
  await savePeople(tx, writes.people, now);
  await saveTeams(tx, writes.teams, now);
  await addConfigurationRevision(tx, { revision, source, appliedBy: actor, appliedAt: now });
  await saveEscalationPolicies(tx, writes.policies, { revision, now });
  const fair = await fairlyChanged(tx, applies, now);
  const rows = applies.map(({ checked, revision: { revision } }) => ({ ...checked, revision }));
  await saveSchedules(tx, rows, now);
  const revisions = applies.map((apply) => apply.revision);
  await addRevisions(tx, revisions, revision);
  const cancelled = applies.flatMap(({ checked, overrides }) =>
    overrides.cancelled.map((id) => ({ schedule: checked.id, id })),
  );
  await cancelOverrides(tx, cancelled, now);
  const saved = applies.flatMap(({ overrides }) => overrides.saved);
  await saveOverrides(tx, saved, now);
  const bySchedule = new Map(applies.map((apply) => [apply.checked.id, apply]));
  const announce = (plan: SyncPlan) => announcements(bySchedule.get(plan.target.id), plan, moment);
  for (let first = 0; first < plans.length; first += SCHEDULES_PER_WRITE) {
    await syncHorizon(tx, plans.slice(first, first + SCHEDULES_PER_WRITE), {
      now,
      leadMinutes: moment.horizon.leadMinutes,
      announce,
    });
  }
  const people = writes.people.map((person) => person.id);
  await requestReplans(tx, { people, schedules: [] }, { reason: 'people', now });
  const freed = [...new Set(cancelled.map(({ schedule }) => schedule))];
  await requestReplans(tx, { people: [], schedules: freed }, { reason: 'override', now });
  await requestReplans(tx, { people: [], schedules: fair }, { reason: 'configuration', now });
}

/** The schedules whose fair rotations mean something else than before. Those that are new or were out of use are among them. */
async function fairlyChanged(
  tx: Transaction,
  applies: readonly ScheduleApply[],
  now: Instant,
): Promise<string[]> {
  const ids = applies.map((apply) => apply.checked.id);
  const newest = new Map((await revisionsFrom(tx, ids, now)).map((row) => [row.schedule, row]));
  return applies.flatMap(({ checked: { id }, revision, revived }) => {
    const before = newest.get(id);
    return !revived && before !== undefined && fairMeaning(before) === fairMeaning(revision) ? [] : [id];
  });
}

function fairMeaning({ definition, holidays }: RevisionRow): string {
  const { timeZone, roles, coreHours, rotations } = definition;
  const fair = rotations.filter((rotation) => rotation.strategy === 'fair');
  return canonicalJson([timeZone, roles, coreHours, fair, fair.length > 0 ? holidays : []]);
}

function announcements(
  apply: ScheduleApply | undefined,
  plan: SyncPlan,
  { now, actor }: ApplyMoment,
): NewEvent[] {
  if (apply === undefined) return [];
  const { schedule, revision, effectiveAt } = apply.revision;
  const published: NewEvent = {
    key: `schedule.published.${schedule}.${revision}`,
    type: 'schedule.published',
    schedule,
    occurredAt: now,
    publishedAt: now,
    data: {
      schedule,
      revision,
      effectiveAt: isoInstant(effectiveAt),
      publishedBy: actor,
      shifts: countShifts(plan),
    },
  };
  return [published];
}
