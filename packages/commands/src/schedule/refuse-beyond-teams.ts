import type { Queryable } from '@watchbill/database';
import { mayManage, mayManageTeam } from '../access/caller.ts';
import type { Caller, CommandError } from '../command.ts';
import { refuse } from '../run-command.ts';
import type { ScheduleApply } from './decide-apply.ts';

/** What a configuration would change. */
export interface AskedChanges {
  readonly applies: readonly ScheduleApply[];
  readonly people: readonly { readonly id: string }[];
  readonly teams: readonly { readonly id: string }[];
  readonly policies: readonly { readonly id: string }[];
}

/**
 * Refuses a caller whose configuration changes more than the schedules of the teams they manage: neither people nor
 * teams nor policies, and no schedule taken from or given to somebody else's team.
 */
export async function refuseBeyondTeams(
  queryable: Queryable,
  caller: Caller | undefined,
  { applies, people, teams, policies }: AskedChanges,
): Promise<{ readonly ok: false; readonly error: CommandError } | null> {
  if (caller === undefined) return null;
  const beyond = [
    ...people.map(({ id }) => `the person "${id}"`),
    ...teams.map(({ id }) => `the team "${id}"`),
    ...policies.map(({ id }) => `the escalation policy "${id}"`),
  ];
  for (const { checked, revision } of applies) {
    const isNew = revision.revision === 1;
    const before = isNew || (await mayManage(queryable, caller, checked.id));
    if (!before || !(await mayManageTeam(queryable, caller, checked.team))) {
      beyond.push(`the schedule "${checked.id}"`);
    }
  }
  if (beyond.length === 0) return null;
  const named = beyond.slice(0, 5).join(', ');
  return refuse('forbidden', 'access/managers-only', {
    message: `It would also change ${named}${beyond.length > 5 ? ' and more' : ''}. You may change the schedules of the teams that you manage; ask an admin for the rest.`,
  });
}
