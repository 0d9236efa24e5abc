import type { Message } from '../../blocks/elements.ts';
import type { OncallWish } from '../../words/oncall-wish.ts';
import { openForm } from '../desk/open-form.ts';
import { said, strangerText } from '../desk/refusals.ts';
import { mayPage, type Visit } from '../desk/visit.ts';
import { PAGE_TITLE, pageForm } from '../forms/page-form.ts';
import { meantSchedule } from '../reads/schedules.ts';

type PageWish = Extract<OncallWish, { readonly do: 'page' }>;

/** Asks once more before somebody is paged, with what was said filled in. */
export async function answerPage(visit: Visit, wish: PageWish): Promise<Message | null> {
  if (!mayPage(visit)) return said(strangerText(visit));
  return openForm(visit, {
    title: PAGE_TITLE,
    fill: async () => {
      const meant = await meantSchedule(visit, wish.schedule);
      const schedule = meant.ok ? meant.schedule.id : null;
      return pageForm(visit, { schedule, summary: wish.message, severity: 'critical', link: null });
    },
  });
}
