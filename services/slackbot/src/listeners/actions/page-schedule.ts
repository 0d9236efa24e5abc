import type { Severity } from '@watchbill/core';
import { PAGE_SCHEDULE } from '../../blocks/page-view.ts';
import { fillView } from '../desk/open-form.ts';
import type { AnybodysPress } from '../desk/press.ts';
import { filled, stateOf } from '../desk/view-values.ts';
import { PAGE_TITLE, pageForm } from '../forms/page-form.ts';

/** Says who would be paged in the schedule that was picked. */
export const pageSchedule: AnybodysPress = {
  id: PAGE_SCHEDULE,
  answer: async (visit, { value: schedule, view }) => {
    if (view === null || view === undefined) return null;
    const fields = filled(view.state.values);
    const { link } = stateOf(view);
    const severity = (fields.option('severity') ?? 'critical') as Severity;
    const wish = {
      schedule,
      summary: fields.text('summary'),
      severity,
      link: typeof link === 'string' ? link : null,
    };
    await fillView(visit, view.id, { title: PAGE_TITLE, fill: () => pageForm(visit, wish) });
    return null;
  },
};
