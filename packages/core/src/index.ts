export * from './people/person.ts';
export type { Made, Problem } from './problem.ts';
export { nearest } from './schedule/check.ts';
export * from './schedule/draft.ts';
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
export { MAX_NEXT_MS, MAX_REACH_MS, nextOnCall, type OnCall, onCallAt, wholeShifts } from './timeline/at.ts';
export { applyChanges, diffTimelines, sameShifts } from './timeline/diff.ts';
export { DEFAULT_HANDOFFS, type HandoffQuery, handoffs, MAX_HANDOFFS } from './timeline/handoffs.ts';
export { hoursIn } from './timeline/hours.ts';
export * from './timeline/json.ts';
export { withPlan } from './timeline/planned-turns.ts';
export { compareShifts, resolveTimeline } from './timeline/resolve.ts';
export * from './timeline/summary.ts';
export * from './timeline/timeline.ts';
export { MAX_TURNS, type Turn, turnsIn } from './timeline/turns.ts';
