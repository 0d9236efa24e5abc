import { openForm } from '../desk/open-form.ts';
import type { Press } from '../desk/press.ts';
import { PAGE_TITLE, pageForm } from '../forms/page-form.ts';
import { meantSchedule } from '../reads/schedules.ts';

/** Opens the form in which somebody is paged. */
export const homePage: Press = {
  id: 'home_page',
  answer: (visit) =>
    openForm(visit, {
      title: PAGE_TITLE,
      fill: async () => {
        const meant = await meantSchedule(visit, null);
        const schedule = meant.ok ? meant.schedule.id : null;
        return pageForm(visit, { schedule, summary: '', severity: 'critical', link: null });
      },
    }),
};
