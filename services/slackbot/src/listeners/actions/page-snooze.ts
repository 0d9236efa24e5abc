import { readPage } from '@watchbill/database';
import { section } from '../../blocks/elements.ts';
import { snoozeView } from '../../blocks/snooze-view.ts';
import { outcomeView } from '../../blocks/view-elements.ts';
import { openForm } from '../desk/open-form.ts';
import type { Press } from '../desk/press.ts';

/** Asks for how long a page is to be left alone. */
export const pageSnooze: Press = {
  id: 'page_snooze',
  answer: (visit, { value }) =>
    openForm(visit, {
      title: 'Snooze',
      fill: async () => {
        const page = await readPage(visit.desk.deps.database, value);
        if (page === null) return outcomeView('Snooze', [section('That page is not there any more.')]);
        if (page.place.state === 'resolved') {
          return outcomeView('Snooze', [
            section(`Page ${page.number} is resolved already. Nothing is left to do.`),
          ]);
        }
        return snoozeView(page);
      },
    }),
};
