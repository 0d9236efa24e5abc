import type { AddRoutes } from '../context.ts';
import { addAbsenceRoutes } from './absences.ts';
import { addFeedAdminRoutes, addTokenRoutes } from './access.ts';
import { addConfigurationRoutes } from './configuration.ts';
import { addDeliveryRoutes, addEndpointReadRoutes, addEndpointRoutes } from './endpoints.ts';
import { addEventRoutes } from './events.ts';
import { addFairnessRoutes } from './fairness.ts';
import { addFeedRoutes } from './feed.ts';
import { addOnCallRoutes } from './on-call.ts';
import { addOperationRoutes } from './operation.ts';
import { addOverrideRoutes } from './overrides.ts';
import { addPeopleRoutes, addPersonShiftRoutes } from './people.ts';
import { addPlanRoutes, addPlanWriteRoutes } from './plans.ts';
import { addScheduleRoutes, addScheduleWriteRoutes, addTimelineRoutes } from './schedules.ts';

/** All routes, in the order in which the OpenAPI document lists them. */
export const ROUTES: readonly AddRoutes[] = [
  addOnCallRoutes,
  addScheduleRoutes,
  addScheduleWriteRoutes,
  addTimelineRoutes,
  addOverrideRoutes,
  addPlanRoutes,
  addPlanWriteRoutes,
  addFairnessRoutes,
  addConfigurationRoutes,
  addPeopleRoutes,
  addAbsenceRoutes,
  addPersonShiftRoutes,
  addEndpointRoutes,
  addEndpointReadRoutes,
  addDeliveryRoutes,
  addEventRoutes,
  addTokenRoutes,
  addFeedAdminRoutes,
  addFeedRoutes,
  addOperationRoutes,
];
