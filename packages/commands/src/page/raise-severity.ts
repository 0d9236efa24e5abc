import { isMoreSevere, type Severity, triggerAgain, urgencyOf } from '@watchbill/core';
import {
  insertEvents,
  insertPageLog,
  lockPage,
  pageMoment,
  savePage,
  type Transaction,
  unfollowRoles,
} from '@watchbill/database';
import { pageEvent } from './page-events.ts';
import { storeAdvance } from './store-advance.ts';

/**
 * Makes an open page more severe. Where that makes it urgent it calls from the start, even if somebody has
 * acknowledged or snoozed the harmless one.
 */
export async function raiseSeverity(tx: Transaction, id: string, severity: Severity): Promise<void> {
  const page = await lockPage(tx, id);
  if (page === null || page.place.state === 'resolved' || !isMoreSevere(severity, page.severity)) return;
  const moment = await pageMoment(tx);
  const urgency = urgencyOf(severity);
  const raised = { ...page, severity, urgency, place: { ...page.place, severity } };
  const detail = { from: page.severity, to: severity };
  await insertPageLog(tx, id, [{ at: moment.now, kind: 'more_severe', detail }]);
  if (urgency === page.urgency) {
    await savePage(tx, raised);
    return;
  }
  await unfollowRoles(tx, id);
  const place = triggerAgain(raised.place, moment.now);
  const saved = await savePage(tx, { ...raised, place, acknowledged: null });
  const data = { reason: 'more_severe' as const };
  await insertEvents(tx, [pageEvent(saved, { type: 'page.retriggered', mark: saved.version, moment, data })]);
  await storeAdvance(tx, saved, { moment, actor: null });
}
