import {
  burdenOf,
  DEFAULT_WEIGHTS,
  entitlementOf,
  type Interval,
  type PersonBurden,
  type PlanProblem,
  type PlanWeights,
  planPersonOf,
  type Schedule,
} from '@watchbill/core';
import {
  findPlan,
  plannedPlaces,
  plansInForce,
  type Queryable,
  revisionsFrom,
  type StoodShiftRow,
  shiftsStood,
} from '@watchbill/database';
import { versionOf } from '../schedule/load-schedule.ts';
import { fairPeople } from './fair-group.ts';
import type { PlanTools } from './planner.ts';
import { readPlanPeople } from './read-plan-people.ts';

/** What one person stood in a window, and is due of it. Burden and `carried` are in units; 16 are one core hour. */
export interface StoodBurden extends PersonBurden {
  /** 1 is a full load over the whole window; 0 for somebody who is in no roster and stood in. */
  readonly entitlement: number;
  /** The ledger's account. */
  readonly carried: number;
}

/** Shifts of one answer at most. */
export const SHIFTS_PER_BURDEN = 100_000;

/**
 * What people really stood in a window, by the stored shifts after overrides: of fair rotations (and overrides in
 * their roles), or of everything. Throws a RangeError for more shifts than one answer takes.
 */
export async function readBurden(
  queryable: Queryable,
  want: {
    readonly schedules: readonly Schedule[];
    readonly window: Interval;
    readonly fairOnly: boolean;
    readonly weights: PlanWeights;
  },
  tools: Pick<PlanTools, 'holidayCalendar'>,
): Promise<StoodBurden[]> {
  const { schedules, window, weights } = want;
  const ids = schedules.map((schedule) => schedule.id);
  const rows = await shiftsStood(queryable, ids, { window, limit: SHIFTS_PER_BURDEN + 1 });
  if (rows.length > SHIFTS_PER_BURDEN) {
    throw new RangeError(`The window holds more than ${SHIFTS_PER_BURDEN} shifts. Ask for a shorter one.`);
  }
  const shifts = want.fairOnly ? rows.filter(await inFairRotation(queryable, want, rows)) : rows;
  const then = want.fairOnly ? await versionsThen(queryable, ids, window) : [];
  const rosters = new Set([...schedules, ...then].flatMap(want.fairOnly ? fairPeople : everybody));
  const known = await readPlanPeople(queryable, [...rosters, ...shifts.map((shift) => shift.person)], {
    schedules: ids,
    from: window.start,
    holidayCalendar: tools.holidayCalendar,
  });
  const people = known.people.map((person) => planPersonOf(person, known));
  const byId = new Map(people.map((person) => [person.id, person]));
  return burdenOf(shifts, people, { window, weights }).map((burden) => {
    const person = byId.get(burden.person);
    const due = person !== undefined && rosters.has(person.id);
    return {
      ...burden,
      entitlement: due ? entitlementOf(person, window) : 0,
      carried: known.carried.get(burden.person) ?? 0,
    };
  });
}

function everybody(schedule: Schedule): string[] {
  return schedule.rotations.flatMap(({ strategy }) => {
    if (strategy.kind === 'in_order') return strategy.roster.flat();
    return strategy.kind === 'fair' ? strategy.roster : strategy.turns.flatMap((turn) => turn.people);
  });
}

/** What the schedules meant in a window. */
async function versionsThen(
  queryable: Queryable,
  ids: readonly string[],
  window: Interval,
): Promise<Schedule[]> {
  const rows = await revisionsFrom(queryable, ids, window.start);
  return rows.filter((row) => row.effectiveAt < window.end).map((row) => versionOf(row, []).schedule);
}

/** Of rotations that are fair, or that a plan had turns of in the window; overrides in their roles too. */
async function inFairRotation(
  queryable: Queryable,
  { schedules, window }: { readonly schedules: readonly Schedule[]; readonly window: Interval },
  shifts: readonly StoodShiftRow[],
): Promise<(shift: StoodShiftRow) => boolean> {
  const ids = schedules.map((schedule) => schedule.id);
  const planned = await plannedPlaces(queryable, ids, window);
  const rotations = new Set(planned.map(({ schedule, rotation }) => `${schedule} ${rotation}`));
  const roles = new Set<string>();
  for (const { id, rotations: all } of schedules) {
    for (const rotation of all) {
      if (rotation.strategy.kind !== 'fair') continue;
      rotations.add(`${id} ${rotation.id}`);
      roles.add(`${id} ${rotation.role}`);
    }
  }
  // A rotation that is gone by now had the role that its shifts have.
  for (const { schedule, rotation, role } of shifts) {
    if (rotations.has(`${schedule} ${rotation}`)) roles.add(`${schedule} ${role}`);
  }
  return ({ schedule, rotation, role }) =>
    rotation === null ? roles.has(`${schedule} ${role}`) : rotations.has(`${schedule} ${rotation}`);
}

/** The weights of the plans in force for these schedules; the default ones where there is none. */
export async function weightsInForce(queryable: Queryable, ids: readonly string[]): Promise<PlanWeights> {
  const members = new Map((await plansInForce(queryable, ids)).map((row) => [row.plan, row]));
  const problems: PlanProblem[] = [];
  for (const { schedule, version } of members.values()) {
    const plan = await findPlan(queryable, schedule, version);
    problems.push(...((plan?.problem ?? []) as readonly PlanProblem[]));
  }
  const [first] = problems;
  if (first === undefined) return DEFAULT_WEIGHTS;
  return { ...first.weights, roles: Object.assign({}, ...problems.map(({ weights }) => weights.roles)) };
}
