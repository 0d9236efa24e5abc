import {
  activeScheduleIds,
  findChannelLink,
  findScheduleDetail,
  findScheduleSummary,
  type Queryable,
  type ScheduleSummaryRow,
  schedulesOfTeams,
  teamsOfPerson,
} from '@watchbill/database';
import type { Message } from '../../blocks/elements.ts';
import { schedulesMessage } from '../../blocks/who-blocks.ts';
import type { Visit } from '../desk/visit.ts';

/** As many as there can be; a word is compared with each of them. */
const SCHEDULES_KNOWN = 10_000;
const SCHEDULES_LISTED = 40;

/** The schedules that words may mean. */
export function knownSchedules(queryable: Queryable): Promise<string[]> {
  return activeScheduleIds(queryable, SCHEDULES_KNOWN);
}

/** Which schedule is meant, or what to answer where that cannot be known. */
export type MeantSchedule =
  | { readonly ok: true; readonly schedule: ScheduleSummaryRow }
  | { readonly ok: false; readonly answer: Message };

/**
 * The schedule that was named, else the channel's, else the only one there is for the visitor. A guest whom nobody
 * knows gets to see the channel's only.
 */
export async function meantSchedule(visit: Visit, named: string | null): Promise<MeantSchedule> {
  const { database } = visit.desk.deps;
  const { workspace, channel } = visit;
  const link = channel === null ? null : await findChannelLink(database, { workspace, channel });
  const foreign =
    visit.person === null && (visit.profile?.guest === true || visit.profile?.stranger === true);
  if (foreign && (link === null || (named !== null && named !== link.schedule))) {
    const answer = schedulesMessage({
      said: 'I do not know you. As a guest you can ask for the schedule of a channel that is tied to one.',
      ...{ schedules: [], more: false },
    });
    return { ok: false, answer };
  }
  const id = named ?? link?.schedule ?? (await onlySchedule(visit));
  const schedule = id === null ? null : await findScheduleSummary(database, id);
  if (schedule !== null && schedule.retiredAt === null) return { ok: true, schedule };
  return { ok: false, answer: await listSchedules(visit, id) };
}

/** The roles of a schedule, the first one first. */
export async function rolesOf(queryable: Queryable, schedule: string): Promise<readonly string[]> {
  const detail = await findScheduleDetail(queryable, schedule);
  return (detail?.definition as { readonly roles?: readonly string[] } | undefined)?.roles ?? ['primary'];
}

/** The one schedule of the visitor's teams, or the one there is at all. */
async function onlySchedule({ desk, person }: Visit): Promise<string | null> {
  const { database } = desk.deps;
  const teams = person === null ? [] : (await teamsOfPerson(database, person)).map(({ id }) => id);
  const own = teams.length === 0 ? [] : await schedulesOfTeams(database, teams, 2);
  if (own.length === 1) return own[0]?.id ?? null;
  const all = await activeScheduleIds(database, 2);
  return all.length === 1 ? (all[0] ?? null) : null;
}

async function listSchedules({ desk }: Visit, missing: string | null): Promise<Message> {
  const found = await activeScheduleIds(desk.deps.database, SCHEDULES_LISTED + 1);
  const text =
    missing === null
      ? 'This channel is not tied to a schedule.'
      : `The schedule \`${missing}\` is not in use.`;
  return schedulesMessage({
    said: text,
    schedules: found.slice(0, SCHEDULES_LISTED),
    more: found.length > SCHEDULES_LISTED,
  });
}
