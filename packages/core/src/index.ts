export type { Made, Problem } from './problem.ts';
export * from './schedule/schedule.ts';
export * from './time/interval.ts';
export * from './timeline/timeline.ts';
