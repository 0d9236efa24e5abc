export { personDraftOf, scheduleDraftOf, teamDraftOf } from './build/drafts.ts';
export { parseDuration } from './build/escalation.ts';
export type { Config } from './build/make-config.ts';
export type { ConfigError, PathStep } from './config-error.ts';
export { escapeText, formatErrors, formatPath } from './config-error.ts';
export type { Years } from './holidays.ts';
export {
  DEFAULT_HOLIDAY_YEARS,
  HOLIDAY_SOURCE,
  holidayCalendar,
  holidayName,
  MAX_HOLIDAY_YEARS,
} from './holidays.ts';
export { jsonSchema } from './json-schema.ts';
export * from './limits.ts';
export type { ConfigModel } from './model/config-schema.ts';
export { configSchema } from './model/config-schema.ts';
export type { EscalationPolicyModel, TargetModel } from './model/escalation-schema.ts';
export type { PersonModel, TeamModel } from './model/person-schema.ts';
export type { OverrideModel, RotationModel, ScheduleModel } from './model/schedule-schema.ts';
export type { ParseOptions, ParseResult } from './parse-config.ts';
export { buildConfig, parseConfig } from './parse-config.ts';
export { KEY_ORDER, printConfig } from './print-config.ts';
