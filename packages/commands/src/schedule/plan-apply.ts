import {
  type HolidayCalendar,
  type Instant,
  type LocalHours,
  makePerson,
  type PersonSummary,
  type Shift,
  summariseByPerson,
  usualHours,
} from '@watchbill/core';
import { type PersonRow, type Queryable, readPeople } from '@watchbill/database';
import {
  countShifts,
  planSync,
  readStoredTime,
  type SyncPlan,
  type SyncTarget,
} from '../horizon/plan-sync.ts';
import { planOrRefuse } from '../horizon/sync-target.ts';
import { type CommandOutcome, done } from '../run-command.ts';
import type { AppliedSchedule, ConfigurationDraft } from './configuration-draft.ts';
import type { ScheduleApply } from './decide-apply.ts';

/** Schedules whose stored shifts are read with one statement. */
const SCHEDULES_PER_READ = 50;

export interface PlannedApply {
  /** In the order of what was asked. */
  readonly plans: readonly SyncPlan[];
  readonly counts: readonly AppliedSchedule[];
  readonly changesByPerson: readonly PersonSummary[];
}

interface PlanContext {
  /** People as they will be, where that is not stored yet. */
  readonly people: ConfigurationDraft['people'];
  readonly now: Instant;
}

/** Plans every changed schedule and says what that means for whom. Reads only. */
export function planApply(
  queryable: Queryable,
  applies: readonly ScheduleApply[],
  context: { readonly configuration: ConfigurationDraft; readonly now: Instant },
): Promise<CommandOutcome<PlannedApply>> {
  const targets = applies.map(({ target }) => target);
  return planTargets(queryable, targets, { people: context.configuration.people, now: context.now });
}

/** Plans how to bring schedules in line, and says what that means for whom. Reads only. */
export async function planTargets(
  queryable: Queryable,
  targets: readonly SyncTarget[],
  context: PlanContext,
): Promise<CommandOutcome<PlannedApply>> {
  const { now } = context;
  const plans: SyncPlan[] = [];
  const before: Shift[] = [];
  for (let first = 0; first < targets.length; first += SCHEDULES_PER_READ) {
    const batch = targets.slice(first, first + SCHEDULES_PER_READ);
    const ids = batch.map((target) => target.id);
    const stored = await readStoredTime(queryable, ids, now);
    for (const target of batch) {
      const plan = planOrRefuse(() => planSync(target, stored(target.id), now));
      if (!plan.ok) return plan;
      plans.push(plan.value);
      before.push(...clipped(stored(target.id).shifts, windowOf(plan.value, now)));
    }
  }
  const counts = plans.map((plan) => ({
    id: plan.target.id,
    revision: plan.target.revision,
    changed: true,
    shifts: countShifts(plan),
  }));
  return done({
    plans,
    counts,
    changesByPerson: await changesByPerson(queryable, { plans, before }, context),
  });
}

/** Where a schedule was planned before, the two plans are compared; a new one is told for its whole horizon. */
function windowOf({ target }: SyncPlan, now: Instant): { start: Instant; end: Instant } {
  const known = target.knownUntil ?? now;
  return { start: now, end: known > now ? known : target.horizonUntil };
}

function clipped(shifts: readonly Shift[], window: { start: Instant; end: Instant }): Shift[] {
  return shifts.flatMap((shift) => {
    const start = Math.max(shift.start, window.start);
    const end = Math.min(shift.end, window.end);
    return start < end ? [{ ...shift, start, end }] : [];
  });
}

type PersonHours = LocalHours & { readonly id: string };

/** When somebody sleeps and which days are their weekend; the usual ones where what is said of them is not valid. */
function hoursOf({
  id,
  name,
  timeZone,
  definition,
}: Pick<PersonRow, 'id' | 'name' | 'timeZone' | 'definition'>): PersonHours {
  const made = makePerson({ ...definition, id, name, timeZone }, { holidayCalendar: placeOnly });
  return { id, ...(made.ok ? made.value : usualHours(timeZone)), timeZone };
}

/** A weekend follows from the place of somebody's holidays, not from their dates. */
function placeOnly(place: string): HolidayCalendar {
  return { id: place, source: 'none', dates: [] };
}

async function changesByPerson(
  queryable: Queryable,
  { plans, before }: { readonly plans: readonly SyncPlan[]; readonly before: readonly Shift[] },
  { people: coming, now }: PlanContext,
): Promise<PersonSummary[]> {
  const touched = new Set<string>();
  const after: Shift[] = [];
  for (const plan of plans) {
    const window = windowOf(plan, now);
    const { kept, changed, added, cancelled } = plan.shifts;
    const rows = [...kept, ...changed.map((change) => change.after), ...added];
    after.push(...clipped(rows, window));
    const others = [
      ...changed.filter((change) => change.told).map(({ after }) => after),
      ...added,
      ...cancelled,
    ];
    for (const shift of clipped(others, window)) touched.add(shift.person);
    // A shift that ends now has no part left in the window.
    for (const { after } of changed) if (after.end <= now) touched.add(after.person);
  }
  // What the configuration says of a person goes before what is stored.
  const people = [...(await readPeople(queryable, [...touched])), ...coming];
  const times = { timeZone: 'UTC', people: people.map(hoursOf) };
  const summary = summariseByPerson({ shifts: before }, { shifts: after }, times);
  return summary.filter(({ person }) => touched.has(person));
}
