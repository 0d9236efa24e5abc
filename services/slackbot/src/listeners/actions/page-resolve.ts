import { actOnPage } from '../answers/answer-page-act.ts';
import type { Press } from '../desk/press.ts';

/** Ends a page. */
export const pageResolve: Press = {
  id: 'page_resolve',
  changes: true,
  answer: (visit, { value: page }) => actOnPage(visit, { verb: 'resolve', page }),
};
