export type { Made, Problem } from './problem.ts';
export * from './schedule/draft.ts';
export { LIMITS } from './schedule/limits.ts';
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
