import { OVERRIDE_SCHEDULE } from '../../blocks/override-view.ts';
import { fillView } from '../desk/open-form.ts';
import type { Press } from '../desk/press.ts';
import { filled } from '../desk/view-values.ts';
import { OVERRIDE_TITLE, overrideForm } from '../forms/override-form.ts';

/** Offers the roles and people of the schedule that was picked. */
export const overrideSchedule: Press = {
  id: OVERRIDE_SCHEDULE,
  answer: async (visit, { value: schedule, view }) => {
    if (view === null || view === undefined) return null;
    const fields = filled(view.state.values);
    const kept = { start: fields.moment('from'), end: fields.moment('until'), reason: fields.text('reason') };
    const wish = { schedule, role: null, person: null, replaces: null, ...kept };
    await fillView(visit, view.id, { title: OVERRIDE_TITLE, fill: () => overrideForm(visit, wish) });
    return null;
  },
};
