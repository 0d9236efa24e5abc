import type { AddRoutes } from '../context.ts';
import { addAbsenceRoutes, addAbsenceWriteRoutes } from './absences.ts';
import { addFeedAdminRoutes, addTokenRoutes } from './access.ts';
import { addAccountRoutes, addInvitationRoutes } from './accounts.ts';
import { addAuditRoutes } from './audit.ts';
import { addCheckRoutes } from './check.ts';
import { addConfigurationRoutes } from './configuration.ts';
import { addContactCodeRoutes, addContactRoutes, addNotificationRuleRoutes } from './contact.ts';
import { addDeliveryRoutes, addEndpointReadRoutes, addEndpointRoutes } from './endpoints.ts';
import { addEscalationPolicyRoutes } from './escalation-policies.ts';
import { addEventRoutes } from './events.ts';
import { addFactSheetPageRoutes } from './fact-sheet-link.ts';
import { addFactSheetLinkRoutes, addFactSheetRoutes } from './fact-sheets.ts';
import { addFairnessRoutes } from './fairness.ts';
import { addFeedRoutes } from './feed.ts';
import { addHeartbeatRoutes } from './heartbeats.ts';
import { addIntakeRoutes } from './intakes.ts';
import { addLiveRoutes } from './live.ts';
import { addOnCallRoutes } from './on-call.ts';
import { addOperationRoutes } from './operation.ts';
import { addOverrideRoutes } from './overrides.ts';
import { addPageLinkRoutes } from './page-link.ts';
import { addPageActRoutes, addPageRoutes } from './pages.ts';
import { addPeopleRoutes, addPersonShiftRoutes } from './people.ts';
import { addPlanJobRoutes } from './plan-jobs.ts';
import { addPlanRoutes, addPlanWriteRoutes } from './plans.ts';
import { addProviderSignInRoutes } from './provider-sign-in.ts';
import {
  addMirrorReadRoutes,
  addMirrorRoutes,
  addProviderReadRoutes,
  addProviderRoutes,
} from './providers.ts';
import { addScheduleRoutes, addScheduleWriteRoutes, addTimelineRoutes } from './schedules.ts';
import { addSignInRoutes } from './sign-in.ts';
import { addSlackRoutes } from './slack.ts';
import {
  addCandidateRoutes,
  addSwapAnswerRoutes,
  addSwapEndRoutes,
  addSwapOfferRoutes,
  addSwapRoutes,
  addTakeRoutes,
} from './swaps.ts';
import { addTwilioRoutes } from './twilio.ts';

/** All routes, in the order in which the OpenAPI document lists them. */
export const ROUTES: readonly AddRoutes[] = [
  addOnCallRoutes,
  addScheduleRoutes,
  addScheduleWriteRoutes,
  addTimelineRoutes,
  addOverrideRoutes,
  addSwapRoutes,
  addSwapAnswerRoutes,
  addSwapOfferRoutes,
  addSwapEndRoutes,
  addTakeRoutes,
  addCandidateRoutes,
  addPlanRoutes,
  addPlanJobRoutes,
  addPlanWriteRoutes,
  addFairnessRoutes,
  addFactSheetRoutes,
  addFactSheetLinkRoutes,
  addFactSheetPageRoutes,
  addCheckRoutes,
  addConfigurationRoutes,
  addEscalationPolicyRoutes,
  addPeopleRoutes,
  addAbsenceRoutes,
  addAbsenceWriteRoutes,
  addPersonShiftRoutes,
  addContactRoutes,
  addContactCodeRoutes,
  addNotificationRuleRoutes,
  addPageLinkRoutes,
  addTwilioRoutes,
  addSlackRoutes,
  addPageRoutes,
  addPageActRoutes,
  addIntakeRoutes,
  addHeartbeatRoutes,
  addEndpointRoutes,
  addEndpointReadRoutes,
  addDeliveryRoutes,
  addProviderRoutes,
  addProviderReadRoutes,
  addMirrorRoutes,
  addMirrorReadRoutes,
  addEventRoutes,
  addLiveRoutes,
  addSignInRoutes,
  addProviderSignInRoutes,
  addAccountRoutes,
  addInvitationRoutes,
  addTokenRoutes,
  addFeedAdminRoutes,
  addFeedRoutes,
  addAuditRoutes,
  addOperationRoutes,
];
