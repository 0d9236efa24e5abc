import { hoursIn, type PersonId, type Situation, schedulesOf, withAssigned } from '@watchbill/core';
import {
  lockRoundRobins,
  type PageMoment,
  type PageRow,
  type RoleOnCall,
  rolesOnCall,
  type Transaction,
} from '@watchbill/database';
import { groupBy } from '../group-by.ts';
import { loadSchedule } from '../schedule/load-schedule.ts';
import { type PersonWay, waysOfPeople } from './ways-of-people.ts';

/** What `advance` asks about the world, and the ways of everybody who may be told. */
export interface ReadSituation {
  readonly situation: Situation;
  readonly ways: ReadonlyMap<PersonId, readonly PersonWay[]>;
}

/** Reads what is true right now for a page: who is on call by the stored shifts, who can be told, whose turn it is. */
export async function readSituation(
  tx: Transaction,
  page: PageRow,
  moment: PageMoment,
): Promise<ReadSituation> {
  const policy = withAssigned(page.escalation, page.assignedTo);
  const rows = await rolesOnCall(tx, schedulesOf(policy), moment.scheduled);
  const byRole = groupBy(rows, roleKey);
  const targets = [...policy.steps.flatMap((step) => step.targets), ...policy.lastResort];
  const named = targets.flatMap((target) => (target.kind === 'person' ? [target.person] : []));
  const people = [...new Set([...rows.map((row) => row.person), ...named])];
  const ways = await waysOfPeople(tx, people, { urgency: page.urgency, now: moment.now });
  const coreHours = await readCoreHours(tx, page, moment);
  const turns = page.escalation.steps.flatMap((step, index) => (step.roundRobin ? [index] : []));
  const last = await lockRoundRobins(tx, page.policyKey, turns);
  return {
    ways,
    situation: {
      onCall: (schedule, role) => (byRole.get(`${schedule} ${role}`) ?? []).map((row) => row.person),
      reachable: (person) => ways.has(person),
      inCoreHours: (schedule) => coreHours.get(schedule) ?? null,
      lastTold: (step) => last.get(step) ?? null,
    },
  };
}

function roleKey({ schedule, role }: RoleOnCall): string {
  return `${schedule} ${role}`;
}

/** Whether it is core hours, by schedule, for those that some step goes by and that have any. */
async function readCoreHours(
  tx: Transaction,
  page: PageRow,
  { scheduled }: PageMoment,
): Promise<Map<string, boolean>> {
  const ids = new Set(page.escalation.steps.flatMap(({ hours }) => (hours === null ? [] : [hours.schedule])));
  const result = new Map<string, boolean>();
  for (const id of ids) {
    const schedule = await loadSchedule(tx, id, scheduled);
    if (schedule === null || schedule.coreHours.length === 0) continue;
    const span = { start: scheduled, end: scheduled + 1 };
    result.set(id, hoursIn({ kind: 'core' }, schedule.coreHours, span).length > 0);
  }
  return result;
}
