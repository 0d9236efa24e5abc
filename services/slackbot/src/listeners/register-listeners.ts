import type { App } from '@slack/bolt';
import type { SlackDeps } from '../slack-deps.ts';
import { changeAgain } from './actions/change-again.ts';
import { homeAbsence } from './actions/home-absence.ts';
import { homeCancelAbsence } from './actions/home-cancel-absence.ts';
import { homeConnect } from './actions/home-connect.ts';
import { homeHours } from './actions/home-hours.ts';
import { homePage } from './actions/home-page.ts';
import { homeRefresh } from './actions/home-refresh.ts';
import { homeReminders } from './actions/home-reminders.ts';
import { linkSettings } from './actions/link-settings.ts';
import { overrideAgain } from './actions/override-again.ts';
import { pageAcknowledge } from './actions/page-acknowledge.ts';
import { pageEscalate } from './actions/page-escalate.ts';
import { pageResolve } from './actions/page-resolve.ts';
import { pageSchedule } from './actions/page-schedule.ts';
import { pageSnooze } from './actions/page-snooze.ts';
import { shiftCover } from './actions/shift-cover.ts';
import { shiftSwap } from './actions/shift-swap.ts';
import { swapAccept } from './actions/swap-accept.ts';
import { swapApprove } from './actions/swap-approve.ts';
import { swapCancel } from './actions/swap-cancel.ts';
import { swapDecline } from './actions/swap-decline.ts';
import { swapOfferAccept } from './actions/swap-offer-accept.ts';
import { swapOfferDecline } from './actions/swap-offer-decline.ts';
import { swapPart } from './actions/swap-part.ts';
import { swapRefuse } from './actions/swap-refuse.ts';
import { takeOverPress } from './actions/take-over.ts';
import { listenToOncall } from './commands/oncall.ts';
import { type AnybodysPress, listenToAnybody, listenToPresses, type Press } from './desk/press.ts';
import { openProfiles } from './desk/profiles.ts';
import { listenToSubmissions, type Submit } from './desk/submission.ts';
import { listenToUnknown } from './desk/unknown.ts';
import type { Desk } from './desk/visit.ts';
import { listenToHome } from './events/app-home-opened.ts';
import { listenToPageShortcut, PAGE_SHORTCUT } from './shortcuts/page-on-call.ts';
import { absenceSubmit } from './views/absence-submit.ts';
import { changeSubmit } from './views/change-submit.ts';
import { hoursSubmit } from './views/hours-submit.ts';
import { linkSubmit } from './views/link-submit.ts';
import { overrideSubmit } from './views/override-submit.ts';
import { pageSubmit } from './views/page-submit.ts';
import { partSubmit } from './views/part-submit.ts';
import { remindersSubmit } from './views/reminders-submit.ts';
import { snoozeSubmit } from './views/snooze-submit.ts';

const PRESSES: readonly Press[] = [
  ...[
    swapAccept,
    swapDecline,
    swapPart,
    swapApprove,
    swapRefuse,
    swapCancel,
    swapOfferAccept,
    swapOfferDecline,
  ],
  ...[pageAcknowledge, pageEscalate, pageResolve, pageSnooze],
  ...[shiftCover, shiftSwap, ...changeAgain, ...overrideAgain, takeOverPress, linkSettings],
  ...[homeHours, homeReminders, homeAbsence, homeCancelAbsence, homePage, homeRefresh],
];

const FOR_ANYBODY: readonly AnybodysPress[] = [homeConnect, pageSchedule];

const SUBMITS: readonly Submit[] = [
  ...[
    changeSubmit,
    partSubmit,
    overrideSubmit,
    absenceSubmit,
    pageSubmit,
    snoozeSubmit,
    linkSubmit,
    hoursSubmit,
    remindersSubmit,
  ],
];

/** Puts every listener on the app. */
export function registerListeners(app: App, deps: SlackDeps): void {
  const desk: Desk = { deps, profiles: openProfiles(), homes: new Set() };
  listenToOncall(app, desk);
  listenToPresses(app, desk, PRESSES);
  for (const press of FOR_ANYBODY) listenToAnybody(app, desk, press);
  listenToSubmissions(app, desk, SUBMITS);
  listenToPageShortcut(app, desk);
  listenToHome(app, desk);
  listenToUnknown(app, desk, {
    actions: [...PRESSES, ...FOR_ANYBODY].map(({ id }) => id),
    submissions: SUBMITS.map(({ callback }) => callback),
    shortcuts: [PAGE_SHORTCUT],
  });
  app.error(async (error) => {
    deps.logger.error({ err: error }, 'a request from Slack failed');
  });
}
