import { actOnPage } from '../answers/answer-page-act.ts';
import type { Press } from '../desk/press.ts';

/** Calls the next ones at once. */
export const pageEscalate: Press = {
  id: 'page_escalate',
  changes: true,
  answer: (visit, { value: page }) => actOnPage(visit, { verb: 'escalate', page }),
};
