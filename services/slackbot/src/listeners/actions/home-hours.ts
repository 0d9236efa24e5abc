import { openForm } from '../desk/open-form.ts';
import type { Press } from '../desk/press.ts';
import { HOURS_TITLE, hoursForm } from '../forms/hours-form.ts';

/** Opens the form of one's own zone and working hours. */
export const homeHours: Press = {
  id: 'home_hours',
  answer: (visit) => openForm(visit, { title: HOURS_TITLE, fill: () => hoursForm(visit) }),
};
