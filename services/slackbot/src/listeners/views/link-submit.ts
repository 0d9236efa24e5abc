import { linkChannel } from '@watchbill/commands';
import { LINK_VIEW, NO_GROUP } from '../../blocks/link-view.ts';
import { linked, whyUnfit } from '../answers/answer-link.ts';
import { fieldErrors } from '../desk/field-errors.ts';
import { said } from '../desk/refusals.ts';
import type { Submit } from '../desk/submission.ts';
import { stateOf } from '../desk/view-values.ts';
import { commandContext } from '../desk/visit.ts';
import { LINK_TITLE } from '../forms/link-form.ts';

/** Keeps what a channel is tied to and shows. */
export const linkSubmit: Submit = {
  callback: LINK_VIEW,
  work: async (visit, fields, view) => {
    const channel = String(stateOf(view).channel ?? '');
    const unfit = await whyUnfit(visit, channel);
    if (unfit !== null) return { title: LINK_TITLE, answer: said(unfit) };
    const shown = fields.options('shown');
    const group = fields.option('group');
    const settings = {
      shiftPosts: shown.includes('shiftPosts'),
      pages: shown.includes('pages'),
      topic: shown.includes('topic'),
      // Without the menu nothing is known of it, and it stays as it is.
      ...(group === null ? {} : { userGroup: group === NO_GROUP ? null : group }),
    };
    const { workspace } = visit;
    const input = { workspace, channel, schedule: fields.option('schedule') ?? '', settings };
    const result = await linkChannel(commandContext(visit), input);
    if (result.ok) return { title: LINK_TITLE, answer: linked(result.value) };
    return fieldErrors(result.error, { userGroup: 'group' }, 'schedule');
  },
};
