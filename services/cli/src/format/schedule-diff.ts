import type { Interval, PersonSummary, Schedule, ShiftChange } from '@watchbill/core';

/** What changes in one schedule. */
export interface ScheduleDiff {
  readonly schedule: Schedule;
  readonly window: Interval;
  readonly people: readonly PersonSummary[];
  readonly changes: readonly ShiftChange[];
}

/** Whether a person's shifts differ in anything that is counted. */
export function isChanged({ change }: PersonSummary): boolean {
  return change.shifts !== 0 || change.nights !== 0 || change.weekendShifts !== 0 || change.hours !== 0;
}
