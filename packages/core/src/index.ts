export * from './people/person.ts';
export type { Made, Problem } from './problem.ts';
export * from './schedule/draft.ts';
export { nearest } from './schedule/check.ts';
export { DAY_NAMES, DAY_NUMBERS } from './schedule/hours-draft.ts';
export { LIMITS } from './schedule/limits.ts';
export { makeSchedule, type ScheduleContext } from './schedule/make-schedule.ts';
export * from './schedule/schedule.ts';
export * from './time/civil.ts';
export * from './time/format.ts';
export * from './time/interval.ts';
export {
  FIRST_INSTANT,
  isZone,
  knownZones,
  LAST_INSTANT,
  offsetAt,
  type Pass,
  type Transition,
  toUtc,
  toWall,
  transitions,
} from './time/zone.ts';
export * from './timeline/timeline.ts';
