import { triggerPage } from '@watchbill/commands';
import type { Severity } from '@watchbill/core';
import { message } from '../../blocks/elements.ts';
import { PAGE_VIEW } from '../../blocks/page-view.ts';
import { escapeText } from '../../blocks/text.ts';
import { fieldErrors } from '../desk/field-errors.ts';
import { said, strangerText } from '../desk/refusals.ts';
import type { Submit } from '../desk/submission.ts';
import { stateOf } from '../desk/view-values.ts';
import { mayPage, pagerContext } from '../desk/visit.ts';
import { PAGE_TITLE } from '../forms/page-form.ts';

/** Pages whoever is on call. */
export const pageSubmit: Submit = {
  callback: PAGE_VIEW,
  changes: true,
  workForAll: async (visit, fields, view) => {
    if (!mayPage(visit)) return { title: PAGE_TITLE, answer: said(strangerText(visit)) };
    const summary = fields.text('summary');
    if (summary === '') return { errors: { summary: 'Say what is wrong.' } };
    const schedule = fields.option('schedule') ?? '';
    const { link } = stateOf(view);
    const result = await triggerPage(pagerContext(visit), {
      ...{ schedule, summary, source: `Slack, ${visit.name}` },
      severity: (fields.option('severity') ?? 'critical') as Severity,
      links: typeof link === 'string' ? [{ href: link, text: 'The message in Slack' }] : [],
    });
    if (!result.ok) {
      return fieldErrors(
        result.error,
        { summary: 'summary', severity: 'severity', schedule: 'schedule' },
        'schedule',
      );
    }
    const { number, outcome } = result.value;
    const text =
      outcome === 'folded'
        ? `Many pages came at once: yours is counted in page ${number}, which is being called already.`
        : `Page ${number} calls the on-call of ${escapeText(schedule)} now. \`/oncall escalate ${number}\` calls the next ones.`;
    return { title: PAGE_TITLE, answer: message(text) };
  },
};
