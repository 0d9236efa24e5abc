import { ABSENCE_TITLE } from '../answers/answer-off.ts';
import { openForm } from '../desk/open-form.ts';
import type { Press } from '../desk/press.ts';
import { absenceForm } from '../forms/absence-form.ts';

/** Opens the form of an absence. */
export const homeAbsence: Press = {
  id: 'home_absence',
  answer: (visit) =>
    openForm(visit, {
      title: ABSENCE_TITLE,
      fill: async () => absenceForm(visit, { span: null, reason: '' }),
    }),
};
