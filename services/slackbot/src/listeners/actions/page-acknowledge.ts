import { actOnPage } from '../answers/answer-page-act.ts';
import type { Press } from '../desk/press.ts';

/** Somebody takes care of a page. */
export const pageAcknowledge: Press = {
  id: 'page_acknowledge',
  changes: true,
  answer: (visit, { value: page }) => actOnPage(visit, { verb: 'ack', page }),
};
