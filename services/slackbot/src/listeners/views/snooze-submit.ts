import { MINUTE_MS } from '@watchbill/core';
import { SNOOZE_VIEW } from '../../blocks/snooze-view.ts';
import { actOnPage } from '../answers/answer-page-act.ts';
import type { Submit } from '../desk/submission.ts';
import { stateOf } from '../desk/view-values.ts';

/** Leaves a page alone for a while. */
export const snoozeSubmit: Submit = {
  callback: SNOOZE_VIEW,
  changes: true,
  work: async (visit, fields, view) => {
    const minutes = Number(fields.option('minutes') ?? 0);
    if (!Number.isInteger(minutes) || minutes <= 0) return { errors: { minutes: 'Say for how long.' } };
    const page = String(stateOf(view).page ?? '');
    const until = visit.realNow + minutes * MINUTE_MS;
    return { title: 'Snooze', answer: await actOnPage(visit, { verb: 'snooze', page, until }) };
  },
};
