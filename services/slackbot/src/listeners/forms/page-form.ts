import type { ModalView } from '@slack/types';
import type { Severity } from '@watchbill/core';
import { activeScheduleIds, findScheduleSummary } from '@watchbill/database';
import { section } from '../../blocks/elements.ts';
import { pageView, SUMMARY_LIMIT } from '../../blocks/page-view.ts';
import { mention } from '../../blocks/people.ts';
import { clip, escapeText, listed } from '../../blocks/text.ts';
import { MENU_OPTIONS, outcomeView } from '../../blocks/view-elements.ts';
import { loadPeople } from '../../render/load-people.ts';
import type { Visit } from '../desk/visit.ts';
import { rolesAt } from '../reads/roles-at.ts';

export const PAGE_TITLE = 'Page the on-call';
const SHOWN_PEOPLE = 5;

export interface PageWish {
  readonly schedule: string | null;
  readonly summary: string;
  readonly severity: Severity;
  readonly link: string | null;
}

/** The modal that asks once more before somebody is paged; it says who that would be. */
export async function pageForm(visit: Visit, wish: PageWish): Promise<ModalView> {
  const { database } = visit.desk.deps;
  const all = await activeScheduleIds(database, MENU_OPTIONS);
  const { schedule } = wish;
  if (all.length === 0) {
    return outcomeView(PAGE_TITLE, [section('There are no schedules yet, so nobody can be paged.')]);
  }
  const schedules =
    schedule === null || all.includes(schedule) ? all : [schedule, ...all.slice(0, MENU_OPTIONS - 1)];
  return pageView({
    schedules,
    schedule,
    told: schedule === null ? null : await whoIsTold(visit, schedule),
    summary: clip(wish.summary, SUMMARY_LIMIT),
    severity: wish.severity,
    link: wish.link,
  });
}

async function whoIsTold({ desk, now, workspace }: Visit, id: string): Promise<string> {
  const { database } = desk.deps;
  const schedule = await findScheduleSummary(database, id);
  if (schedule === null) return 'nobody: there is no such schedule any more';
  const roles = await rolesAt(database, schedule, now);
  const first = roles.find(({ people }) => people.length > 0);
  if (first === undefined)
    return `*nobody is on call for ${escapeText(id)}* now; its escalation policy says who is told instead`;
  const standing = first.people.slice(0, SHOWN_PEOPLE).map(({ person }) => person);
  const people = await loadPeople(database, workspace, standing);
  return `${listed(standing.map((person) => mention(people, person)))} (${escapeText(first.role)} of ${escapeText(id)}), and others after them if they do not answer`;
}
