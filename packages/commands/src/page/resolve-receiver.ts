import { defaultPolicy, type EscalationPolicy, schedulesOf } from '@watchbill/core';
import { type Queryable, readEscalationPolicies, scheduleReceiver } from '@watchbill/database';
import { type CommandOutcome, done, refuse } from '../run-command.ts';

/** Whom a page goes to: its policy as it is right now. */
export interface Receiver {
  readonly policyKey: string;
  readonly policy: string | null;
  readonly schedule: string | null;
  readonly escalation: EscalationPolicy;
}

/** The receiver that a policy gives; refuses an unknown one. Its events go with the first schedule that it names. */
export async function policyReceiver(
  queryable: Queryable,
  policy: string,
): Promise<CommandOutcome<Receiver>> {
  const [row] = await readEscalationPolicies(queryable, [policy]);
  if (row === undefined) {
    return refuse('not_found', 'policy/unknown', {
      message: `There is no escalation policy "${policy}". Apply a configuration that names it.`,
    });
  }
  const [schedule = null] = schedulesOf(row.policy);
  return done({ policyKey: policy, policy, schedule, escalation: row.policy });
}

/**
 * The receiver that a schedule gives: the policy of the same id, else a default one of its roles and the managers of
 * its team. A retired schedule gives one too: nobody is on call, but its managers can still be told.
 */
export async function receiverOfSchedule(
  queryable: Queryable,
  schedule: string,
): Promise<CommandOutcome<Receiver>> {
  const found = await scheduleReceiver(queryable, schedule);
  if (found === null) {
    return refuse('not_found', 'schedule/unknown', {
      message: `There is no schedule "${schedule}". Apply a configuration that names it.`,
    });
  }
  const { policy, roles, managers } = found;
  if (policy !== null) return done({ policyKey: policy.id, policy: policy.id, schedule, escalation: policy });
  const escalation = defaultPolicy(schedule, { roles, managers });
  return done({ policyKey: `schedule.${schedule}`, policy: null, schedule, escalation });
}
