import { findScheduleSummary, holdPolicy, type Queryable } from '@watchbill/database';
import type { CommandError } from '../command.ts';

/** Whom the pages of a door call: exactly one of the two. */
export interface PageTarget {
  readonly policy: string | null;
  readonly schedule: string | null;
}

/** Why pages cannot call these; null when they can. */
export async function targetProblem(
  queryable: Queryable,
  { policy, schedule }: PageTarget,
): Promise<CommandError | null> {
  if ((policy === null) === (schedule === null)) {
    const message = 'Name either an escalation policy or a schedule: whom its pages call.';
    return { code: 'invalid', reason: 'intake/target', message };
  }
  if (policy !== null && !(await holdPolicy(queryable, policy))) {
    const message = `There is no escalation policy "${policy.slice(0, 60)}" in the configuration.`;
    return { code: 'not_found', reason: 'policy/not-found', message };
  }
  if (schedule !== null && (await findScheduleSummary(queryable, schedule)) === null) {
    const message = `There is no schedule "${schedule.slice(0, 60)}".`;
    return { code: 'not_found', reason: 'schedule/not-found', message };
  }
  return null;
}
