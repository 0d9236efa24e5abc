import { openForm } from '../desk/open-form.ts';
import type { Press } from '../desk/press.ts';
import { said } from '../desk/refusals.ts';
import { LINK_TITLE, linkForm } from '../forms/link-form.ts';

/** Opens the settings of the channel in which the button stands. */
export const linkSettings: Press = {
  id: 'link_settings',
  answer: async (visit, { value: schedule }) => {
    const { channel } = visit;
    if (channel === null) return said('Type `/oncall link` in the channel.');
    return openForm(visit, { title: LINK_TITLE, fill: () => linkForm(visit, { channel, schedule }) });
  },
};
