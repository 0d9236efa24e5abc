import { openForm } from '../desk/open-form.ts';
import type { Press } from '../desk/press.ts';
import { REMINDERS_TITLE, remindersForm } from '../forms/reminders-form.ts';

/** Opens the form of what the bot writes to somebody by itself. */
export const homeReminders: Press = {
  id: 'home_reminders',
  answer: (visit) => openForm(visit, { title: REMINDERS_TITLE, fill: () => remindersForm(visit) }),
};
