import { DAY_MS, dayOfWall, type Instant, toUtc, toWall } from '@watchbill/core';
import { gapsWithin, type ScheduleSummaryRow, shiftsWithin } from '@watchbill/database';
import type { Message } from '../../blocks/elements.ts';
import { upcomingMessage, whoMessage } from '../../blocks/who-blocks.ts';
import { loadPeople } from '../../render/load-people.ts';
import type { OncallWish } from '../../words/oncall-wish.ts';
import type { TimeNote } from '../../words/time-reading.ts';
import type { Visit } from '../desk/visit.ts';
import { rolesAt } from '../reads/roles-at.ts';
import { meantSchedule } from '../reads/schedules.ts';

type WhoWish = Extract<OncallWish, { readonly do: 'who' }>;
type ScheduleWish = Extract<OncallWish, { readonly do: 'schedule' }>;

const USUAL_DAYS = 7;
const SHIFTS_SHOWN = 60;
const SHIFTS_READ = 1_000;

/** Who is on call now, or at another time; a day alone is answered with all of its shifts. */
export async function answerWho(visit: Visit, wish: WhoWish): Promise<Message> {
  const meant = await meantSchedule(visit, wish.schedule);
  if (!meant.ok) return meant.answer;
  const { schedule } = meant;
  const { at } = wish;
  if (at?.named === 'day') {
    const end = toUtc((dayOfWall(toWall(at.at, at.zone)) + 1) * DAY_MS, at.zone, 'first');
    return upcoming(visit, schedule, { from: at.at, to: end, notes: at.notes });
  }
  const roles = await rolesAt(visit.desk.deps.database, schedule, at?.at ?? visit.now);
  const named = roles.flatMap(({ people, next }) => [...people, ...next].map(({ person }) => person));
  const people = await loadPeople(visit.desk.deps.database, visit.workspace, named);
  return whoMessage({
    ...{ schedule: schedule.id, zone: schedule.timeZone, at: at?.at ?? null },
    ...{ roles, people, notes: at?.notes ?? [] },
  });
}

/** The shifts of the next days, gaps first. */
export async function answerSchedule(visit: Visit, wish: ScheduleWish): Promise<Message> {
  const meant = await meantSchedule(visit, wish.schedule);
  if (!meant.ok) return meant.answer;
  const { timeZone } = meant.schedule;
  const day = dayOfWall(toWall(visit.now, timeZone)) + (wish.days ?? USUAL_DAYS);
  const to = toUtc(day * DAY_MS, timeZone, 'first');
  return upcoming(visit, meant.schedule, { from: visit.now, to, notes: [] });
}

async function upcoming(
  { desk, workspace }: Visit,
  { id, timeZone }: ScheduleSummaryRow,
  window: { readonly from: Instant; readonly to: Instant; readonly notes: readonly TimeNote[] },
): Promise<Message> {
  const { database } = desk.deps;
  const { from, to } = window;
  const [rows, gaps] = await Promise.all([
    shiftsWithin(database, { schedule: id, from, to, limit: SHIFTS_READ }),
    gapsWithin(database, { schedule: id, from, to }),
  ]);
  const shown = rows.slice(0, SHIFTS_SHOWN);
  const people = await loadPeople(
    database,
    workspace,
    shown.map(({ person }) => person),
  );
  return upcomingMessage({
    ...{ schedule: id, zone: timeZone, ...window, people, more: rows.length - shown.length },
    shifts: shown.map(({ role, person, startsAt, endsAt }) => ({
      role,
      person,
      start: startsAt,
      end: endsAt,
    })),
    gaps: gaps.map(({ role, startsAt, endsAt }) => ({ role, person: null, start: startsAt, end: endsAt })),
  });
}
