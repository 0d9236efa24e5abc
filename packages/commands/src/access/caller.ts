import type { TeamDraft } from '@watchbill/core';
import {
  type Queryable,
  readNames,
  readTeams,
  type TeamRow,
  teamOfSchedule,
  teamsOfPerson,
} from '@watchbill/database';
import type { Caller, CommandError } from '../command.ts';
import { refuse } from '../run-command.ts';

type Refusal = { readonly ok: false; readonly error: CommandError };

/**
 * Whether a caller may change a schedule as its manager. Without a caller it is the product itself or an API token,
 * whose scope was checked at the door.
 */
export async function mayManage(
  queryable: Queryable,
  caller: Caller | undefined,
  schedule: string,
): Promise<boolean> {
  if (caller === undefined) return true;
  return isManager(await teamOfSchedule(queryable, schedule), caller.person);
}

/** Whether a caller manages a team as it is stored; a schedule without a team is an admin's. */
export async function mayManageTeam(
  queryable: Queryable,
  caller: Caller | undefined,
  team: string | null,
): Promise<boolean> {
  if (caller === undefined) return true;
  if (team === null) return false;
  const [row] = await readTeams(queryable, [team]);
  return isManager(row ?? null, caller.person);
}

/** Refuses a caller who is not a manager of the schedule's team. */
export async function refuseUnlessManager(
  queryable: Queryable,
  caller: Caller | undefined,
  schedule: string,
): Promise<Refusal | null> {
  if (await mayManage(queryable, caller, schedule)) return null;
  const team = await teamOfSchedule(queryable, schedule);
  const managers = (team?.definition as TeamDraft | undefined)?.managers ?? [];
  const names = await readNames(queryable, managers);
  const asked = managers.map((id) => names.get(id) ?? id);
  return refuse('forbidden', 'access/managers-only', { message: managersOnly(schedule, team, asked) });
}

/** Refuses a caller who does not manage every one of several schedules: a plan of theirs belongs to all of them. */
export async function refuseUnlessManagerOfAll(
  queryable: Queryable,
  caller: Caller | undefined,
  members: readonly { readonly schedule: string }[],
): Promise<Refusal | null> {
  for (const { schedule } of members) {
    const refused = await refuseUnlessManager(queryable, caller, schedule);
    if (refused !== null) return refused;
  }
  return null;
}

/**
 * Refuses a caller who acts for somebody else without being a manager: of the schedule's team, or, where no schedule
 * is named, of a team that the person is in.
 */
export async function ownOrManager(
  queryable: Queryable,
  caller: Caller | undefined,
  subject: { readonly person: string; readonly schedule: string | null },
): Promise<Refusal | null> {
  if (caller === undefined || caller.person === subject.person) return null;
  const manages =
    subject.schedule === null
      ? (await teamsOfPerson(queryable, subject.person)).some((team) => isManager(team, caller.person))
      : await mayManage(queryable, caller, subject.schedule);
  if (manages) return null;
  return refuse('forbidden', 'access/not-yours', {
    message: 'Only the person themselves or a manager of their team may do that. Ask one of them.',
  });
}

function isManager(team: TeamRow | null, person: string): boolean {
  return ((team?.definition as TeamDraft | undefined)?.managers ?? []).includes(person);
}

function managersOnly(schedule: string, team: TeamRow | null, managers: readonly string[]): string {
  if (team === null) {
    return `Only a manager may do that, and the schedule "${schedule}" belongs to no team. Name its team in the configuration.`;
  }
  if (managers.length > 0) return `Only a manager of ${team.name} may do that. Ask ${managers.join(', ')}.`;
  return `Only a manager may do that, and the team ${team.name} has none. Name its managers in the configuration.`;
}
